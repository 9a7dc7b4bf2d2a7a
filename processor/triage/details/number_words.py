"""The words that introduce a number, in four languages, and what kind of number each of them introduces."""

from __future__ import annotations

from typing import Literal

from processor.triage.wording import words

Kind = Literal["invoice", "credit-note", "payment", "customer", "cheque", "order", "none"]

_BY_KIND: dict[Kind, str] = {
    "invoice": """
        invoice invoices inv invno invoicenumber invoiceno bill bills selfbill selfbills proforma statement-invoice
        facture factures fact against contre gegen fac factuur honoraires
        rechnung rechnungen rechnungs rechnungsnummer rechnungsnummern rechnungsnr rechnungsnrn rechn rechnr rg rgnr
        re renr honorarnote honorarnoten honorarrechnung belegnummer belegnr abschlagsrechnung schlussrechnung
        factura facturas fra fras minuta minutas
    """,
    "credit-note": """
        avoir avoirs gutschrift gutschriften gutschriftsnummer gutschriftsnr stornorechnung rechnungskorrektur
        rectificativa rectificativas creditnote creditnotes abono abonos
    """,
    "payment": """
        payment payments transaction transactions transfer transfers debit debits collection collections mandate
        mandates remittance dd paiement paiements prelevement prelevements virement virements reglement mandat
        zahlung zahlungen zahlungsnummer zahlungsnr lastschrift lastschriften lastschriftnummer
        sammellastschrift einzug einzugs einzugsnummer abbuchung abbuchungen transaktion transaktionsnummer
        transaktionsnr uberweisung mandatsreferenz sammelzahlung sammeleinzug sepaeinzug sepa zahlungsreferenz
        lastschriftreferenz pago
        pagos adeudo adeudos recibo recibos transferencia transferencias remesa remesas domiciliacion cargo
    """,
    "customer": """
        customer customers client clients clientid cust custno account accounts acc acct subscriber member
        membership compte comptes abonne abonnee adherent kunde kunden kundin kundennummer kundennummern
        kundennr kdnr kd kundenkonto kundenkontonummer konto kontonummer debitor debitoren debitorennummer
        debitorennr kundenreferenz debitorenkonto vertragskonto kreditor kreditorennummer cliente clientes cuenta
        cuentas abonado
    """,
    "cheque": """
        cheque cheques check checks scheck schecks schecknummer schecknr verrechnungsscheck talon
    """,
    "order": """
        order orders booking bookings job jobs assignment assignments quote quotes quotation quotations estimate
        contract reservation subscription project commande commandes cde mission missions devis contrat
        abonnement reservation bdc bestellung bestellungen bestellnummer bestellnr auftrag auftrage auftrags
        auftragsnummer auftragsnr angebot angebots angebotsnummer angebotsnr einsatz einsatze einsatznummer
        einsatznr buchung buchungen buchungsnummer buchungsnr vertrag vertrags vertragsnummer vertragsnr pedido
        pedidos encargo encargos presupuesto presupuestos reserva servicio contrato
    """,
    "none": """
        phone tel telefon telephone telefono tfno mobile mob cell fax handy portable movil telefax durchwahl ext
        extension vat tva ust mwst iva tax siret siren nif cif ein tin pan gstin gst steuer steuernummer ustid
        ustidnr iban bic swift sort bank sortcode blz kto bankleitzahl rib swiftcode po pos bestellreferenz
        purchase requisition ticket tickets case cases dossier expediente vorgang vorgangs vorgangsnummer
        aktenzeichen ticketnummer fall incidencia incident demande anfrage request page pages seite pagina
        section clause clauses ziffer article articles art artikel articulo paragraph abs room raum suite unit
        floor trunk line ligne linie linea zone postcode zip plz cp postal code form formular formulaire modele
        modelo version step item line articled chapter rev revision route road rue street strasse avenue
        calle platz quai place route building leitweg parcel tracking sendung sendungsnummer lieferschein
        lieferscheinnummer serial series model seriennummer company hrb hra register registration rcs
        handelsregister licence license policy passport user login pin case week kw semaine semana woche year
        jahr annee ano fy quarter article badge dienstnummer staff employee top order-line lot flight train
        meeting room webinar call hotline op
    """,
}
KINDS: dict[str, Kind] = {word: kind for kind, words in _BY_KIND.items() for word in words.split()}

# "Reference" alone is what a client quotes; beside another word ("invoice reference") it is that of the other.
REFERENCES = words(
    """
    ref refs reference references referenz referencia referencias zeichen verwendungszweck libelle concepto
    """
)
# What may stand between the word and its number: "invoice number is", "Rechnung mit der Nummer", "factura nº".
NUMBER = words(
    """
    number numbers no nos nr nrn num n numero numeros nummer nummern nums id ids code codes # № ndeg
    """
)
LINKS = NUMBER | words(
    """
    is are was reads the our your my their this that these those with of for a an s est sont la le les de du des d l
    votre vos notre nos mon ma mes avec portant ist sind lautet lauten mit der die das den dem ihre ihrer ihren
    unsere unserer unseren meine meiner zu zur vom von und es son el los las del nuestra nuestras nuestro su sus mi
    mis con you ihnen euch bei chez vous ustedes vosotros
    """
)
LIST_WORDS = words(
    """
    and et und y e or ou oder o sowie plus as well
    """
)
RANGE_WORDS = words(
    """
    to bis a au through thru hasta -
    """
)
PLURALS = words(
    """
    invoices bills factures rechnungen facturas numbers nos numeros nummern fras notes avoirs
    """
)
EXAMPLES = (
    "e.g.", "eg ", "for example", "for instance", "such as", "par exemple", "p.ex", "par ex", "z.b.", "z. b.",
    "zum beispiel", "etwa ", "por ejemplo", "p. ej", "p.ej",
)  # fmt: skip

# Unintroduced numbers: the letters before the digits say what it is, as firms number their papers.
_PREFIXES: dict[Kind, str] = {
    "credit-note": "cn av nc gs gu cr crn avo gut nca",
    "customer": "kd kdnr cust cli cl ku acc acct c k kto",
    "order": "j job or ord order q qu quo quote dev an ang au auf cde cmd bc bk ped p pre est ct so",
    "none": """
        po bdc pos req tkt tck case inc img dsc dscn scan doc pxl vid iso kw ww wk fy ver rev form art sec b2b cp ustid
        iban bic room unit sw se nw ne wc ec hmrc sim tr mtr gps covid hr hrb nhs utc gmt win
    """,
}
PREFIXES: dict[str, Kind] = {prefix: kind for kind, letters in _PREFIXES.items() for prefix in letters.split()}
