"""Words of payment diversion in English, French, German and Spanish, as they stand in a folded text.

Each constant is an RE2 alternation. What is shown as evidence are these words, never others of a mail.
"""

# What money goes to, whoever speaks of it.
ACCOUNTS = (
    r"\w*bank(?:details|accounts?|verbindung)\w*|"
    r"bank(?:ing)? (?:\w+ )?(?:accounts?|acct|details?|information|infos?|data|coordinates|particulars|"
    r"instructions?|records?)|"
    r"(?:accounts?|acct) (?:\w+ )?(?:for|to receive) (?:\w+ )?(?:payments?|remittances?|transfers?)|"
    r"(?:receiving|beneficiary|payee|payment|remittance|remit|settlement|wire|wiring|transfer|ach|eft|bacs|"
    r"direct deposit|payout|deposit|corporate|business|company|collection|vendor|supplier|euro|dollar|usd|eur|"
    r"gbp) (?:bank )?(?:accounts?|acct|details?|information|infos?|data|instructions?|coordinates|address|profile|"
    r"records?)|(?:wire|swift|bacs|sepa) (?:details?|information|infos?|instructions?|number|code|form)|"
    r"iban|remit to(?: address| details| account| information)?|direct deposit|routing (?:number|code|transit)\w*|"
    r"sort codes?|banking|lockbox|beneficiar\w+|"
    r"(?:the|a|our|as|of|new|correct|different|another|right) payee|payee (?:name|bank|is|will|has|to|for|on)|"
    r"where (?:\w+ ){0,3}(?:pay|payments?|money|funds|transfers?)|"
    r"(?:send|sent|route|direct|deposit|make) (?:\w+ ){0,3}(?:payments?|funds|money|remittances?)|ribs?|"
    r"coordonnees (?:bancaires?|de (?:paiement|virement|compte))|"
    r"comptes? (?:bancaires?|de (?:virement|paiement|reglement)|beneficiaires?|courants?|professionnels?)|"
    r"releves? d identite bancaires?|(?:references?|donnees|informations?|identite|details|infos) bancaires?|"
    r"domiciliations? bancaires?|etablissement bancaires?|"
    r"instructions de (?:paiement|virement|reglement)|bank ?verbindung(?:en|s\w*)?|konto ?verbindung(?:en|s\w*)?|"
    r"bank ?daten|konto ?daten|bank ?kont(?:o|en|os)|bank ?angaben|"
    r"zahlungs ?(?:verbindung|daten|empfanger|angaben|anweisung\w*|information\w*|konto)|"
    r"uberweisungs ?(?:daten|konto|angaben)|konto ?nummern?|geschafts ?konto|haus ?bank|"
    r"empfanger ?konto|bank ?wechsels?|konto ?wechsels?|"
    r"konto ?anderung\w*|bank ?anderung\w*|bankverbindungs ?anderung\w*|"
    r"cuentas? (?:\w+ )?(?:bancarias?|corrientes?|de (?:cobro|pago|abono|ingreso)s?|receptoras?|beneficiarias?)|"
    r"datos (?:\w+ )?(?:bancarios|de (?:pago|cobro|transferencia|cuenta)|de la cuenta)|"
    r"(?:numero|datos|titularidad|titular) de (?:la )?cuenta|"
    r"(?:entidad|informacion|coordenadas|certificado|instrucciones) (?:bancari\w+|de pago)|"
    r"domiciliacion bancaria"
)

# A bank that changes, somebody's or any: near what says so, for banks also pay, ask and are late.
BANKS = (
    r"(?:our|my|their) banks?|(?:notre|ma|leur|sa) banque|(?:unsere|meine|unserer|meiner) (?:haus)?bank|"
    r"(?:nuestro|mi|su) banco"
)
LOOSE_BANKS = r"banks?|banques?|bancos?|banken"

