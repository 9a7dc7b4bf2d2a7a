"""The small words that each language is known by; the neighbours of the four are here lest they be taken for them."""

SMALL_WORDS = {
    "en": """
        a about after all also am an and any are as at be because been before being both but by can could
        dear did do does done each for from get give had has have he hello her here hi him his how i
        if in into is it its just know let like may me might more most much must my need no not
        now of off on once one only or other our out over own please received regarding regards send sent
        shall she should since so some still such than thank thanks that the their them then there these
        they this those through to today too under until up us very was we were what when where which
        while who why will with within without would yes yesterday yet you your yours
        invoice payment account month week new sincerely kind attached find transferred company name
        last money bank address copy amount confirm claim contract refund deposit tuesday monday friday
        letter wrong paid pay bill want work
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
        ancien donnée mensuel
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
        anbei lieferung gesendet herr frau
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
        necesitamos espero esperamos podéis dinero cheque mensual plazos
    """,
    # Not told apart, but known.
    "it": """
        a ad al alla alle anche ancora avete buongiorno che chi ci come con cordiali così cui da dal dalla
        degli dei del della delle di dopo dove e è ed fattura gli grazie ha hanno ho i il in io la le lo
        loro ma mi mia mio molto ne nei nel nella noi non nostra nostro o ogni per perché più pagamento può
        quando quanto quello questa questo quindi saluti se senza si sia sono stata stato su sua sul sulla
        suo un una vi vostra vostro vorrei abbiamo gentile società nome bonifico contratto conto importo
        copia indirizzo risposta mese banca messaggio allegato
    """,
    "pt": """
        a à ainda ao aos as às até bom caro com como da das de depois do dos e é ela ele em entre era essa
        esse está estamos esta este eu fatura foi foram há isso isto já lhe mais mas me meu minha muito na
        não nas nem no nos nossa nosso num numa o obrigada obrigado olá os ou pagamento para pela pelo por
        porque pode quando que quem se sem ser seu são sua também tem temos tenho um uma vos você vocês
        cumprimentos prezados dia gostaria empresa transferência conta endereço cópia contrato resposta mês
        dinheiro morada valor banco mensagem anexo nome cliente
    """,
    "nl": """
        aan al alle als bij ben beste betaling dag dan dat de deze die dit door dus een en er factuur geen
        goed graag had hallo heb hebben heeft het hij hoe hun ik in is ja je kan kunnen kunt maar me met mij
        mijn moet na naar niet nog nu of om omdat ons onze ook op over per reeds sinds te tot u uit uw van
        vandaag vanaf veel voor vriendelijke waar wanneer was wat we weer werd wij wil willen wordt zal ze
        zijn zo zoals zou groet geachte bedankt alvast rekening bedrijf naam geld adres kopie bedrag
        contract antwoord maand bijgevoegd
    """,
    # Swedish, Norwegian and Danish together.
    "sv": """
        af alla att av blev bli bara de dem den denna deres der det din dig du då efter ej eller en er era
        ett faktura fakturaen fakturan för fra från får før går god ha han har hei hej her hon hos hun hur
        hvad hva här i icke ifrån ikke inte jag jeg kan kunde lidt man med meget men mer mig min mycket
        måste når när nu nya och og också om oss over på sedan sig sin ska skal som så takk tack tak til
        till tilbake ud under upp ut var vara ved vi vid vil vill vår være å är även hälsningar mvh
    """,
    "pl": """
        aby ale bardzo bez być był była było czy dla do dzień dobry dzięki faktura faktury faktur fakturę go
        i ich jak jako jest jeszcze jestem już ktoś która które który ma mam mamy może na nad nam nas nasz
        nasze nie o od oraz po pod ponieważ pozdrawiam proszę przed przez przy się są ta tak także tej ten
        tego to tylko tym w we wczoraj więc z za ze został że żeby konto państwo pieniądze dziękuję
    """,
    "ro": """
        a acest această al ale am ar are au aveți bună ca că care ce cel cu cum când dar de din după este eu
        factura facturii fi fost i în îi iar la le lui mai mi mulțumesc ne noi nostru nu o pe pentru plata
        prin sau să se si și sunt sa spre un unei unui vă va rog ziua contract banca contul luna copie firma
    """,
    # Hungarian, Finnish, Czech and Turkish together.
    "other": """
        a az és hogy nem kérem jó napot egy van meg el ki már még csak is de ha ja on ei se hei että mutta
        olen ovat kiitos oli minulle voisitteko na je že prosím dobrý den to s z v o za do jsem jsme by ale
        ve bir bu için ile da mi lütfen merhaba teşekkür
    """,
}
