"""An address that nobody has is written to once; people see it, and can say otherwise."""

from __future__ import annotations

import getpass
import json
from typing import Any

import pytest
import sqlalchemy as sa
from support.delivering import Delivering, Opening
from support.mails import a_mail
from support.scripted_smtp import Meanwhile

from processor.store.models import Case, Event, Outbox, Suppression

GONE = "550 5.1.1 no such user"
CLIENT = "client1@c1.example"
IBAN = "DE89370400440532013000"


def ask(at: Delivering, *arguments: str) -> Any:
    done = at.desk.command_here("inbox", "suppressed", *arguments, "--json")
    assert done.stderr == ""
    return json.loads(done.stdout)


def refused_by(at: Delivering, *arguments: str) -> str:
    done = at.desk.command_here("inbox", "suppressed", *arguments)
    assert done.returncode == 1
    return done.stderr


def test_what_proves_it_is_kept_beside_the_address(delivering: Opening) -> None:
    at = delivering({"RCPT": GONE})

    at.deliver()

    (row,) = at.desk.rows(Suppression)
    assert (row.address, row.reason, row.since, row.actor) == (CLIENT, f"refused: {GONE}", at.now(), "daydesk")
    assert (row.case_id, row.outbox_id, row.inbound_id) == (at.desk.rows(Case)[0].id, at.row().id, None)


def test_a_suppressed_client_gets_a_case_and_no_acknowledgement(delivering: Opening) -> None:
    at = delivering({"RCPT": GONE})
    at.deliver()

    at.take_in(a_mail(1, subject="Another invoice", message_id="<other@c1.example>", sender="Client1@C1.example"))
    at.deliver()

    assert len(at.desk.rows(Case)) == 2
    decided = at.story(1)["events"][-1]["data"]
    assert decided["reasons"] == [["SUPPRESSED", f"refused: {GONE}"]]
    assert len(at.desk.rows(Outbox)) == 1


def test_a_suppressed_client_is_so_with_a_plus_tag_and_a_tag_alone_is_not_the_client(delivering: Opening) -> None:
    at = delivering()
    ask(at, "add", CLIENT, "--reason", "asked us not to")
    ask(at, "add", "client2+old@c2.example", "--reason", "left")

    at.take_in(a_mail(3, sender="client1+new@c1.example"), a_mail(2, subject="Another invoice"))

    reasons = [at.story(case)["events"][-1]["data"]["reasons"] for case in (1, 2)]
    assert reasons == [[["SUPPRESSED", "asked us not to"]], []]


def test_two_refusals_of_one_address_put_it_on_the_list_once(delivering: Opening) -> None:
    at = delivering({"RCPT": GONE})
    at.take_in(a_mail(1, subject="Another invoice", message_id="<other@c1.example>"))

    at.deliver()

    assert [row.state for row in at.desk.rows(Outbox)] == ["failed", "failed"]
    assert at.suppressed == {CLIENT: f"refused: {GONE}"}
    assert [row.kind for row in at.desk.rows(Event)].count("suppressed") == 1


def test_a_client_who_cannot_be_reached_is_warned_of_wherever_the_case_is_shown(delivering: Opening) -> None:
    at = delivering({"RCPT": GONE})
    reference = at.desk.rows(Case)[0].reference
    before = at.desk.command_here("case", "list").stdout
    at.deliver()

    told = f"{CLIENT} could not be reached: {GONE}"
    shown = " ".join(at.desk.command_here("case", "show", reference).stdout.split())
    listed = at.desk.command_here("case", "list").stdout

    assert "WARNING" not in before
    assert f"WARNING {told}" in shown
    assert f"acknowledgement failed, to {CLIENT}; the server said: {GONE}" in shown
    assert f"suppressed: address={CLIENT}" in shown
    assert f"WARNING {reference}: {told}" in " ".join(listed.split())
    assert json.loads(at.desk.command_here("case", "list", "--json").stdout)[0]["undelivered"] == told


def test_bank_details_in_an_address_reach_no_text(delivering: Opening) -> None:
    at = delivering({"RCPT": f"550 5.1.1 {IBAN}@c1.example unknown"}, mails=0)
    at.take_in(a_mail(1, sender=f"{IBAN}@c1.example"))
    at.deliver()

    reference = at.desk.rows(Case)[0].reference
    pages = [("case", "show", reference), ("case", "list"), ("inbox", "suppressed", "list")]
    told = "".join(at.desk.command_here(*page, *more).stdout for page in pages for more in ((), ("--json",)))

    assert "[IBAN ...3000]@c1.example" in told
    assert IBAN not in told
    assert list(at.suppressed) == [f"{IBAN}@c1.example".casefold()]  # by which the next mail is known