# Says that all stays as it is, or that a bank was looked at by telephone: not read.
UNCHANGED = (
    r"(?:bank(?:ing)? (?:details|accounts?)|account details|iban|coordonnees bancaires|rib|bank ?verbindung\w*|"
    r"konto ?daten|datos bancarios|cuenta)(?: (?:is|are|will|all|both|still|est|sont|ist|sind)){0,2} (?:"
    r"unaffected|unchanged|"
    r"(?:remains?|stays?) (?:the same|as (?:it is|they are))|"
    r"inchange\w*|restent? (?:les? |la )?memes?|ne changent? pas|unverandert|bleib\w* (?:gleich|bestehen|unverandert)|"
    r"(?:immer )?noch dieselbe\w*|beim alten|"
    r"no (?:cambian?|varian?|se modifican?)|siguen? (?:igual|siendo (?:el|la|los|las) mism\w+))|"
    r"(?:banks?|banking|iban|rib|banque|banco|details|accounts?|comptes?|konto|kontonummer|cuenta|bank ?verbindung) "
    r"(?:(?:has|have|is|was|were)(?: not|n t|nt| t)|hasn t|haven t|hasnt|havent|isn t|wasn t) (?:been )?changed|"
    r"(?:bancaires?|bancarios|iban|rib|banque|banco|comptes?|cuenta|konto|bank ?verbindung|titulaire) "
    r"(?:(?:n a|n ont|ne) (?:pas|jamais) (?:change|ete modifie)\w*|(?:hat|haben) sich nicht geandert|"
    r"(?:ist|sind) (?:gleich|dieselbe\w*) geblieben|no (?:ha|han) cambiado)|"
    r"(?:bank(?: account)?|iban|account) (?:is|are) (?:as (?:it|they) (?:was|were)|the one you have)|"
    r"haven t changed banks|never changed banks?|"
    r"(?:nothing|none of (?:this|it|them)) (?:has|have|is|was) (?:\w+ )?changed|rien n a change|"
    r"nichts hat sich geandert|(?:hat|haben) sich nichts? geandert|nada ha cambiado|no ha cambiado nada|"
    r"(?:at|in|into|through) (?:my|our|his|her|the) (?:online|internet|mobile|telephone) banking (?:and|but|that)"
)

# Accounts that are no bank's, and words that look like one: not read where no bank account is named. The first group is
# read all the same: a number in several groups, or a new account, may be a bank's, and "not the same" is no "same".
NO_BANK = (
    r"((?:accounts?|acct|konto|compte|cuenta) (?:\w+ )?[0-9]+ [0-9]+|"
    r"(?:new|other|another|different|neue\w*|andere\w*|nouveau|autre|nueva|otra) (?:\w+ )?"
    r"(?:account|konto|compte|cuenta)|"
    r"(?:not|no longer|never|pas|plus|nicht|mehr|no) (?:\w+ ){0,2}"
    r"(?:same|memes?|mism[oa]|gleiche\w*|selbe\w*|dieselbe\w*)|"
    r"(?:updat|chang|correct|amend|modif|actuali|aktuali|ander|cambi)\w* (?:\w+ ){0,2}"
    r"(?:your|vos|votre|ihr\w*|eur\w*|vuestr\w+)|"
    r"(?:your|vos|votre|ihre?|eure?|vuestr\w+) (?:\w+ ){1,2}"
    r"(?:for|of|on|pour (?:notre|nos|la|les|le)|concernant|fur|von|zu|para|de))|"
    r"(?:your|vos|votre|ihr\w*|eur\w*|vuestr\w+) (?:\w+ )?(?:ibans?|rib|bank(?:ing)? (?:details|accounts?|particulars)|"
    r"accounts? (?:numbers?|details)|coordonnees bancaires|compte bancaire|bank ?verbindung|bank ?daten|"
    r"konto ?(?:nummer|verbindung|daten)|datos bancarios|numero de cuenta|cuenta bancaria)|"
    r"(?:no|ningun|aucune?|keine?) (?:iban|rib|account numbers?|bank details|sort code|bank ?verbindung|konto ?nummer)|"
    r"(?:accounts?|acct|konto|compte|cuenta) (?:no |nr |number |n |num |numero |nummer )?(?:[a-z]{1,4} ?)?[0-9]{2,5}|"
    r"(?:phones?|call|customers?|users?|software) accounts?|kunden ?konto|compte client|cuenta de cliente|"
    r"accounts? (?:manager\w*|tree|team|department|dept|payable|receivable|balance|in credit)|"
    r"(?:dear|hello|hi|bonjour) (?:\w+ )?accounts|accounts have to|"
    r"on account(?: of)?|(?:closing|final) accounts?|compte (?:rendu|tenu)|t[eo]\w+ en cuenta|"
    r"(?:en|qui|etre|tenir|tenez|avez vous) compte|"
    r"(?:serv\w+|prelev\w+|debit\w+|chercher|tirer) (?:\w+ ){0,2}(?:sur |de )?(?:mon|notre) compte|"
    r"(?:draw|take|collect|debit)\w* (?:\w+ ){0,2}(?:on|from) (?:my|our) (?:bank|account)|"
    r"(?:von|vom) (?:\w+ )?konto (?:\w+ ){0,2}(?:ziehen|gezogen|abgebucht|abbuchen|eingezogen|einziehen)|"
    r"(?:even |of |at )?the same (?:bank )?(?:bank|account|iban)|"
    r"memes? (?:comptes? en banque|comptes?|banque|rib|iban)|"
    r"mism[oa] (?:banco|cuenta|iban)|(?:gleiche\w*|dieselbe\w*|selbe\w*) (?:bank|bank ?verbindung|iban|konto)|"
    r"bank holidays?|by bank transfers?|your new bank(?: accounts?)?|your bank(?: account)? has changed|"
    r"(?:vous avez|vous auriez|auriez vous|avez vous) change de banque|votre changement de banque|"
    r"habeis cambiado de banco|votre nouve\w+ (?:rib|compte|banque)"
)

