"""A case that smells of payment diversion is settled in no way before a second person has confirmed a call."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from support.conversing import Conversing
from support.mails import a_mail

from processor.store.models import CallBack, Case, Contact, ContactAddress, ContactPhone, Status

JANE, NUMBER = "jane@c1.example", "+441134960777"
ASK = "Dear team,\n\nour bank details have changed, please use the new account from now on.\n\nJane\n"
SETTLING = (("resolve",), ("close",))


@pytest.fixture
def talk(talk: Conversing) -> Conversing:
    """A desk that has Jane's number on file, and a case of hers that is held, another one that is not."""
    put_on_file(talk)
    talk.take_in(a_mail(1, sender=JANE, subject="Account", words=ASK), a_mail(2))
    return talk


def put_on_file(talk: Conversing) -> None:
    since = talk.now() - timedelta(days=1)
    with talk.desk.store() as store, store.writing() as session:
        row = {"code": "V-1", "name": "Jane", "kind": "vendor", "since": since, "actor": "amina"}
        contact_id = session.execute(sa.insert(Contact).values(row).returning(Contact.id)).scalar_one()
        address = {"key": JANE, "address": JANE, "domain": "c1.example", "contact_id": contact_id, "owner": True}
        session.execute(sa.insert(ContactAddress).values(**address, since=since))
        session.execute(sa.insert(ContactPhone).values(contact_id=contact_id, number=NUMBER, since=since))


@pytest.fixture
def held(talk: Conversing) -> str:
    return str(talk.cases()[0].reference)


@pytest.fixture
def other(talk: Conversing) -> str:
    return str(talk.cases()[1].reference)


def call(
    held: str, *more: str, number: str = "+44 (0)113 496 0777", by: str = "amina", outcome: str = "confirmed"
) -> list[str]:
    told = ["--called", number, "--spoke-with", "Jane", "--outcome", outcome, "--by", by]
    return ["call-back", held, *told, *more]


def answer(talk: Conversing, number: int = 0, mail: int = 9000, *, words: str, fields: str = "") -> bytes:
    """An answer to this acknowledgement, in these words."""
    ours = talk.read(number)
    thread = f"In-Reply-To: {ours['Message-ID']}\r\nReferences: {ours['Message-ID']}\r\n{fields}"
    return a_mail(mail, fields=thread, sender=ours["To"], subject="Re: Account", words=f"{words}\n")


def test_a_held_case_is_marked_and_the_other_one_is_not(talk: Conversing, held: str, other: str) -> None:
    assert (talk.story(held)["held"], talk.story(held)["diversion"]) == (True, "hold")
    assert (talk.story(other)["held"], talk.story(other)["diversion"]) == (False, "none")
    assert "payment diversion is suspected" in talk.act("show", held)
    listed = talk.act("list")
    assert listed.count("(HELD)") == 1
    assert listed.index(held) < listed.index("(HELD)")
    assert "HELD: payment diversion is suspected" in listed
    assert "level hold (score 60" in " ".join(talk.desk.command_here("explain", held).stdout.split())
    assert "1 case is held" in " ".join(talk.desk.command_here("report", "queues").stdout.split())
    (file,) = (talk.desk.folder / "inbox").glob("*1.eml")
    assert "level hold" in talk.desk.command_here("explain", str(file)).stdout
    (event,) = talk.events("payment diversion")
    assert event.data["signals"][0][0] == "change-requested"


def test_the_client_is_told_what_anybody_is_told(talk: Conversing) -> None:
    bodies = [talk.read(number).get_body(("plain",)) for number in (0, 1)]
    words = [body.get_content() for body in bodies if body is not None]
    first, second = (text.replace(case.reference, "REF") for text, case in zip(words, talk.cases(), strict=True))
    assert first == second
    assert not any(word in first.lower() for word in ("held", "fraud", "divers", "suspect"))


@pytest.mark.parametrize("words", SETTLING)
def test_it_is_not_settled_before_two_people_have_confirmed(talk: Conversing, held: str, words: tuple[str]) -> None:
    assert "is held" in talk.refused(*words, held)
    talk.act(*call(held))
    assert "is held" in talk.refused(*words, held)
    assert "a second person must confirm" in talk.refused("confirm", held, "--by", " Amina")
    assert "released" in talk.act("confirm", held, "--by", "bruno")
    talk.act(*words, held)
    (row,) = talk.desk.rows(CallBack)
    assert (row.number, row.on_file, row.actor, row.confirmed_by, row.outcome) == (
        NUMBER, True, "amina", "bruno", "confirmed",
    )  # fmt: skip
    assert [len(talk.events(kind)) for kind in ("called back", "released by a second person")] == [1, 1]
    assert "spoke with Jane" in talk.act("show", held)


