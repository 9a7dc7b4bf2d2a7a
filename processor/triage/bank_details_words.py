"""The words that introduce bank details in English, French, German and Spanish, as RE2 patterns over squeezed words."""

from __future__ import annotations

# Squeezed words (bank_details_reading.py): a-z and 0-9, a gap is one blank, a point one comma, all else an !.
BETWEEN = "[ ,]{0,6}"  # a word and its number
_SMALL = (
    "is|are|was|no|nr|num|number|numbers|nummer|numero|n|o|the|new|old|your|our|my|now|at|with|and|in|as|follows|for|code|id"
    "|uk|us|gbp|usd|eur|inr|lautet|ist|neu|neue|unsere|meine|und|die|der|bei|est|les|le|la|du|de|des|et|votre|notre|mon"
    "|es|el|del|y|su|nueva|nuevo|account|accounts|acct|konto|compte|cuenta|sort|routing|ifsc|blz|clave"
)
FILLING = f"(?:[ ,]{{1,4}}(?:{_SMALL})){{0,6}}{BETWEEN}"  # "... number is now: "


def digits(count: int) -> str:
    """So many digits, with a gap or none between any two."""
    return f"[0-9](?: ?[0-9]){{{count - 1}}}"


SORT_CODE = rf"\b(?:sort(?:ing)?(?: ?codes?)?|s c|bsb){FILLING}({digits(6)})\b"
_DASHED, _EIGHT = r"[0-9]{2} [0-9]{2} [0-9]{2}", r"[0-9]{8}"
_MIDDLE = r"(?:[ ,]{1,4}[a-z]{1,9}){0,4}[ ,]{1,4}"  # "... account no. ..."
SORT_PAIR = rf"\b(?:({_DASHED}){_MIDDLE}({_EIGHT})|({_EIGHT}){_MIDDLE}({_DASHED}))\b"
ROUTING = rf"\b(?:routing|aba|rtn|transit|ach|wire){FILLING}({digits(9)})\b"
IFSC = rf"\bifsc?{FILLING}([a-z](?: ?[a-z]){{3}} ?0(?: ?[a-z0-9]){{6}})\b"
BLZ = rf"\b(?:blz|bankleitzahl){FILLING}({digits(8)})\b"
BIC = (
    r"\b(bic|swift)(?:[ ,]{1,3}(?:bic|swift|code|no|nr|is|ist|est|es|adresse|address)){0,3}[ ,]{0,4}"
    r"([a-z](?: ?[a-z]){5} ?[a-z0-9] ?[a-z0-9](?: ?xxx|[a-z0-9]{3})?)\b"
)
# Words that mean a bank account by themselves, and words that do where the text has bank details beside.
BANK_ACCOUNT = (
    r"\b(?:bank ?accounts?|bankkonto|kontonummer|kontonr|kto|compte bancaire|coordonnees bancaires|cuenta bancaria"
    rf"|numero de cuenta|n[ ,]{{1,3}}de cuenta){FILLING}([0-9])"
)
ANY_ACCOUNT = rf"\b(?:accounts?|acct?s?|a c|konto|compte|cuenta){FILLING}([0-9])"
BANKING = (
    r"\b(?:bank name|name of (?:the |your |our )?bank|beneficiary|payee|kontoinhaber|titulaire du compte"
    r"|bank(?:ing)? details|(?:new|our|my) bank|direct deposit|bankverbindung|datos bancarios|coordonnees bancaires"
    r"|titular de la cuenta|bacs|faster payments?|wire transfer|sort codes?|swift|ifsc|routing)\b"
)
# In words: code banque 30004 code guichet 00031 compte 12345678901 cle 43
RIB_IN_WORDS = (
    rf"\b(?:banque|etablissement)[ ,]{{1,4}}({digits(5)}){_MIDDLE}(?:guichet|agence)[ ,]{{1,4}}({digits(5)})"
    rf"{_MIDDLE}compte{BETWEEN}([a-z0-9](?: ?[a-z0-9]){{10}})"
    rf"(?:{_MIDDLE}(?:cle|rib)(?:[ ,]{{1,4}}rib)?{BETWEEN}({digits(2)}))?\b"
)
RIB_AS_TABLE = r"\b([0-9]{5})[ ,]{0,4}([0-9]{5})[ ,]{0,4}([a-z0-9]{11})[ ,]{0,4}([0-9]{2})\b"
RIB_ANY = (
    rf"\b(?:rib|compte|bancaires?|banque|guichet|cle){FILLING}"
    rf"({digits(10)}(?: ?[a-z0-9]){{11}} ?[0-9] ?[0-9])\b"
)
CCC_AS_TABLE = r"\b([0-9]{4})[ ,]{0,4}([0-9]{4})[ ,]{0,4}([0-9]{2})[ ,]{0,4}([0-9]{10})\b"
CCC_ANY = rf"\b(?:ccc|cuenta|cuentas|bancaria|banco){FILLING}({digits(20)})\b"
CARD = r"\b[2-6](?: ?[0-9]){12,18}\b"
CARD_WORDS = (
    r"\b(?:cards?|cartes?|karten?|kreditkarten?|kartennummer|kreditkartennummer|tarjetas?|visa|mastercard|maestro|amex"
    r"|american express|cb|debit|credito|debito)\b"
)
# Where none of these stands in a text, there is nothing to look for in it.
SIGNS = (
    r"\b(?:s c|sort|sorting|sortcodes?|bsb|accounts?|acct?s?|a c|routing|aba|rtn|ifsc?|blz|bankleitzahl|konto"
    r"|kontonummer|kontonr|kto|bankkonto|bankaccount|rib|compte|banque|bancaires?|guichet|agence|cuentas?|ccc|bancaria|banco|bic"
    r"|swift|cards?|cartes?|karten?|kreditkarten?|kartennummer|kreditkartennummer|tarjetas?|visa|mastercard|maestro|amex"
    rf"|cb|debit|credito|debito|american|wire|ach|transit)\b|{SORT_PAIR}"
    r"|\b[0-9]{5} [0-9]{5} [0-9a-z]{11} [0-9]{2}\b|\b[0-9]{4} [0-9]{4} [0-9]{2} [0-9]{10}\b"
)