# They say it all by themselves: another bank, or somebody else to pay.
ALONE = (
    r"chang\w+ (?:de |d |our |my |the |their )?(?:banks?|banque|etablissement bancaire|rib|banco|entidad bancaria)|"
    r"(?:switch|mov|transition)\w+ (?:\w+ ){0,3}(?:banks?|financial institution|banking partner)|"
    r"new (?:\w+ )?(?:bank|financial institution|banking partner)|(?:haus)?bank gewechselt|neue (?:haus)?bank|"
    r"(?:clos|leav)\w* (?:my|our|their) (?:old )?bank|left (?:my|our|their) (?:old )?bank|"
    r"quitte (?:ma|notre|sa|leur) (?:vieille |ancienne )?banque|dejado (?:el|mi|nuestro) (?:antiguo )?banco|"
    r"(?:unsere|meine) (?:alte )?bank verlassen|nouvelle banque|nuevo banco|nueva entidad bancaria|"
    r"(?:nueva|otra|cambio de) domiciliacion|domiciliacion en otr[oa]|"
    r"(?:nouvelle|autre|changement de) domiciliation|"
    r"notice of assignment|factoring|affacturage|abtretung\w*|abgetreten|cessions? de creances?|cesion de creditos?|"
    r"collection agent|(?:remittances?|payments?|settlements?) (?:\w+ ){0,3}(?:now|henceforth) be \w+ to|"
    r"(?:remittances?|payments?|settlements?|funds) (?:\w+ ){0,5}(?:directed|redirected|routed) to"
)

# The same in few words, which mean other things as well: counted where money is spoken of, or an account is given.
LOOSE_ACCOUNTS = (
    r"accounts?|acct|details?|instructions?|coordinates|comptes?|coordonnees|"
    r"beneficiaires?|kont(?:o|os|en)|angaben|daten|cuentas?|datos|"
    r"coordenadas|destinatario"
)

