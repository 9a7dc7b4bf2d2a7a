"""The small words that each language is known by; the neighbours of the four are here lest they be taken for them."""

SMALL_WORDS = {
    "en": """
        a about after all also am an and any are as at be because been before being both but by can could
        dear did do does done each for from get give had has have he hello her here hi him his how i if in
        into is it its just know let like may me might more most much must my need no not now of off on once
        one only or other our out over own please received regarding regards send sent shall she should
        since so some still such than thank thanks that the their them then there these they this those
        through to today too under until up us very was we were what when where which while who why will
        with within without would yes yesterday yet you your yours invoice payment account month week new
        sincerely kind attached find transferred company name last money bank address copy amount confirm
        claim contract refund deposit tuesday monday friday letter wrong paid pay bill want work above again
        against ago already although always another answer answered anybody anyone anything aren't asked
        behalf behind best bought business busy call called calling came cannot cancel changed charge
        charged check cheque close closed colleague complaint confirmed copies correct couldn't court
        customer data day days deadline deal debit deducted delay delivered deliver despite didn't direct
        discount dispute document documents don't down due early either email enclosed end ended enough even
        ever every explain failed few file first following form forward found full further gave getting
        given go going good got haven't hearing held help hold how's however i'll i'm i've ignored instead
        issue issued item itself keep known late later leave left less line little locked look looking lost
        made make making many matter mean means meeting missing mistake moment morning mr mrs ms nobody note
        nothing notice number office old open order otherwise ours outstanding overdue pending people person
        phone placed portal possible problem promised proof provide purchase questions quick raised rather
        reach read reason receipt receive records reminder reply request require required resend responsible
        return returned review right said same says schedule sending settle settled several shipped short
        sign signed solicitor someone something soon sorry statement stop subject submitted supplier sure
        take taken tell term terminated thing think third though tomorrow took total transfer tried twice
        unable understand unless unpaid updated urgent urgently used using view wait waiting weeks went
        whether whole whom whose wish won't word works worth write writing wrote years yourself
    """,
    "fr": """
        à ai ainsi après as au aucun aucune aujourd aussi autre aux avant avec avez avons bien bonjour
        bonsoir c car ce ceci cela cette ces cet chez ci cordialement comme comment d dans de depuis dernier
        dernière des deux devons doit donc dont du elle elles en encore entre est et été être eu fait faire
        il ils j je jour jours jusque l la le les leur leurs lui madame mais me même merci mes moi mois mon
        monsieur n ne ni non nos notre nous nouveau nouvelle on ont ou où par pas pendant peut pour pourquoi
        pouvez pourriez plus près puis qu quand que quel quelle quelles qui quoi s sa sans se semaine ses si
        soit son sont sous sur ta tout toute toutes tous toujours très trop un une veuillez vers vos votre
        vous voici y était avait m facture paiement société demande données personnelles comptes virement
        chèque adresse copie montant contrat remboursement compte relevé lettre erreur payé règlement année
        mission souhaite souhaitons voudrais serait nom joint jointe suite attends dû réponse confirmer
        ancien donnée mensuel accord accuser afin agence ajouter alors annexe annuler appel appelé appeler
        appelez appliqué appliquée assez attendons attente aujourd'hui auprès aurait aussitôt avance avaient
        avis avocat avoir avril banque besoin bloqué bloquée bon bonne bons bureau bureaux cas celle
        cependant certain chaque choses client clients code combien commande commandes communiquer complet
        comptabilité comptable concernant confirme confirmez connaître conseil conteste contester contre
        coordonnées correspond corriger courriel courrier date débité débitée délai délais demandé demandée
        demander demandons dépôt dernières dès désormais détail devis devoir devrait dire dit dites document
        documents dossier droit durant également eté êtes échéance écris écrit écrire effectué effectuer
        email embauche enfin ensuite envoi envoie envoyé envoyée envoyer envoyez erreurs erroné espère etc
        étaient étant eux exemplaire exemplaires fausse faux façon fera fiche fin fois formulaire frais
        général grâce heure heures hier ici impayé impayée impossible indiquer informations intérêts jamais
        janvier février mars juin juillet août septembre octobre novembre décembre lequel ligne livraison
        livrée locaux loi lorsque lundi mardi mercredi jeudi vendredi samedi dimanche mai maintenant
        majoration malgré marché matin mauvaise mauvais meilleures messieurs mettre mieux mise moins
        montants moyen nombre nouveaux nouvelles numéro numéros obtenir oui paie paiements parce part partie
        parler partir patience payer payez personne pièce pièces plainte pouvoir prélèvement prendre preuve
        prévu prie prier prions prix problème prochain prochaine procéder quant quelqu quelques question
        questions rappel rappeler rappelez raison rapidement réception recevoir reçu reçue refus régler
        réglé réglée relance remboursé rembourser remise remplir rendez renseignements répond répondre
        réponses résilier résiliation responsable reste retard retour salaire salutations sauf savoir sera
        serai seront serez service seulement siège signé signée signer situation sociale somme sommes soyez
        suis suivant sujet surtout svp tant tard téléphone toutefois transmettre travail traite trouver
        trouvez valable valider veux veut vérifier vérifiez versement vient virements voilà voir vois vont
        voulais vraiment
    """,
    "de": """
        ab aber alle allem allen aller alles als also am an auch auf aus bei beim bereits bin bis bitte bzw
        da damit danke dann das dass dem den denn der des die dies diese diesem diesen dieser dieses doch
        durch ein eine einem einen einer eines er es etwas euch für freundlichen gegen gerne gibt grüße
        grüßen gruß guten haben habe hat hatte hatten hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im
        in ins ist ja jedoch kann kein keine keinen können könnten konnte leider mehr mein meine meinem
        meinen meiner mich mir mit möchte möchten müssen muss nach nicht noch nun nur ob oder ohne rechnung
        sehr sein seine seit sich sie sind so sobald soll sollte sowie tag über um und uns unser unsere
        unserem unseren unserer unter viele vielen vom von vor wann war waren warum was wegen weil wenn
        werden werde wie wieder wird wir wo wurde wurden zu zum zur zwei zwischen zahlung wäre würde würden
        geehrte damen herren hallo monat woche firma geld überweisung konto adresse anschrift kopie betrag
        bestätigen vertrag brief fehler bezahlt bezahlen mail unterlagen antwort sagte schreiben mahnung
        anbei lieferung gesendet herr frau abrechnung absprache aktuell ändern angabe angaben angebot
        angebote anhang anhängend anliegend antworten antwortet antrag anwalt april arbeit art auftrag
        ausgeführt außerdem ausstehend bank bankdaten bankverbindung bearbeiten bearbeitung bedeutet beenden
        beendet beiden beide bekomme bekommen belastet beleg belege benötige benötigen bereit bescheid
        beschweren beschwerde bestätigung bestellt bestellung beste besten besuch betreff betrifft bezüglich
        bezug bisher bleibt brauche brauchen büro buchhaltung daher damals dankend daran darauf darum datei
        daten datum davon dazu demnächst denke deren dessen deutlich dienstag donnerstag doppelt drei
        dringend durchgeführt dürfen eben ebenfalls eingang eingegangen eingereicht einverstanden einzug
        email ende endlich erbitten erfolgt erhalte erhalten erledigt ersten erst erstattung erwarten etwa
        exemplar exemplare exemplaren falls falsch falsche falschen fällig fehlen fehlende fehlt finden
        formular frage fragen freigegeben freitag frist früh fünf gebühr gebühren geändert gegeben geht
        gehört gekündigt genau gerade gericht gern gesamt gesperrt gestern gleich grund grüsse gut
        gutschrift guthaben habt hätte hätten heute hiermit hin hinweis höhe holen immer indem informationen
        innerhalb inzwischen jahr jährlich januar februar märz mai juni juli august september oktober
        november dezember jede jeden jemand jetzt kam kaufvertrag keiner klage klären kollege kommen kommt
        konnten kosten kunde kunden kundennummer kündigen kündigung kurz lassen lastschrift laut letzte
        letzten letzter liebe lieber lief liegt lösen löschen machen mahnen mahngebühr mal man manche
        mandanten mandant mehrere mitarbeiter mitteilen mittwoch möglich möglichst monate monatsende montag
        morgen mögen nachfrage nachweis name namen nämlich neu neue neuen neuer nichts nie niemand nochmals
        nummer oben offen offene ordnung ort per person platz position problem prüfen prüfung rabatt rate
        raten ratenzahlung rechnungen rechnungsnummer recht reicht richtig rückerstattung rückfragen
        rückmeldung rückruf rufen sache sachen samstag schaden scheck schicken schnell schon schreibe
        schriftlich schulden seite selbst sende senden sicher siehe sofort sogar solche somit sondern sonst
        sonntag spät später statt stehen steht stelle stellen steuer storno stornieren stunden suche teil
        teilen telefon termin teuer trotz überprüfen überweisen überwiesen umgehend umgezogen umsatzsteuer
        unsre unten unterschreiben unterschrieben unterschrift ursprünglich verbleiben vereinbart
        vereinbarung verfügung vergangenen verhandlung vermutlich versand verschickt versucht verträge
        verzug vielleicht vielmals vier vorab vorgang vorgesetzten vorher warte warten weder weg weiter
        weitere weitergeleitet weiterhin welche welchen welcher welches wenig wer werktage wichtig
        widerspreche widersprechen widerspruch wirklich wissen wochen wohl wollen worden wünsche zahle
        zahlen zahlt zahlungen zahlungseingang zeit zinsen zuerst zuletzt zurück zusammen zusätzlich
        zusenden zuständig zwar zweite
    """,
    "es": """
        a además al algo algún ante antes aquí así aún aunque buenas buenos cada como cómo con cordial
        cordialmente cual cuál cuando cuándo de del desde días donde dónde dos durante e el él ella ellos en
        entre era es esa ese eso esta está están estar este esto estos estas estado estamos estoy fue ha
        haber había hace hacer han hasta hay he hemos hola hoy la las le les lo los más me mes mi mis mucho
        muchas muy nada ni no nos nosotros nuestra nuestras nuestro nuestros nueva nuevo o otra otro para
        pero por porque puede pueden podrían podría pueda que qué quien se sea según ser si sí sido sin
        sobre solo son su sus también tan tanto tenemos tengo tiene tienen todavía todo todos tras tu un una
        unas uno unos usted ustedes y ya yo gracias saludos estimado estimada estimados factura pago cuenta
        semana hablar quisiera quisiéramos ruego rogamos mañana importe contrato transferencia teléfono
        nombre cliente empresa pagar pagado dirección copia cantidad confirmen saldo banco respuesta correo
        adjunto adjunta mensaje sigo contra escribo soy alguien nadie ayer fecha recibido recibo necesito
        necesitamos espero esperamos podéis dinero cheque mensual plazos abogado abono acaba acceder acuerdo
        acuse adelante adjuntamos adjuntar adjuntas adjuntos ahora alguna algunos allí ambas ambos año años
        anterior apellidos aplicar aplicado aplicaron aquel archivo asunto atención atentamente atento aviso
        ayuda baja bajo bancaria bancario bancarios bien bloqueada bloqueado buen cambiado cambiar cambio
        cancelar cantidades cargo caso casos cerrar cierre cinco claro clientes cobrado cobrar cobro código
        comprobar confirmación confirmar conforme conmigo conocer consulta contestar contesta contabilidad
        corregir corresponde correos cosa creo creemos cualquier cuatro cuentas cuyo dado dame datos debe
        deben debemos debido debo deber decir deje dejen demanda demandar demasiado demora denegar dentro
        departamento derecho descuento desea deseo detalle devolución devolver devuelvan devuelven dice
        dicha dicho diciembre díganme dime disculpe disponible documento documentos doy efecto ejemplo email
        emitida empleado encuentra enero enviado enviar envíe envíen envío equivocado error escrito escribir
        espera esperando esperar española estará estés estuvo euros exigir existe extracto facturas falta
        faltan febrero fechas figura fin final firmado firmada firmar firmen forma formulario gerente
        gestión haciendo hacia hago haga hagan hecho hecha hicieron hijo hora horas importes impago impuesto
        incidencia incorrecta incorrecto indicar indique información informar interés ir jefe jueves juicio
        julio junio justificante lado largo legal legales ley libros línea llama llamar llámenme llegado
        llegar llegó llevar lleva llega luego lugar lunes mal mala manda mandar manden mandan manera martes
        marzo mayo mayor medio mejor menos meses mía miércoles mientras mismo misma momento motivo mudamos
        necesita necesitan nombres nómina normal noticias novedad novedades noviembre nuevas nuevos número
        números nunca obra octubre oficina ofrece ordenar pagada pagados pagamos pagaremos pagó pagos parece
        parte pasado pasada pedido pedidos pedimos pedir pendiente pendientes perdón permite persona
        personales pido pidieron piden plazo poco poder podido pone poner pongo porqué posible precio
        pregunta primera primero problema pronto propio propia próxima próximo proveedor prueba pude pudo
        puedes puedo quedo queda querer queremos quería quién quienes quiere quiero razón recargo recepción
        recibí recibida recibieron recibimos recibir reclamación reclamar reconozco reembolso referencia
        remite rescisión resolver resuelto respecto responder responda responsable resto retraso revisar
        revisen revisión sábado saber sabe salario seguimos seguir segundo seis señor señora señores
        septiembre servicio servicios siempre siento siete siguen siguiente sino sistema sociedad solicito
        solicitar solicitamos solicitud suma tal tampoco tarde tarjeta tema temas tener tenga tengan tenido
        tercera términos tienda tipo titular tomar total trabajo tramitar trámite transferencias tres última
        último últimos únicamente urgente utilizar va vale válido vamos van varias varios veces vencida
        vencido vencimiento ver verdad vez viene viernes vigente volver volvió vuelta
    """,
    # Not told apart, but known.
    "it": """
        a ad al alla alle anche ancora avete buongiorno che chi ci come con cordiali così cui da dal dalla
        degli dei del della delle di dopo dove e è ed fattura gli grazie ha hanno ho i il in io la le lo
        loro ma mi mia mio molto ne nei nel nella noi non nostra nostro o ogni per perché più pagamento può
        quando quanto quello questa questo quindi saluti se senza si sia sono stata stato su sua sul sulla
        suo un una vi vostra vostro vorrei abbiamo gentile società nome bonifico contratto conto importo
        copia indirizzo risposta mese banca messaggio allegato alcuni allora anni anno aspetto attendiamo
        attendo attesa aveva avvocato bisogno bloccato bollette buona buono caro chiedo ciao codice coi
        commissione confermare contatto contestiamo copie corretto cosa dai dati deve devo dice dobbiamo
        dovuto due egregi entro era erano errore esiste euro fa fare fatta fatto favore fine firmato giorni
        giorno già gennaio giugno luglio inviare inviarmi inviato invio ieri lavoro lettera lunedì mail
        mancato mandato mandare martedì meno miei modo nessuno niente numero nuovo nuova oggi ora ordine
        pagare pagato pagata parte piacere poi porgo posso potete potrebbe potreste presso prego prima
        problema prossima prossimo pure qualche quale quali quattro qui qualcuno questi richiesta ricevere
        ricevuta ricevuto richiami rimborsato rimborso risposto ritardo sarà sarò scadenza scorsa scorso
        scrivo secondo sempre sede sei settimana soldi solo sollecito sotto stati state stessa subito
        telefono tre tutti tutto tra troppo uno verificare viene voi vostri vostre volta volte zero
    """,
    "pt": """
        a à ainda ao aos as às até bom caro com como da das de depois do dos e é ela ele em entre era essa
        esse está estamos esta este eu fatura foi foram há isso isto já lhe mais mas me meu minha muito na
        não nas nem no nos nossa nosso num numa o obrigada obrigado olá os ou pagamento para pela pelo por
        porque pode quando que quem se sem ser seu são sua também tem temos tenho um uma vos você vocês
        cumprimentos prezados dia gostaria empresa transferência conta endereço cópia contrato resposta mês
        dinheiro morada valor banco mensagem anexo nome cliente abaixo agora agradeço aguardamos aguardo
        algum alguma ano anos antes aqui assim assinado atenciosamente atraso aviso boa boas cada caso
        cobrança conforme confirmar confirmem contactar correio cobrado dados data dela dele desde dever
        devem deve dias diferente direito disse dois duas efetuado encomenda enviar enviado envio envie erro
        espera estão estou estava eles faça falta favor fazer feita feito ficha fim forma gerais hoje início
        juros lhes ligar ligue liguem logo mesmo meses meus minhas momento muita muitas nada nenhum nossos
        nova novo número nunca onde ontem outra outro pagar pago paga parte pedido peço pedimos pelos pessoa
        podem podemos poderiam possível prazo preciso precisamos primeiro problema próxima próximo quais
        qual qualquer qualidade quanto quero receber recebemos recebi reclamação reembolso referente
        resolver responder saber segue seguem segundo sempre senhor senhora senhores será seria seus só
        somos sobre tarde telefone tenha ter tivemos toda todas todo todos trabalho três última último uns
        vamos vez vezes vossa vosso vossos
    """,
    "nl": """
        aan al alle als bij ben beste betaling dag dan dat de deze die dit door dus een en er factuur geen
        goed graag had hallo heb hebben heeft het hij hoe hun ik in is ja je kan kunnen kunt maar me met mij
        mijn moet na naar niet nog nu of om omdat ons onze ook op over per reeds sinds te tot u uit uw van
        vandaag vanaf veel voor vriendelijke waar wanneer was wat we weer werd wij wil willen wordt zal ze
        zijn zo zoals zou groet geachte bedankt alvast rekening bedrijf naam geld adres kopie bedrag
        contract antwoord maand bijgevoegd aantal aanvraag afspraak alleen altijd andere anders antwoorden
        bank bellen bent berekend betaald betalen betalingen bevestigen bijgaand bijlage binnen boete brief
        contact daar daarom dagen deel doen doet dubbel eerder eerste eind ergens even fout gaan gaat gebeld
        gebeurd gedaan gegevens gehad gehele gekregen geleden genoeg gestuurd getekende gisteren goedgekeurd
        goedemorgen goedemiddag groeten haar heren herinnering hierbij hoeveel incasso ingevuld jaar jullie
        jouw juist kennis klacht klant klanten klopt komen komt krijg krijgen krijgt kwijt laat laatste
        later laten leverancier leveren levering maandag maanden mail meer meneer mevrouw minder misschien
        moeten mogelijk morgen nakijken namens nemen niets nieuw nieuwe niemand nodig nooit nummer ofwel
        onder onlangs ontvangen ontvangst ontvangt opdracht openstaande opnieuw opzeggen opzegging
        overgemaakt overleg plaats probleem rekeningnummer rente reactie snel somber spoed steeds sturen
        stuur stuurt telefoon termijn terug terugbellen terugbetaling tijd toch toen totaal tussen twee
        uiterlijk uitstel vaak verder verkeerd verkeerde verschuldigd verzoek verzenden verzonden volgende
        volgens volledig vraag vragen vriendelijk vrijdag waarom wachten wacht week weken welke werk werken
        weten woensdag zaak zelf zien zodat zonder zullen zult
    """,
    # Swedish, Norwegian and Danish together.
    "sv": """
        af alla att av blev bli bara de dem den denna deres der det din dig du då efter ej eller en er era
        ett faktura fakturaen fakturan för fra från får før går god ha han har hei hej her hon hos hun hur
        hvad hva här i icke ifrån ikke inte jag jeg kan kunde lidt man med meget men mer mig min mycket
        måste når när nu nya och og också om oss over på sedan sig sin ska skal som så takk tack tak til
        till tilbake ud under upp ut var vara ved vi vid vil vill vår være å är även hälsningar mvh adresse
        aldrig alle allerede andre annan annet annen antal arbete avtal avtale avtalet banken belopp beløb
        beløp bekräfta bekreft bekræfte behöver behøver besked betala betalade betalas betale betales
        betaling betalt betalning betalningen bifogad bifogat bifogar bruk dag dagar dage dagen denne dere
        derfor dessa dine ditt dock eder efterskott eftersom endast enligt ert eran fakturor feil fel fick
        finns firma fikk fået flera forfalden förfallen fått få gang gange gick godkänt godkent godkjent
        gärna gør göra gøre gamle hade hadde havde hela hele hilsen hilsener hvorfor hvornår hvordan
        hälsning igen igjen inga ingen inget kanskje kommer kontakte kontakta kontot konto kopi kopia kr
        kunder kvar kære kjære køb lenge lige ligger länge mandag mange meddelande medan mellan mina mine
        mitt må måned månad måndag navn namn nogen noen nummer ny nye nytt ofta ok oppdrag oppdraget også
        order orden pengar pengarna penge pengene penger per person påminnelse purring rabat rabatt redan
        regning reklamasjon rente ring ringe ringa räkning rätt send sende sender sendt senest sidan siden
        sist sista skicka skickade skickat skulle skyldig snart spørsmål stadig svar svare sådan tilbage
        tilsvar torsdag tidlig trenger två to uge uke undertecknade undertecknat underskrevet uppdrag vad
        vagt varför venligst vennlig vennligst venter venlig vem verkar vecka veckan viktig vilken vänlig
        vänta väntar vänligen våra vårt vores ønsker över överens
    """,
    "ca": """
        a aquest aquesta aquestes aquests això al als amb any avui bé bon bona bones cal com compte compteu
        contracte cordialment correu dels dia diners dies divendres dijous dilluns dimarts dimecres doncs el
        els em en encara ens és estat factura factures fer ha han he hem heu hi ho jo la les li llibres meu
        meva més molt molta moltes nosaltres nostra nostre o on pagament pagar pel pels per perquè però plau
        podeu podrien podria quan quant que qui rebut resposta salutacions sense ser seu seva si signat són
        sobre també tinc tenim tot tots truqueu un una us va van vostè vostra vostre vostres gràcies avís
        abans fins segons setmana
    """,
    "pl": """
        aby ale bardzo bez być był była było czy dla do dzień dobry dzięki faktura faktury faktur fakturę go
        i ich jak jako jest jeszcze jestem już ktoś która które który ma mam mamy może na nad nam nas nasz
        nasze nie o od oraz po pod ponieważ pozdrawiam proszę przed przez przy się są ta tak także tej ten
        tego to tylko tym w we wczoraj więc z za ze został że żeby konto państwo pieniądze dziękuję czekam
        dane dni dostanę firma gdy gdzie kiedy konta kontakt kopię kwota lub mnie moje mojej muszę naszego
        naszej nasza nadal nic odpowiedź odpowiedzi opłacona otrzymałem otrzymałam otrzymaliśmy państwa pan
        pani pieniędzy płatność podpisana powinien prosimy przelew przelewu przesłać rachunek sprawie sprawy
        termin umowa umowy uprzejmie wam wezwanie więcej według wiadomość wpłata wraz wszystkie wysłać
        wysłałem załączeniu załączam zapłata zapłaty zgodnie zwrot telefon
    """,
    "ro": """
        a acest această al ale am ar are au aveți bună ca că care ce cel cu cum când dar de din după este eu
        factura facturii fi fost i în îi iar la le lui mai mi mulțumesc ne noi nostru nu o pe pentru plata
        prin sau să se si și sunt sa spre un unei unui vă va rog ziua contract banca contul luna copie firma
        acestui adresa aceasta aceste aici așa aștept atașat atașez aveam avut bani banii bine buna căre cât
        câte către comanda confirmați conform contractul contului copia data datele deci dintre domnule
        doamnă dumneavoastră ei ele evidențelor facturi factură găsiți graba înapoi încă iulie iunie
        împreună luni lunii mă mâine mea meu mele multumesc mulțumim nicio nimic notificarea noastră noștri
        nr număr numele nou ora ori pană până persoana plată plăti plătit plătită poate pot prea primesc
        primit primim puteți rambursare răspuns răspunsul rugăm săptămâna semnat sunați sună suma timp toate
        trebuie trimis trimite trimiteți urgent vreau vostra zile
    """,
    # Hungarian, Finnish, Czech and Turkish together.
    "other": """
        a az és hogy nem kérem jó napot egy van meg el ki már még csak is de ha ja on ei se hei että mutta
        olen ovat kiitos oli minulle voisitteko na je že prosím dobrý den to s z v o za do jsem jsme by ale
        ve bir bu için ile da mi lütfen merhaba teşekkür afati aj akkor aktuális ali apa bardhë bel bih bila
        bilo bo bod bych bylo byl bude budem budu cena čekám cez chci ci co dahil dana danas dari das dengan
        deri děkuji ďakujem dia din dla dobar dobrega dok dokument dostanu dostal dobil dobila dobim ebben
        egyszer eks ellenőrizze én ennek është et eta etter évi faktuur fakturu faktúra fatura faturën
        faturası fatúra hän hänen hanem hari harap hashtë hogyan hozzá hun hvala i ia ido igen ini itu isto
        jag jaj jeg jemi jeho jej jest již joilla juga ju jste jön kad kada kaip kako kami kapcsolatban
        kapom kas kdo kdy kdyby ke kiedy kell kérjük këtë kot kunne küldjék kus laskun laskusta laskut lepo
        levél maga maj mám máme marad më mellé meni mennyi minä mikor milloin minun minut mogu molim moje
        moj moji mohli mohl my nad nagyon nálunk nenda një nga nijesmo není nije niste nincs njihov nuk od
        odpověď odgovor ödeme olemme oleme ona onko oni otsikko oma oman orada os osakonnas ovaj oven pada
        palun para paramı paraja pak për peniaze peněz peníze platba plačilo plaćanje pénz pénzemet po pod
        pomoć poštovani posílám pozdrav prejeli prejsť při prosimo prosim pro prošli račun računa raha
        rahani rahan raporti rok saan saada sam saat sama samo saya sayın sebe sejak selamat šta schon skal
        sme smo sobota sot spoštovani sta ste sua suoritus sú svoj számla számlát szeretném szeretnénk
        tagasi takaisin tako tanggal tarafından tarih te tegyék teidän teie telefon terima tento të tolong
        tudni u učet uhrazena untuk uz vagy vaja vás veliko vendimi vezi više visszatérítés voi voin vsi vš
        vám vašu vaši vašeg või yang yardım yeni zal zaslání zbog ze zpět žádám žadost znesek üdvözlettel
    """,
}

