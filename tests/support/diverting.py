"""Requests to pay to another account, made by varying the true ones of the labelled set, as fraudsters would."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from support.asked import DESK, SENT, Asked, asked
from support.plain_pdf import plain_pdf

GATEWAY = "mx.desk.example"
VENDOR, VENDORS_DOMAIN = "ap@wordbridge.example", "wordbridge.example"
NEW_IBAN = {"en": "GB33BUKB20201555555555", "de": "DE02120300000000202051",
            "fr": "FR1420041010050500013M02606", "es": "ES9121000418450200051332"}  # fmt: skip

# Written before any of them was shown to the desk.
WORDINGS = {
    "en": (
        "Our bank is being audited by the tax office and cannot receive funds this month. Use the account below.",
        "Kindly note that remittances should now be directed to our subsidiary's account, details attached.",
        "We are transitioning to a new financial institution. Please amend your vendor master file accordingly.",
        "Please hold all payments until you have read our new wiring instructions, attached herewith.",
        "I closed my old bank last week, can my salary for November go into the other one?",
        "Going forward, all settlements are to be made to our account with Example Trust.",
        "Please be advised of updated remittance information, effective today.",
        "The IBAN on our invoice is wrong, pay to this one.",
        "Could you change the direct deposit on file for me before the next payroll?",
        "We have outsourced our receivables; pay our collection agent at the details below from now on.",
        "As our account is temporarily frozen because of a compliance check, kindly remit to our partner's account.",
        "Do not use the previous account for payment. It is no longer operational.",
        "Our account is under audit. Please use the new account below.",
    ),
    "de": (
        "Wegen einer Betriebsprüfung ist unser Konto nicht nutzbar. Bitte überweisen Sie auf das unten genannte Konto.",
        "Wir haben die Hausbank gewechselt und bitten Sie, Ihre Stammdaten anzupassen.",
        "Bitte verwenden Sie für künftige Zahlungen ausschließlich die beiliegende Bankverbindung.",
        "Meine Kontoverbindung hat sich geändert. Bitte zahlen Sie das Gehalt auf das neue Konto.",
        "Die IBAN auf der Rechnung ist veraltet, maßgeblich ist die folgende.",
        "Die Forderung wurde abgetreten, zahlen Sie nur noch auf das Konto unseres Factors.",
        "Wir teilen Ihnen die Änderung unserer Bankdaten mit.",
        "Neue Bankverbindung siehe Anlage.",
    ),
    "fr": (
        "Suite à un contrôle fiscal, notre compte est bloqué. Veuillez effectuer le virement sur le compte ci-dessous.",
        "Nous avons changé d'établissement bancaire ; merci de mettre à jour nos coordonnées.",
        "Veuillez trouver ci-joint notre nouveau RIB, l'ancien n'est plus valable.",
        "Merci de ne plus utiliser l'IBAN figurant sur nos factures.",
        "Les prochains règlements sont à adresser à notre société d'affacturage, sur son compte.",
        "J'ai fermé mon compte, pouvez-vous verser mes honoraires sur celui-ci ?",
        "Changement de domiciliation bancaire à effet immédiat.",
        "Changement de RIB : voir pièce jointe.",
    ),
    "es": (
        "Debido a una auditoría, nuestra cuenta está inoperativa; ingresen el importe en la cuenta que indicamos.",
        "Les comunicamos el cambio de entidad bancaria, rogamos actualicen sus registros.",
        "A partir de hoy los pagos deben hacerse en la siguiente cuenta.",
        "El IBAN de la factura es antiguo, usen este.",
        "Les informamos de la nueva domiciliación de pagos.",
        "He cerrado mi cuenta del banco, ¿pueden ingresarme la nómina en esta otra?",
        "Por favor no transfieran a la cuenta anterior.",
        "Nueva cuenta para los pagos, en el documento adjunto.",
    ),
}
SENDERS = (
    ("compromised", VENDOR), ("unknown", "billing@{number}-services.example"), ("free mail", "wordbridge.ap@gmail.com"),
    ("look-alike: letters swapped", "ap@wordbrigde.example"), ("look-alike: homoglyph", "ap@worclbridge.example"),
    ("look-alike: other ending", "ap@wordbridge.example.net"), ("look-alike: added word", "ap@wordbridge-pay.example"),
    ("look-alike: A-label", "ap@xn--wrdbridge-hgj.example"), ("look-alike: ours", "director@desk-group.example"),
)  # fmt: skip
VERDICTS = ("pass", "fail", "none", "")
PLACES = ("body", "pdf", "image", "quoted", "attached mail", "subject", "html", "text file")
WRITINGS = ("plain", "spaced", "other digits", "split lines", "dashes", "no number")
DISGUISES = ("none", "none", "none", "look-alike letters", "zero-width", "full width", "capitals", "soft hyphens")

_CYRILLIC = str.maketrans("aeopc", "аеорс")
_FULL = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_PADDING = "\n\nThis message and its attachments are for the addressee alone.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diverted:
    """One adversarial mail, and how it was made."""

    raw: bytes
    made: tuple[str, ...]
    sender: str


def diverted(count: int = 500, seed: int = 11) -> Iterator[Diverted]:
    """So many, always the same: by turns from a true one of the set and from a wording, every way in its turn."""
    draw = random.Random(seed)  # noqa: S311 - mails, no secrets
    true = [one for one in asked() if one.diversion == (True,)]
    wordings = [(language, words) for language, listed in WORDINGS.items() for words in listed]
    for number in range(count):
        if number % 2:
            language, words = wordings[number // 2 % len(wordings)]
            yield _made(number, draw, language, "Invoice 4711", words, f"wording: {words}")
        else:
            one = true[number // 2 % len(true)]
            yield _made(number, draw, one.language, one.subject, without_bank(one), f"from {one.name}")


def without_bank(one: Asked) -> str:
    """Its text, with a gap where it names an account."""
    text = one.text
    for number in one.bank:
        for part in number.split():
            text = re.sub(r"[\s.-]*".join(map(re.escape, part)), "", text)
    return text


def _made(number: int, draw: random.Random, language: str, subject: str, words: str, origin: str) -> Diverted:
    name, address = SENDERS[number // 2 % len(SENDERS)]
    place, writing = draw.choice(PLACES), draw.choice(WRITINGS)
    disguise, verdict = draw.choice(DISGUISES), draw.choice(VERDICTS)
    thread = draw.random() < 0.4
    account = written(NEW_IBAN[language], writing)
    sender = address.format(number=number)
    mail = EmailMessage(policy=SMTP.clone(cte_type="8bit"))
    if verdict:
        domain = sender.rpartition("@")[2]
        mail["Authentication-Results"] = f"{GATEWAY}; dmarc={verdict} header.from={domain}"
    mail["From"], mail["To"], mail["Date"] = f"Accounts <{sender}>", DESK, SENT
    mail["Message-ID"] = f"<diverted-{number}@evil.example>"
    if draw.random() < 0.2:
        mail["Reply-To"] = f"answers{number}@elsewhere.example"
    subject = f"{'Re: ' if thread else ''}{subject} {number}"
    _place(mail, place, subject, DISGUISED[disguise](words), account, thread)
    made = (origin, name, f"DMARC {verdict or 'not told'}", place, writing, disguise, "thread" if thread else "new")
    return Diverted(raw=mail.as_bytes(), made=made, sender=sender)


def _place(mail: EmailMessage, place: str, subject: str, words: str, account: str, thread: bool) -> None:
    quoted = f"\n\nOn 12 Nov 2026, Accounts <{DESK}> wrote:\n> Thank you for your invoice.\n" if thread else ""
    mail["Subject"] = " ".join(f"{words} {subject}".split()) if place == "subject" else subject
    beside = f"\n{account}\n" if account else "\n"
    if place == "quoted":
        mail.set_content(
            f"See below, please.\n\nOn 12 Nov 2026, Claire wrote:\n> {words}{beside}".replace("\n", "\n> ")
        )
    elif place == "attached mail":
        inner = EmailMessage(policy=SMTP)
        inner["Subject"], inner["From"] = subject, "claire@wordbridge.example"
        inner.set_content(words + beside)
        mail.set_content("Please see the attached mail.\n")
        mail.add_attachment(inner)
    elif place == "subject":
        mail.set_content(f"Please see above.{beside}{quoted}")
    elif place == "html":
        mail.set_content(f"<p>{words}</p><table><tr><td>{account}</td></tr></table>", subtype="html")
    else:
        mail.set_content(words + (beside if place == "body" else "") + quoted + _PADDING)
    if place == "pdf":
        mail.add_attachment(plain_pdf(f"INVOICE\n{account}"), maintype="application", subtype="pdf", filename="i.pdf")
    if place == "image":
        mail.add_attachment(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", filename="image001.png")
    if place == "text file":
        mail.add_attachment(f"IBAN {account}".encode(), maintype="text", subtype="plain", filename="details.txt")


def written(iban: str, how: str) -> str:
    """The account as it is told; empty where it is not."""
    ways: dict[str, Callable[[], str]] = {
        "plain": lambda: iban,
        "spaced": lambda: " ".join(iban[at : at + 4] for at in range(0, len(iban), 4)),
        "other digits": lambda: iban.translate({48 + digit: 0x0660 + digit for digit in range(10)}),
        "split lines": lambda: f"{iban[:9]}\n{iban[9:]}",
        "dashes": lambda: "-".join(iban[at : at + 4] for at in range(0, len(iban), 4)),
        "no number": lambda: "",
    }
    return ways[how]()


DISGUISED: dict[str, Callable[[str], str]] = {
    "none": lambda words: words,
    "look-alike letters": lambda words: words.translate(_CYRILLIC),
    "zero-width": lambda words: re.sub(r"(?<=\w)(?=\w{3})", "\u200b", words),
    "full width": lambda words: words.translate(_FULL),
    "capitals": lambda words: words.upper(),
    "soft hyphens": lambda words: re.sub(r"(?<=\w\w)(?=\w\w)", "\u00ad", words),
}