# Beside an account: it is another one than before.
OTHER = (
    r"wrong|incorrect|outdated|obsolete|expired|veraltet\w*|falsche?[nrs]?|ungultige?[nrs]?|perimee?s?|erronee?s?|"
    r"obsolet[oa]s?|caducad[oa]s?|equivocad[oa]s?|new(?:ly)?|old|previous|former|updated?|revised|amended|"
    r"alternat\w+|replacement|temporary|change of|changes? (?:to|in)|update of|update to|secondary|nouve\w+|"
    r"ancien\w*|changement (?:de|du|des)|modification (?:de|du|des)|mise a jour (?:de|du|des)|actualise\w*|"
    r"rectifie\w*|provisoires?|precedente?s?|neue\w*|alte[nrsm]?|bisherige\w*|geanderte\w*|aktualisierte\w*|"
    r"korrigierte\w*|fruhere\w*|anderung (?:der|unserer|meiner|des)|wechsel (?:der|unserer|meiner|des)|nuev[oa]s?|"
    r"antigu[oa]s?|anterior(?:es)?|cambio (?:de|del|en)|actualizad[oa]s?|modificad[oa]s?|actualizacion (?:de|del)|"
    r"modificacion (?:de|del)"
)

# The same, where an account is named by its number; else it is often one of several with the desk.
ELSEWHERE = (
    r"other|another|different|corrected|correct|autres?|andere\w*|abweichende\w*|otr[oa]s?|distint[oa]s?|"
    r"correct[oa]s?"
)

# In the same sentence as an account: money is to go another way from now on.
MOVED = (
    r"(?:is|are|was|were) (?:\w+ )?(?:wrong|incorrect|outdated|obsolete|expired)|veraltet|nicht (?:mehr )?nutzbar|"
    r"errone\w+|perime\w*|esta (?:\w+ )?(?:mal|equivocad\w)|"
    r"chang(?:e|ed|es|ing)|updat(?:e|ed|ing)|switch(?:ed|ing)?|mov(?:ed|ing)|instead|no longer|"
    r"not (?:be )?(?:valid|active|available|usable)|replac(?:e|ed|es|ing|ement)|"
    r"(?:been|is|are|was|were|being|be) (?:\w+ )?(?:audited|"
    r"seized|migrated|discontinued|unavailable|inactive|compromised|hacked|investigated)|"
    r"under (?:\w+ )?(?:audit|review|investigation|maintenance|scrutiny)|"
    r"(?:annual |tax |financial |internal |ongoing )?audit(?:ed|ing|s)?|amend(?:ed|ing|ment)?|revis(?:e|ed|ion)|"
    r"alter(?:ed|ing)?|modif(?:y|ied|ication)\w*|from now on|going forward|moving forward|with immediate effect|"
    r"effective (?:immediately|today|from|as of|now)|"
    r"(?:all )?future (?:\w+ )?(?:payments?|invoices?|remittances?|transfers?|salary|settlements?)|henceforth|"
    r"hereafter|redirect\w*|divert\w*|re ?rout\w+|substitut\w+|only to|exclusively to|"
    r"stop (?:using|paying|sending)|(?:do|please do|should|must) not (?:use|pay|send|transfer|remit)|"
    r"don t (?:use|pay|send)|rather than|nothing (?:\w+ ){0,3}old|have (?:\w+ )?new|got (?:a )?new|opened|"
    r"with another|with a different|to another|disregard|ignore the|supersed\w+|"
    r"chang(?:e|er|es|eons|ement|ements|ez|ons)|modifi(?:e|er|es|ee|ees|ez|cation|cations|ons)|"
    r"met(?:tre|tez|tons) a jour|mise a jour|mis a jour|actualis\w+|desormais|dorenavant|a compter d\w+|"
    r"a l avenir|a partir d\w+|remplac\w+|"
    r"plus (?:valables?|valides?|utiliser|actif|utilisables?)|ne (?:\w+ )?(?:pas|plus) utiliser|"
    r"(?:en cours d |un |sous |d |l )audit|controle fiscal|au lieu d\w+|a la place|uniquement|exclusivement|"
    r"dans un autre|passes? (?:chez|a la)|geandert|andern|anderung\w*|wechsel\w*|gewechselt|aktualisier\w+|"
    r"kunftig\w*|zukunftig\w*|in zukunft|ab sofort|ab heute|"
    r"nicht mehr (?:auf|an|uber|gultig|aktuell|nutz\w*|verwend\w*|benutz\w*|aktiv|das|dieses|unser\w*)|"
    r"(?:besteht|existiert|gibt s|gibt es|gilt|gelten|stimmt|stimmen|fuhre\w*|haben|nutzen) (?:\w+ )?nicht mehr|"
    r"statt(?:dessen)?|anstelle|anstatt|"
    r"umgestellt|umstellung\w*|umgezogen|"
    r"(?:wirtschafts|betriebs|steuer|buch|konto|jahresabschluss)?prufung|"
    r"(?:wird|werden|derzeit|gerade) (?:\w+ ){0,2}gepruft|ersetz\w+|korrigier\w+|"
    r"ausschliesslich|nur noch|hinterleg\w+|anpass\w+|angepasst|umzuleiten|umleiten|umgeleitet|"
    r"cambi(?:o|a|ar|ado|amos|os|e|en|aron|ando)|modific\w+|actualiz\w+|actualic\w+|en adelante|en lo sucesivo|"
    r"a partir de|ya no|sustitu\w+|reemplaz\w+|"
    r"auditoria|auditad[oa]|inspeccion|en lugar de|en vez de|(?:solo|unicamente|exclusivamente) (?:a|en)|"
    r"no (?:utilic\w+|use\w*|pague\w*|ingres\w+|realic\w+)|dej\w+ de (?:usar|utilizar)|inoperativ\w+|desvi\w+|"
    r"he abierto|hemos abierto"
)

