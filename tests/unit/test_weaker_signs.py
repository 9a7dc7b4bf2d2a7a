"""What does not join a case by itself, each sign as a whole mail: it opens a new one, at most with a suggestion."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from support.triage import CLIENT, KEY, a_case, a_context, a_policy

from ingest.parser import parse
from processor.triage.authentication import authenticate
from processor.triage.correlation import Correlation, Standing, claims_of, correlate
from processor.triage.reference import mint_reference, own_message_id, verp_address

DESK = "accounts@desk.example"
STRANGER = "mallory@elsewhere.example"
CASE = mint_reference("DD", lambda _: 11)
MISSING = mint_reference("DD", lambda _: 12)  # nobody has such a case
OURS = own_message_id(CASE, "ack", KEY, "desk.example")
FORGED = own_message_id(CASE, "ack", b"a key of another desk", "desk.example")
FIRST = "<first@client.example>"  # the Message-ID of the client's mail that opened the case
SIGNED = verp_address(DESK, CASE, KEY)
REFUTED = "Authentication-Results: mx.desk.example; dmarc=fail header.from=client.example\r\n"
POLICY = a_policy(authserv_id="mx.desk.example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Something in a mail that points to the case."""

    fields: str = ""
    sender: str = STRANGER
    to: str = DESK
    subject: str = "Invoice 4711"
    words: str = "Where is my money?"
    suggests: bool = False


SIGNS = {
    "the Message-ID of a client's mail in In-Reply-To": Sign(fields=f"In-Reply-To: {FIRST}\r\n", suggests=True),
    "the same by a participant": Sign(fields=f"In-Reply-To: {FIRST}\r\n", sender=CLIENT, suggests=True),
    "the same in References": Sign(fields=f"References: <x@y.example> {FIRST}\r\n", sender=CLIENT, suggests=True),
    "the very Message-ID of a client's mail": Sign(fields=f"Message-ID: {FIRST}\r\n", suggests=True),
    "the same subject": Sign(subject="Re: Invoice 4711"),
    "the same sender": Sign(sender=CLIENT),
    "the same sender and subject": Sign(sender=CLIENT, subject="Re: Invoice 4711"),
    "the reference by a stranger": Sign(subject=f"Re: [{CASE}]", suggests=True),
    "a reference that nobody has": Sign(subject=f"Re: [{MISSING}]", sender=CLIENT),
    "a reference with a wrong check character": Sign(subject=f"Re: [{CASE[:-1]}Z]", sender=CLIENT),
    "the reference by a participant who is refuted": Sign(
        subject=f"Re: [{CASE}]", sender=CLIENT, fields=REFUTED, suggests=True
    ),
    "the reference by two senders, one a participant": Sign(
        subject=f"Re: [{CASE}]", sender=CLIENT, fields=f"From: {STRANGER}\r\n", suggests=True
    ),
    "the reference, a participant in Cc": Sign(subject=f"[{CASE}]", fields=f"Cc: {CLIENT}\r\n", suggests=True),
    "the reference, a participant in Reply-To": Sign(
        subject=f"[{CASE}]", fields=f"Reply-To: {CLIENT}\r\n", suggests=True
    ),
    "the reference, a participant in Sender": Sign(subject=f"[{CASE}]", fields=f"Sender: {CLIENT}\r\n", suggests=True),
    "the reference, a participant as the display name": Sign(
        subject=f"[{CASE}]", sender=f'"{CLIENT}" <{STRANGER}>', suggests=True
    ),
    "the reference in the text": Sign(sender=CLIENT, words=f"This is about [{CASE}]."),
    "the plain plus-address by a stranger": Sign(to=f"accounts+{CASE}@desk.example", suggests=True),
    "the plus-address of somebody else's domain": Sign(sender=CLIENT, to=f"accounts+{CASE}@other.example"),
    "the signed address in the text": Sign(sender=CLIENT, words=f"I wrote to {SIGNED}."),
    "the signed address in Bcc": Sign(sender=CLIENT, fields=f"Bcc: {SIGNED}\r\n"),
    "the signed address in From": Sign(sender=SIGNED),
    "a signed address of another key": Sign(to=verp_address(DESK, CASE, b"a key of another desk")),
    "our token in the text": Sign(sender=CLIENT, words=f"You wrote {OURS} to me.\r\n> Message-ID: {OURS}"),
    "our token in the subject, by a stranger": Sign(subject=OURS, suggests=True),
    "our token as its own Message-ID": Sign(sender=CLIENT, fields=f"Message-ID: {OURS}\r\n"),
    "our token in a field that no mail program writes": Sign(sender=CLIENT, fields=f"X-In-Reply-To: {OURS}\r\n"),
    "a token of another desk's key": Sign(sender=CLIENT, fields=f"In-Reply-To: {FORGED}\r\nReferences: {FORGED}\r\n"),
    "our token, shortened": Sign(sender=CLIENT, fields=f"In-Reply-To: {OURS.replace('@', 'x@')}\r\n"),
    "Thread-Topic and Thread-Index": Sign(
        fields=f"Thread-Topic: [{CASE}] Invoice 4711\r\nThread-Index: AdHb3zVYQ7kUvL4XSkGNbW1pbg==\r\n"
    ),
}  # fmt: skip


def correlated(sign: Sign) -> Correlation:
    message = parse(
        (
            f"{sign.fields}From: {sign.sender}\r\nTo: {sign.to}\r\nSubject: {sign.subject}\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\n\r\n{sign.words}\r\n"
        ).encode()
    )
    mentioned = (message.message_id, *message.in_reply_to, *message.references)
    context = a_context(
        a_case(CASE, CLIENT),
        claims=claims_of(message, KEY, POLICY),
        related=(CASE,) if FIRST in mentioned else (),
    )
    return correlate(message, context, refuted=authenticate(message, POLICY).dmarc == "fail")


@pytest.mark.parametrize("sign", SIGNS)
def test_a_weaker_sign_joins_no_case(sign: str) -> None:
    found = correlated(SIGNS[sign])
    assert (found.case, found.how) == (None, "none")
    assert found.suggested == ((CASE,) if SIGNS[sign].suggests else ())


@pytest.mark.parametrize(
    ("sign", "how", "standing"),
    [
        (Sign(fields=f"In-Reply-To: {OURS}\r\n", sender=CLIENT), "token", Standing.PARTICIPANT),
        (Sign(fields=f"References: {OURS} <x@y.example>\r\n", sender=CLIENT), "token", Standing.PARTICIPANT),
        (Sign(to=SIGNED, sender=CLIENT), "token", Standing.PARTICIPANT),
        (Sign(subject=f"Re: [{CASE}]", sender=CLIENT), "reference", Standing.PARTICIPANT),
        (Sign(to=f"accounts+{CASE}@desk.example", sender=CLIENT), "reference", Standing.PARTICIPANT),
        (Sign(fields=f"In-Reply-To: {OURS}\r\n"), "token", Standing.NOT_PARTICIPANT),
        (Sign(fields=f"{REFUTED}In-Reply-To: {OURS}\r\n", sender=CLIENT), "token", Standing.NOT_CONFIRMED),
    ],
)
def test_what_does_join_says_what_its_writer_has_to_do_with_the_case(sign: Sign, how: str, standing: Standing) -> None:
    found = correlated(sign)
    assert found.case is not None
    assert (found.case.reference, found.how, found.standing, found.suggested) == (CASE, how, standing, ())