ENDINGS = {
    "en": "ing ings ight ough ould ness less ship tely ully ally ably tion ment ance ence able ible ity ties ist ists"
    " ders ters ers ful gement",
    "fr": "tion ions ment ance ence able ible ité ités eux euse euses eur eurs ées ait aient rait erai eront rons ères"
    " ière ières ique iques oire oires ette ettes elle elles isse ège ment ieux rant tant sant sés tés rés nés lés"
    " cée née sée tée rée lée ussi ourt",
    "de": "ung ungen heit keit lich liche ichen icher isch ischen ischer schaft ieren iert ierte gung nung dung tung"
    " lung rung sung tigt icht echt acht ucht igen iger iges tage tten ssen rten chen lein tsch eren ette elte ührt"
    " ellt ützt onto onar ondert weis ltet ltes rief",
    "es": "ción sión ones dad dades ado ados ada adas ido idos ida idas aron ieron amos emos imos aban ía ías ían ería"
    " mente anza ario arios iento ento miento nto ntos ando iendo endo izo",
    "it": "zione zioni ento enti are ere ire ato ati ata ate uto uta uti ità anza enza aggio etto etti ella elle zza"
    " iamo iate ando endo ario aio aia nte nti",
    "pt": "ção ções são dade ado ados ada adas ido idos ento entos mente ava aram eram iram ância ência agem ando endo"
    " amos emos ório ária eito",
    "nl": "ing ingen heid lijk lijke eren eerd tten gen ken den sten acht echt icht isch ische aar eel oop aan oon",
    "ca": "ció cions ment at ats ada ades itat nça ència eix uda uts",
    "sv": "ning ningen else elser het heten lig liga lige igt ade ades ande ende erna orna arna ast skap eten gift",
    "pl": "ego emu ych ymi ość ości anie enie ania enia ację acja owy owa owe ować ywać ił iła ali ków śmy",
    "ro": "ului ilor elor ție ții area irea ează esc ește ții ată ate at iți ăți ost",
    "other": "ssa ssä lla llä sta stä ista inen ista iden ania ního ních ého ými ost osti ung ler lar leri ları nın nin"
    " dan den tan ban ben nak nek ság ség hoz hez val vel",
}
