"""Words by which firms, departments and titles are told from people's names, in four languages."""

from __future__ import annotations

import re

from processor.triage.wording import words

LEGAL_FORMS = (
    r"Ltd\.?|Limited|LLC|LLP|Inc\.?|Corp\.?|PLC|plc|Plc|GmbH(?: & Co\. KG)?|gGmbH|mbH|AG|KG|OHG|UG|e\. ?V\.|e\. ?K\."
    r"|A\.Ş\.|AöR|Lda\.?|SAU|eG|SE"
    r"|SARL|S\.A\.R\.L\.|SAS|SASU|EURL"
    r"|SCI|SCP|SNC|SELARL|SA|S\.A\.|S\.L\.U?\.?|SLU?|S\.C\.|BV|B\.V\.|NV|AB|AS|ApS|Oy|KK|Pty(?: Ltd)?|Pvt\.? Ltd\.?"
    r"|Srl|S\.r\.l\.|SpA|CIC|CIO"
)
# What firms, offices and associations are called. Folded, whole words.
FIRM = words(
    """
    clinic clinics hospital hospitals trust council authority university college school academy surgery practice
    centre center institute institution society association charity foundation church parish ministry department-of
    agency bureau partners partnership associates solicitors chambers lawyers law legal logistics trading travel
    holidays tours hotel hotels restaurant cafe bakery pizza grill bar salon barbers beauty nails spa gym gyms
    fitness dental veterinary pharmacy care housing homes lettings lets estates properties motors garage taxis cabs
    transport transports freight shipping foods food farm farms media studio studios design designs print printing
    press publishing books telecom telecoms voice networks systems solutions technologies technology tech software
    infotech consulting consultancy services group holdings holding industries international enterprises stationers
    florist florists call callcenter analytics insurance bank finance capital energy power water electric plumbing
    clinique hopital chu mairie commune prefecture universite ecole lycee college institut association fondation
    societe cabinet etude agence immobilier immo traiteur boulangerie patisserie coiffure onglerie imprimerie
    librairie editions garage ets etablissements maison pharmacie syndicat federation ministere tribunal residence
    reseau groupe conseil departement centre klinikum klinik krankenhaus praxis kanzlei stadt stadtwerke gemeinde
    kreis landkreis landratsamt schulamt universitat hochschule schule gymnasium verein forderverein verband verlag
    stiftung kirche pfarrei amt jugendamt gericht amtsgericht landgericht polizei architekten gruppe werk werke
    backerei backstube druckerei spedition hausverwaltung wohnbau autohaus apotheke gesellschaft versicherung
    bestattungen hotel gasthof salon friseur logistik bau technik clinica hospital ayuntamiento diputacion
    universidad colegio instituto escuela centro asociacion fundacion parroquia papeleria panaderia peluqueria
    gestoria asesoria abogados bufete viajes hoteles restaurante talleres transportes conservas construcciones
    libreria imprenta farmacia inmobiliaria grupo editorial consultores consulting agencia juzgado ministerio
    consejeria bodegas academia corporacion estetica hermandad mancomunidad cabildo residencia viveros panaderias
    salones ferias notaria muebles clinicas academy choir club stores supplies vets physio joinery roofing tiling
    cleaning catering hire ferries rail borough health brewing nursery hospice hostel builders couriers lounge
    nettoyage petanque papeterie chauffage coiffeur barbier atelier ateliers comite mutuelle creche optique fleurs
    cooperative onglet diakonie kita gartnerei reederei initiative landeskasse zentralkasse barber nails
    """
)
# Departments, offices and professions: neither a person nor a firm.
ROLE = words(
    """
    accounts account accounting finance financial payable receivable payables receivables ledger purchase purchasing
    procurement billing payroll credit control treasury admin administration administrator office manager management
    director team support help helpdesk desk service services customer client sales marketing operations secretary
    secretariat reception legal litigation compliance privacy agent audit controller bookkeeper bookkeeping
    accountant solicitor lawyer barrister interpreter interpreters translator translators freelance linguist owner
    partner ceo cfo coo cto noc liaison coordinator officer exchequer vendor master data shared ap ar dept
    department division unit events grants bids practice head chief assistant executive supervisor mobile phone tel
    email sent comptabilite comptable compta direction directeur directrice service financier financiere finances
    gestion gerant gerante accueil secretaire secretariat administratif administrative achats juridique interprete
    interpretes traducteur traductrice assermente assermentee president presidente responsable facturation
    tresorerie tresorier siege notaires notaire avocat avocats avocate locative commercial commerciale assistante
    adjoint commissaires comptes justice associes copropriete ressources buchhaltung kreditorenbuchhaltung
    debitorenbuchhaltung rechnungswesen rechnungseingang zentraler zentrale sekretariat verwaltung geschaftsfuhrung
    geschaftsfuhrer geschaftsfuhrerin leitung leiter leiterin einkauf vertrieb abteilung kassenwart kasse
    dolmetscher dolmetscherin ubersetzer ubersetzerin rechtsanwalt rechtsanwaltin justiziariat steuerberater inhaber
    inhaberin vorstand vereidigte vereidigter finanzen controlling personal empfang schulamt contabilidad
    administracion tesoreria secretaria direccion gerente gerencia finanzas facturacion compras departamento
    interprete interpretes traductor traductora jurado jurada abogado abogada recepcion comercial responsable jefe
    jefa cobros notar notarin fachanwalt medizinrecht steuerberaterin rechtsanwalte zahlstelle geschaftsstelle haushalt
    mahnwesen patientenmanagement backoffice kreditoren debitoren proveedores negociado general honorary
    """
)
# The part of an address before the @ that is nobody's: who writes from there shows the name of a firm, or a department.
MAILBOX = ROLE | words(
    """
    info kontakt contact contacto hello hallo hola bonjour post mail buero buro office admin verwaltung
    rechnung rechnungen invoices invoice facturas factura facturation factures compta comptes relances mahnung avis
    pagos compras kasse projekt urgencias noreply no-reply procurement reception conta kreditoren
    """
)
# Interpreters sign with what they speak: as little a firm as a profession is.
TONGUES = words(
    """
    arabic amharic tigrinya somali dari pashto farsi persian kurdish kurmanji sorani turkish polish romanian russian
    ukrainian french german spanish italian portuguese mandarin cantonese chinese japanese korean vietnamese urdu
    punjabi hindi bengali gujarati tamil albanian bulgarian hungarian czech slovak lithuanian greek hebrew bsl
    arabisch amharisch somalisch paschtu paschto persisch kurdisch kurmandschi turkisch polnisch rumanisch russisch
    ukrainisch franzosisch deutsch spanisch italienisch portugiesisch chinesisch vietnamesisch albanisch bulgarisch
    ungarisch tschechisch serbisch kroatisch bosnisch griechisch arabe amharique persan kurde turc polonais roumain
    russe ukrainien francais allemand espagnol italien portugais chinois wolof peul bambara lingala albanais
    bulgare arabo amarico rumano ruso ucraniano frances aleman espanol italiano chino arameo bereber tamazight
    """
)
TITLES = words(
    """
    mr mrs ms miss dr prof mme mlle m me maitre monsieur madame herr herrn frau sr sra srta don dona sir ca ing dipl
    mag
    """
)
CONNECTORS = words(
    """
    of the and et und y e de del des du d la le les los las el von vom zu der die den das fur for i in
    """
)
# As they are written: "Meyer IT" is no sentence.
OF_SENTENCES = words(
    """
    I we my our you your it is are am me us je j' nous vous votre notre suis sommes est ich wir mein meine unser
    unsere Sie Ihr Ihre bin sind ist yo nosotros mi mis nuestra nuestro su sus soy somos es
    """
)
WEBMAIL = words(
    """
    gmail googlemail outlook hotmail live msn yahoo ymail icloud me mac aol gmx web t-online freenet orange wanadoo
    free sfr laposte bbox protonmail proton mail posteo zoho yandex telefonica terra
    """
)
# German firms put what they are at the end of a word: "Familienberatung", "Haarstube". No ends of surnames.
FIRM_ENDING = re.compile(
    r"[a-zß]{3,}(?:beratung|stiftung|verein|verband|schule|hilfe|dienste?|stube|zentrum|klinik|technik|verwaltung"
    r"|gesellschaft|kasse|initiative|lounge|studio|handel|reisen|logistik|backerei|gartnerei|druckerei|reederei"
    r"|strom|haarwerk|werke|kanzlei|praxis|apotheke|versicherung|vermietung|akademie)"
)
ROLE_ENDING = re.compile(
    r"[a-zß]{3,}(?:dolmetscher(?:in)?|ubersetzer(?:in)?|anwalt|anwaltin|buchhaltung|management|leitung|abteilung"
    r"|stelle|sekretariat|berater(?:in)?|wesen|eingang)"
)
LEGAL_FORM = re.compile(rf"(?:{LEGAL_FORMS})(?![\w.])")