def test_a_person_lists_adds_and_removes_on_record(delivering: Opening) -> None:
    at = delivering(mails=0)

    ask(at, "add", "Ada@Client.example", "--reason", "asked us not to")
    (row,) = ask(at, "list")
    words = at.desk.command_here("inbox", "suppressed", "list").stdout
    ask(at, "remove", "ADA@client.example", "--actor", "amina")

    assert (row["address"], row["reason"], row["actor"]) == ("ada@client.example", "asked us not to", getpass.getuser())
    assert row["case"] is None
    assert words.startswith("ada@client.example, since ")
    assert f"by {getpass.getuser()}: asked us not to" in " ".join(words.split())
    assert ask(at, "list") == []
    assert at.desk.command_here("inbox", "suppressed", "list").stdout == "No address is suppressed.\n"
    assert [(event.kind, event.actor, event.data["address"]) for event in at.desk.rows(Event)] == [
        ("suppressed", getpass.getuser(), "ada@client.example"),
        ("suppression lifted", "amina", "ada@client.example"),
    ]


def test_the_list_names_the_case_that_shows_it(delivering: Opening) -> None:
    at = delivering({"RCPT": GONE})
    at.deliver()
    reference = at.desk.rows(Case)[0].reference

    assert [row["case"] for row in ask(at, "list")] == [reference]
    words = " ".join(at.desk.command_here("inbox", "suppressed", "list").stdout.split())
    assert words.endswith(f"refused: {GONE}; case {reference}")


def test_a_client_who_is_taken_off_the_list_is_answered_again(delivering: Opening) -> None:
    at = delivering({"RCPT": GONE}, {})
    at.deliver()
    ask(at, "remove", CLIENT)

    at.take_in(a_mail(1, subject="Another invoice", message_id="<other@c1.example>"))
    at.deliver()

    assert [row.state for row in at.desk.rows(Outbox)] == ["failed", "sent"]
    assert at.kinds()[-1] == "suppression lifted"


@pytest.mark.parametrize(
    "address", ["ada", "ada@", "Ada <ada@client.example>", "a b@client.example", "\udcff@x.example"]
)
def test_what_is_no_address_is_not_suppressed(delivering: Opening, address: str) -> None:
    at = delivering(mails=0)
    assert "is not a mail address" in refused_by(at, "add", address, "--reason", "x")
    assert at.suppressed == {}


def test_an_act_that_changes_nothing_says_so(delivering: Opening) -> None:
    at = delivering(mails=0)
    ask(at, "add", CLIENT, "--reason", "first")

    assert "is on the list already" in refused_by(at, "add", CLIENT.upper(), "--reason", "second")
    assert "for a reason" in refused_by(at, "add", "other@c1.example", "--reason", " ")
    assert "is not on the list" in refused_by(at, "remove", "other@c1.example")
    assert at.suppressed == {CLIENT: "first"}
    assert len(at.desk.rows(Event)) == 1


@pytest.mark.parametrize(
    ("reply", "on_the_list"),
    [
        ("450 4.1.2 domain not found", True),
        ("452 4.2.2 full", True),
        ("451 4.7.1 greylisted", False),
        ("450 busy", False),
    ],
)
def test_what_is_given_up_is_suppressed_only_where_the_address_is_the_reason(
    delivering: Opening, reply: str, on_the_list: bool
) -> None:
    at = delivering({"RCPT": reply}, first_pause_seconds=3600, give_up_hours=2)
    at.deliver()
    at.now.time = at.row().next_at
    at.deliver()

    assert (at.row().state, at.row().tries) == ("failed", 2)
    assert (CLIENT in at.suppressed) is on_the_list
    assert at.suppressed.get(CLIENT, f"given up: {reply}") == f"given up: {reply}"
    (failed,) = (event["data"] for event in at.story()["events"] if event["kind"] == "acknowledgement failed")
    assert (failed["gave_up"], failed["reply"]) == (True, reply)


@pytest.mark.parametrize(
    "script",
    [
        {"MAIL": "550 5.1.1 no such sender"},
        {"MAIL": "550 5.7.1 not you"},
        {"RCPT": "550 5.7.1 relaying denied"},
        {"RCPT": "550 relay not permitted"},
        {"RCPT": "552 5.2.2 mailbox full"},
        {"dot": "552 5.3.4 too large"},
        {"dot": "554 5.7.1 spam"},
    ],
)
def test_a_refusal_because_of_us_or_of_the_mail_suppresses_nobody(delivering: Opening, script: dict[str, str]) -> None:
    at = delivering(script)

    at.deliver()

    assert (at.row().state, at.suppressed) == ("failed", {})
    assert "could not be reached" in at.story()["undelivered"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite there is never another worker
def test_an_attempt_that_another_worker_overtook_suppresses_nobody(delivering: Opening) -> None:
    at = delivering({"RCPT": [Meanwhile(lambda: taken_up(at), GONE)]})

    at.deliver()

    assert (at.row().state, at.row().tries, at.suppressed) == ("sent", 2, {})
    overtaken = at.story()["events"][-1]
    assert (overtaken["kind"], overtaken["data"]["outcome"]) == ("acknowledgement overtaken", "failed")


def taken_up(at: Delivering) -> None:
    """Another worker takes the mail up, and has it sent."""
    with at.desk.store() as store, store.writing() as session:
        session.execute(sa.update(Outbox).values(state="sent", tries=2, settled_at=at.now()))