# The same of an account that is a bank's beyond doubt: clients of the desk have accounts that are closed, too.
LOCKED = (
    r"blocked|locked|frozen|restricted|closed|clos(?:ing|ure)|"
    r"bloque\w*|suspendu\w*|ferme[es]*|cloture\w*|gele[es]*|"
    r"gesperrt|aufgelost|geschlossen|eingefroren|gekundigt|"
    r"bloquead[oa]s?|suspendid[oa]s?|cerrad[oa]s?|congelad[oa]s?"
)

# The same of an account that its holder calls his: suspended ones are those of clients with the desk.
OURS_LOCKED = (
    r"(?:our|my|notre|nos|mon|mes|unser\w*|mein\w*|nuestr[oa]s?|mis?) (?:\w+ )?"
    r"(?:accounts?|comptes?|konto|konten|cuentas?) (?:\w+ ){0,4}(?:"
    r"blocked|frozen|seized|audited|closed|bloque\w*|saisi\w*|gele\w*|ferme[es]*|cloture[es]*|gesperrt|gepfandet|"
    r"geschlossen|eingefroren|aufgelost|bloquead\w+|embargad\w+|cerrad\w+|congelad\w+)|"
    r"(?:closed|closing|ferme|cloture|cerrado|cerramos) (?:our|my|notre|nos|mon|nuestra|mi) (?:\w+ )?"
    r"(?:accounts?|comptes?|cuentas?|livret)|"
    r"(?:account|compte|konto|cuenta) (?:you|we|on which|ou vous|que usted|que usan) (?:\w+ ){0,6}"
    r"(?:closed|ferme|cerrada)"
)

# Money is spoken of.
MONEY = (
    r"send it|[0-9]+ (?:eur|euros?|usd|gbp|dollars?|pounds?)|(?:eur|usd|gbp|chf) [0-9]+|"
    r"pay(?:ing|ments?|able|ed|s|out|outs|roll)?|paid|remit\w*|transfer(?:s|red|ring)?|wir(?:e|ed|ing)|funds|"
    r"invoices?|deposit\w*|refund\w*|salary|wages|fees|settle\w*|paie\w*|pay(?:er|ez|ons)|paye[es]*|"
    r"vir(?:er|ement|ements|ez)|regl\w+|factur\w+|honoraires|salaire|prelevements?|fonds|"
    r"vers(?:er|ez|ement|ements)|acompte|zahl\w*|bezahl\w*|uberweis\w*|rechnung\w*|honorar\w*|gehalt\w*|lohn|"
    r"beglich\w*|begleich\w*|auszahl\w*|lastschrift\w*|pag(?:o|os|ar|ue|uen|amos|ad[oa]s?)|transferencias?|"
    r"transferir|abon\w+|ingres\w+|facturas?|honorarios|nomina|cobr\w+|remes\w+"
)

