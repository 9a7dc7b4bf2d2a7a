"""A colleague who sends on a client's mail offers the client as the requester; nobody else offers anybody."""

from __future__ import annotations

from typing import Any

import pytest
from support.triage import CLIENT, a_case, a_message, a_policy

from ingest.message import Address, AttachedMessage, ForwardedHeader, Message
from processor.policy import Policy
from processor.triage.automatic import Kind
from processor.triage.colleague import Offer, is_colleague, offered
from processor.triage.correlation import Correlation, Standing

COLLEAGUE = "Amina@desk.example"
NEW = Correlation(case=None, how="none", standing=Standing.PARTICIPANT)
POLICY = a_policy()


def a_block(address: str | None = CLIENT, name: str = "Jane Roe") -> ForwardedHeader:
    return ForwardedHeader(from_=Address(address=address) if address else None, from_name=name)


def a_mail_inside(*addresses: str) -> AttachedMessage:
    return AttachedMessage(from_=tuple(Address(name="Jane", address=address) for address in addresses))


def of(message: Message, kind: Kind = Kind.PERSON, correlation: Correlation = NEW, policy: Policy = POLICY) -> Any:
    return offered(message, kind, correlation, policy)


def sent_on(*blocks: ForwardedHeader, sender: str | None = COLLEAGUE, **more: Any) -> Message:
    return a_message(sender=sender, forwarded=blocks, **more)


def test_a_colleagues_forwarded_mail_offers_its_writer() -> None:
    assert of(sent_on(a_block())) == Offer(address=CLIENT, name="Jane Roe", how="forwarded")


def test_a_mail_attached_by_a_colleague_offers_its_writer() -> None:
    message = a_message(sender=COLLEAGUE, attached_messages=(a_mail_inside(CLIENT),))
    assert of(message) == Offer(address=CLIENT, name="Jane", how="attached")


def test_of_mails_sent_on_twice_the_outermost_of_a_stranger_counts() -> None:
    inner = (
        a_block("bob@desk.example"),
        a_block(None),
        a_block("Legal+x@desk.example"),
        a_block(),
        a_block("x@y.example"),
    )
    assert of(sent_on(*inner)).address == CLIENT


@pytest.mark.parametrize("address", ["bob@desk.example", "accounts@desk.example", "legal+x@DESK.example", None])
def test_neither_the_desk_nor_a_colleague_nor_nobody_is_offered(address: str | None) -> None:
    assert of(sent_on(a_block(address))) is None
    assert of(sent_on()) is None


def test_an_attached_mail_of_several_writers_or_none_offers_nobody() -> None:
    inside = (a_mail_inside(), a_mail_inside(CLIENT, "x@y.example"))
    assert of(a_message(sender=COLLEAGUE, attached_messages=inside)) is None


@pytest.mark.parametrize(
    ("message", "kind", "standing"),
    [
        (sent_on(a_block(), sender="eve@evil.example"), Kind.PERSON, Standing.PARTICIPANT),
        (sent_on(a_block(), sender="amina@desk.example.evil.example"), Kind.PERSON, Standing.PARTICIPANT),
        (sent_on(a_block(), sender="accounts@desk.example"), Kind.PERSON, Standing.PARTICIPANT),
        (sent_on(a_block(), sender=None), Kind.PERSON, Standing.NOT_PARTICIPANT),
        (sent_on(a_block(), from_ambiguous=True), Kind.PERSON, Standing.NOT_PARTICIPANT),
        (sent_on(a_block()), Kind.PERSON, Standing.NOT_CONFIRMED),
        (sent_on(a_block()), Kind.AUTO_REPLY, Standing.PARTICIPANT),
        (sent_on(a_block()), Kind.BOUNCE, Standing.REPORTER),
    ],
    ids=["stranger", "look-alike", "desk", "nobody", "two senders", "refuted", "vacation", "bounce"],
)
def test_nobody_but_a_confirmed_colleague_offers_anybody(message: Message, kind: Kind, standing: Standing) -> None:
    assert of(message, kind, Correlation(case=None, how="none", standing=standing)) is None


def test_who_is_a_participant_already_is_not_offered() -> None:
    joined = Correlation(case=a_case("DD-7K3M-9QXW-S", CLIENT), how="token", standing=Standing.NOT_PARTICIPANT)
    assert of(sent_on(a_block()), correlation=joined) is None
    assert of(sent_on(a_block("x@y.example")), correlation=joined).address == "x@y.example"


def test_what_is_offered_is_bounded_and_holds_no_bank_detail() -> None:
    assert of(sent_on(a_block(f"{'x' * 300}@client.example"))) is None
    assert of(sent_on(*[a_block(None)] * 30, a_block())).address == CLIENT  # blocks that name nobody cost nothing
    assert of(sent_on(*[a_block("bob@desk.example")] * 30, a_block())) is None
    assert of(sent_on(a_block(name=f"DE89 3704 0044 0532 0130 00 {'x' * 400}"))).name.startswith("[IBAN ...3000] xxx")
    assert len(of(sent_on(a_block(name="x" * 400))).name) == 200


@pytest.mark.parametrize(
    ("colleagues", "address", "known"),
    [
        (None, "bob@desk.example", True),
        (None, "bob@desk.example.evil.example", False),
        (None, "bob@sub.desk.example", False),
        (None, "accounts@desk.example", False),
        (["Partner.example"], "bob@partner.EXAMPLE", True),
        (["*@partner.example"], "bob@partner.example", True),
        (["partner.example"], "bob@desk.example", False),
        (["Bob@gmail.com"], "bob@GMAIL.com", True),
        (["bob@gmail.com"], "eve@gmail.com", False),
        ([], "bob@desk.example", False),
    ],
)
def test_the_policy_says_who_a_colleague_is(colleagues: list[str] | None, address: str, known: bool) -> None:
    assert is_colleague(address, a_policy({"colleagues": colleagues})) is known


def test_a_desk_at_a_webmail_provider_has_no_colleagues_there() -> None:
    policy = a_policy({"address": "desk@gmail.com", "addresses": ["legal@desk.example"]})
    assert not is_colleague("eve@gmail.com", policy)
    assert is_colleague("bob@desk.example", policy)


@pytest.mark.parametrize("written", ["", "a b.example", "@desk.example", "x@", "b*@desk.example", "desk.example/x"])
def test_what_is_neither_address_nor_domain_is_a_mistake(written: str) -> None:
    with pytest.raises(ValueError, match="neither a mail address nor a domain"):
        a_policy({"colleagues": [written]})