def test_it_is_not_merged_away_but_may_take_another_in(talk: Conversing, held: str, other: str) -> None:
    assert "is held" in talk.refused("merge", held, other)
    talk.act("merge", other, held)
    assert "is held" in talk.refused("resolve", held)


def test_what_was_confirmed_of_a_case_is_so_of_the_one_that_takes_it_in(
    talk: Conversing, held: str, other: str
) -> None:
    talk.act(*call(held))
    talk.act("confirm", held, "--by", "bruno")
    talk.act("merge", held, other)
    assert (talk.story(other)["diversion"], talk.story(other)["held"]) == ("hold", False)
    talk.act("close", other)


def test_the_database_itself_refuses_every_other_way(talk: Conversing, held: str) -> None:
    for status in (Status.RESOLVED, Status.CLOSED):
        with pytest.raises(sa.exc.IntegrityError), talk.desk.store() as store, store.writing() as session:
            session.execute(sa.update(Case).where(Case.reference == held).values(status=status))


@pytest.mark.parametrize("number", ["+44 7700 900999", "12", "none"])
def test_only_the_number_on_file_is_called(talk: Conversing, held: str, number: str) -> None:
    assert f"call {NUMBER}" in talk.refused(*call(held, number=number))
    assert f"call {NUMBER}" in talk.refused(*call(held, number=number, outcome="refused"))


def test_a_number_that_came_on_file_after_the_mail_is_none(talk: Conversing, held: str) -> None:
    with talk.desk.store() as store, store.writing() as session:
        session.execute(
            sa.insert(ContactPhone).values(contact_id=1, number="+44999999999", since=talk.now() + timedelta(1))
        )
    assert "was not on file before the mail came" in talk.refused(*call(held, number="+44 999999999"))


def test_where_no_number_is_on_file_a_request_can_be_refused_or_the_policy_allows_another(talk: Conversing) -> None:
    talk.take_in(a_mail(3, words=ASK, subject="Account"))
    stranger = str(talk.cases()[2].reference)
    assert "No number was on file" in talk.refused(*call(stranger))
    assert "no contact" in talk.refused(*call(stranger, "--contact", "V-9"))
    assert "is not a telephone number" in talk.refused(*call(stranger, number="none"))
    talk.act(*call(stranger, "--contact", "V-1"))
    talk.act(*call(stranger, number="none", outcome="refused"))
    assert "REFUSED" in talk.act("confirm", stranger, "--by", "bruno")
    talk.act("close", stranger)
    talk.take_in(a_mail(4, words=ASK, subject="Account"))
    another = str(talk.cases()[3].reference)
    talk.desk.change(diversion={"call_back_without_number": True})
    assert "No number was on file" in talk.act(*call(another))
    assert "no number on file" in talk.act("show", another)


def test_a_call_needs_names_and_a_confirmation_a_call(talk: Conversing, held: str, other: str) -> None:
    assert "Nobody has called back" in talk.refused("confirm", held)
    assert "is not held" in talk.refused("confirm", other)
    assert "is not held" in talk.refused(*call(other))
    assert "Whom did you speak with" in talk.refused(*call(held, "--spoke-with", " "))
    assert "Who does it" in talk.refused(*call(held, by=" "))


def test_a_later_mail_of_the_kind_holds_a_released_and_closed_case_again(talk: Conversing, held: str) -> None:
    talk.act(*call(held))
    talk.act("confirm", held, "--by", "bruno")
    talk.act("close", held)
    talk.take_in(answer(talk, words="Thank you"))
    assert talk.story(held)["held"] is False
    talk.act("close", held)
    talk.take_in(answer(talk, mail=9001, words=ASK))
    story = talk.story(held)
    assert (story["held"], story["status"]) == (True, "open")
    assert "Nobody has called back" in talk.refused("confirm", held, "--by", "bruno")
    assert len(story["call_backs"]) == 1


def test_a_machine_that_asks_for_it_opens_its_case_again_too(talk: Conversing, other: str) -> None:
    talk.act("close", other)
    talk.take_in(answer(talk, 1, words=ASK, fields="Auto-Submitted: auto-generated\r\n"))
    assert (talk.story(other)["held"], talk.story(other)["status"]) == (True, "open")
    talk.take_in(answer(talk, 1, mail=9001, words="Thanks"))
    assert talk.story(other)["diversion"] == "hold"


def test_switched_off_nothing_is_held(talk: Conversing) -> None:
    talk.desk.change(diversion={"enabled": False})
    talk.take_in(a_mail(3, words=ASK))
    talk.act("close", str(talk.cases()[2].reference))