# Money that people earn: it goes to another account only where they ask for it.
EARNED = (
    r"salary|salaries|wages?|payroll|paycheck|pay ?slip|salaires?|paies?|honoraires|gehalt\w*|lohn\w*|honorare?|"
    r"sueldos?|salarios?|nominas?|honorarios"
)

# Haste.
URGENCY = (
    r"urgent(?:ly|e|es|isimo)?|immediate(?:ly)?|asap|as soon as possible|right away|right now|today|"
    r"before (?:noon|close|cob|\d+)|without delay|time sensitive|at once|end of (?:the )?day|by eod|promptly|"
    r"by tonight|urgence|immediat\w*|au plus vite|des que possible|des aujourd hui|aujourd hui|sans delai|"
    r"sans attendre|dans les plus brefs delais|avant (?:midi|ce soir|\d+ h)|d urgence|dringend\w*|eilt|eilig\w*|"
    r"sofort\w*|umgehend\w*|unverzuglich\w*|noch heute|heute|so schnell wie moglich|schnellstmoglich\w*|"
    r"bis (?:mittag|heute)|urgencia|inmediat\w+|cuanto antes|lo antes posible|hoy(?: mismo)?|ahora mismo|"
    r"sin demora|antes de (?:las|mediodia)|de inmediato|a la mayor brevedad"
)

# Nobody is to know, or to call.
SECRECY = (
    r"(?:strictly|keep|treat|remain|kept|stay|highly|completely) (?:\w+ ){0,3}confidential\w*|discreet(?:ly)?|"
    r"(?:your|utmost|full|complete|total) discretion|"
    r"keep (?:this|it) (?:between|quiet|private|secret|to yourself|confidential)|between (?:us|you and me)|"
    r"do not (?:tell|mention|discuss|share|inform|call|phone|contact)|"
    r"don t (?:tell|mention|discuss|share|inform|call|phone)|not (?:to )?(?:be )?(?:discussed|disclosed)|"
    r"tell (?:no one|nobody)|no ?(?:one|body) (?:else )?(?:should|must|may|is to) know|secret|"
    r"no (?:phone )?calls|"
    r"(?:cannot|can t|can not|unable to) (?:talk|take (?:any )?(?:phone )?calls?|speak|be reached|answer (?:the |"
    r"my )?phone|call)|only (?:by|via|through) (?:e ?)?mail|by (?:e ?)?mail only|"
    r"(?:in|at) a (?:meeting|conference) (?:and|all|until|so)|not public|"
    r"reply only (?:to|by) this (?:e ?)?mail|"
    r"(?:virement|operation|dossier|acquisition|strictement|totalement|reste\w*|"
    r"affaire) (?:\w+ ){0,2}confidentiel\w*|confidentialite absolue|"
    r"(?:votre|grande|plus|toute|en toute) discretion|n en parlez|ne (?:pas )?en parle[rz]|entre nous|a personne|"
    r"secret|ne (?:m )?appelez pas|pas (?:m )?appeler|"
    r"(?:uniquement|seulement|que|exclusivement) par (?:e ?)?mail|injoignable|en reunion|pas joignable|"
    r"vertraulich|streng vertraulich\w*|diskret\w*|diskretion|unter uns|geheim\w*|"
    r"niemand\w* (?:davon|etwas|daruber|informier\w+|erzahl\w+)|stillschweigen|"
    r"nicht (?:telefonisch )?(?:erreichbar|anrufen)|(?:nur|ausschliesslich) (?:per|uber) (?:e ?)?mail|"
    r"sprechen sie mit niemandem|kein\w* anruf\w*|in einer (?:sitzung|besprechung)|"
    r"(?:estrictamente|operacion|absolutamente|total|mantenga\w*|de forma) (?:\w+ ){0,2}confidencial\w*|"
    r"confidencialmente|discrecion|discret[oa]|entre nosotros|no lo comente\w*|"
    r"no (?:se )?lo (?:diga|digas|cuente|comentes)\w*|secreto|no (?:me )?llame\w*|"
    r"(?:solo|unicamente) por (?:aqui|correo|e ?mail|este medio)|en una reunion|estoy reunid[oa]|a nadie"
)
