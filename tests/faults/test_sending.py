"""The server that takes our mail refuses, defers, falls silent or breaks off, at every step of the conversation."""

from __future__ import annotations

import random
import threading
from datetime import timedelta

import pytest
from support.cells import cell
from support.delivering import Delivering, Opening, Watch
from support.scripted_smtp import Act, Script

from ingest.errors import Configuration, DeskError, Transient
from processor.store.models import Event, Outbox

CLIENT = "client1@c1.example"
NOTHING_SENT = "Nothing is sent, no try is counted, the pass ends with exit code 75. The next pass tries again."
A_PERSON = "Nothing is sent, no try is counted, the pass ends with exit code 78: a person must mend something."
LATER = "The mail is due again, after a pause that doubles with each try. The next mail goes out."
AWAY = "The connection is dropped, the mail is due again. The next mail goes out over a new connection."
ANEW = "A server may leave between two mails: the mail goes out over a new connection, in the same try."
FAILED = "The mail failed, which its case, the queue report and `daydesk health` show. The next mail goes out."
ABOUT_US = FAILED + " Nobody is suppressed: what is said before the recipient is named is said of us."
OF_THE_MAIL = FAILED + " Nobody is suppressed, since not the address is at fault."
NOBODY = FAILED + " Nobody has the address: it goes on the suppression list, in the same transaction."
UNKNOWN = (
    "The mail is unknown, with the server's last words: nobody can know whether it was taken (RFC 1047). It is sent "
    "again under the same Message-ID. The next mail goes out over a new connection."
)
WITHIN = "The mail is due again, or unknown where its last octet had left already. " + UNKNOWN.partition("). ")[2]
SENT = "The mails were taken before: nothing is sent again, and the pass ends well."
LOGIN = {"EHLO": "250-scripted.example\r\n250 AUTH PLAIN", "AUTH": "235 2.7.0 welcome"}

CANNOT_ENTER = [
    cell("SMTP", "421 at the greeting", NOTHING_SENT, {"greeting": "421 4.3.2 later"}, Transient),
    cell("SMTP", "other 4xx at the greeting", NOTHING_SENT, {"greeting": "454 4.3.0 later"}, Transient),
    cell("SMTP", "5xx at the greeting", A_PERSON, {"greeting": "554 5.7.1 not you"}, Configuration),
    cell("SMTP", "cut at the greeting", NOTHING_SENT, {"greeting": Act.CUT}, Transient),
    cell("SMTP", "421 at EHLO", NOTHING_SENT, {"EHLO": "421 4.3.2 later", "HELO": "421 4.3.2 later"}, Transient),
    cell("SMTP", "other 4xx at EHLO", NOTHING_SENT, {"EHLO": "451 4.3.0 no", "HELO": "451 4.3.0 no"}, Transient),
    cell("SMTP", "5xx at EHLO", A_PERSON, {"EHLO": "550 5.7.1 no", "HELO": "550 5.7.1 no"}, Configuration),
    cell("SMTP", "cut at EHLO", NOTHING_SENT, {"EHLO": Act.CUT}, Transient),
    cell("SMTP", "421 at AUTH", NOTHING_SENT, LOGIN | {"AUTH": "421 4.3.2 later"}, Transient),
    cell("SMTP", "other 4xx at AUTH", NOTHING_SENT, LOGIN | {"AUTH": "454 4.7.0 later"}, Transient),
    cell("SMTP", "5xx at AUTH", A_PERSON, LOGIN | {"AUTH": "535 5.7.8 wrong"}, Configuration),
    cell("SMTP", "cut at AUTH", NOTHING_SENT, LOGIN | {"AUTH": Act.CUT}, Transient),
]
OF_ONE_MAIL = [
    cell("SMTP", "421 at MAIL", ANEW, {"MAIL": "421 4.3.2 later"}, "sent", []),
    cell("SMTP", "other 4xx at MAIL", LATER, {"MAIL": ["451 4.3.0 later", "250 ok"]}, "due", []),
    cell("SMTP", "5xx at MAIL", ABOUT_US, {"MAIL": ["550 5.1.0 not you", "250 ok"]}, "failed", []),
    cell("SMTP", "cut at MAIL", ANEW, {"MAIL": Act.CUT}, "sent", []),
    cell("SMTP", "421 at RCPT", AWAY, {"RCPT": "421 4.3.2 later"}, "due", []),
    cell("SMTP", "other 4xx at RCPT", LATER, {"RCPT": ["451 4.3.0 later", "250 ok"]}, "due", []),
    cell("SMTP", "5xx at RCPT", OF_THE_MAIL, {"RCPT": ["550 5.7.1 policy", "250 ok"]}, "failed", []),
    cell("SMTP", "5xx at RCPT, nobody there", NOBODY, {"RCPT": ["550 5.1.1 nobody", "250 ok"]}, "failed", [CLIENT]),
    cell("SMTP", "cut at RCPT", AWAY, {"RCPT": Act.CUT}, "due", []),
    cell("SMTP", "421 at DATA", AWAY, {"DATA": "421 4.3.2 later"}, "due", []),
    cell("SMTP", "other 4xx at DATA", LATER, {"DATA": ["451 4.3.0 later", "354 go on"]}, "due", []),
    cell("SMTP", "5xx at DATA", OF_THE_MAIL, {"DATA": ["554 5.5.1 no", "354 go on"]}, "failed", []),
    cell("SMTP", "cut at DATA", AWAY, {"DATA": Act.CUT}, "due", []),
    cell("SMTP", "cut within the content (FIN)", WITHIN, {"content": Act.CUT}, "due or unknown", []),
    cell("SMTP", "cut within the content (RST)", WITHIN, {"content": Act.RESET}, "due or unknown", []),
    cell("SMTP", "421 after the dot", AWAY, {"dot": "421 4.3.2 later"}, "due", []),
    cell("SMTP", "other 4xx after the dot", LATER, {"dot": ["451 4.3.0 later", "250 ok"]}, "due", []),
    cell("SMTP", "5xx after the dot", OF_THE_MAIL, {"dot": ["554 5.6.0 no", "250 ok"]}, "failed", []),
    cell("SMTP", "5xx after the dot, nobody there", NOBODY, {"dot": ["550 5.2.1 gone", "250 ok"]}, "failed", [CLIENT]),
    cell("SMTP", "cut after the dot (FIN)", UNKNOWN, {"dot": Act.CUT}, "unknown", []),
    cell("SMTP", "cut after the dot (RST)", UNKNOWN, {"dot": Act.RESET}, "unknown", []),
    cell("SMTP", "421 at QUIT", SENT, {"QUIT": "421 4.3.2 later"}, "sent", []),
    cell("SMTP", "other 4xx at QUIT", SENT, {"QUIT": "451 4.3.0 no"}, "sent", []),
    cell("SMTP", "5xx at QUIT", SENT, {"QUIT": "554 5.5.1 no"}, "sent", []),
    cell("SMTP", "cut at QUIT", SENT, {"QUIT": Act.CUT}, "sent", []),
]


def settled(at: Delivering) -> list[tuple[str, int]]:
    return [(row.state, row.tries) for row in at.desk.rows(Outbox)]


@pytest.mark.parametrize(("script", "error"), CANNOT_ENTER)
def test_a_server_that_cannot_be_entered_costs_no_try(
    delivering: Opening, script: Script, error: type[DeskError]
) -> None:
    at = delivering(script, LOGIN, mails=2)
    if "AUTH" in script:
        (at.desk.folder / "smtp.password").write_text("secret\n")
        at.desk.change(smtp={"username": "desk", "password": {"file": "smtp.password"}})

    with pytest.raises(error):
        at.deliver()
    before = settled(at)
    at.deliver()

    assert before == [("due", 0)] * 2
    assert settled(at) == [("sent", 1)] * 2
    assert sorted(at.sent) == sorted(row.message_id for row in at.desk.rows(Outbox))
    assert at.suppressed == {}


@pytest.mark.parametrize(("script", "state", "suppressed"), OF_ONE_MAIL)
def test_what_becomes_of_a_mail_is_said_of_it_alone(
    delivering: Opening, script: Script, state: str, suppressed: list[str]
) -> None:
    at = delivering(script, {}, mails=2)

    at.deliver()
    (first, tries), second = settled(at)
    at.now.forward(hours=1)
    at.deliver()

    assert first in state
    assert (tries, second) == (1, ("sent", 1))
    one, other = at.desk.rows(Outbox)
    assert (one.state, one.tries) == (("sent", 2) if first in ("due", "unknown") else (first, 1))
    assert list(at.suppressed) == suppressed
    assert set(at.sent) <= {one.message_id, other.message_id}
    assert at.sent.count(other.message_id) == 1
    assert ("could not be reached" in (at.story()["undelivered"] or "")) is (first == "failed")
    assert at.story(1)["undelivered"] is None


@pytest.mark.cell(
    "SMTP",
    "greylisted for an hour",
    "The mail is due again after 1, 2, 4, 8, ... minutes, and goes out with the first try after the hour, once, under "
    "the Message-ID that it always had. Nobody is suppressed.",
)
def test_what_is_greylisted_for_an_hour_goes_out_after_it(delivering: Opening) -> None:
    now = Watch()
    hour_over = now() + timedelta(hours=1)
    grey, well = "451 4.7.1 greylisted, come back later", "250 2.1.5 ok"
    at = delivering({"RCPT": lambda: grey if now() < hour_over else well}, now=now)
    tried = []
    while at.row().state == "due":
        now.time = max(now(), at.row().next_at)
        tried.append(round((now() - hour_over).total_seconds() / 60) + 60)
        at.deliver()

    assert tried == [0, 1, 3, 7, 15, 31, 63]
    assert (at.row().state, at.row().tries) == ("sent", 7)
    assert at.sent == [at.row().message_id]
    assert at.suppressed == {}


@pytest.mark.parametrize(
    ("reply", "suppressed"),
    [
        cell(
            "SMTP",
            "4xx for `smtp.give_up_hours`",
            "The mail failed, given up, which its case, the queue report and `daydesk health` show. Nobody is "
            "suppressed, since not the address is at fault.",
            "451 4.7.1 greylisted",
            [],
        ),
        cell(
            "SMTP",
            "4xx for `smtp.give_up_hours`, nobody there",
            "The mail failed, given up. The address goes on the suppression list, in the same transaction.",
            "450 4.1.2 domain not found",
            [CLIENT],
        ),
    ],
)
def test_what_is_deferred_for_too_long_is_given_up(delivering: Opening, reply: str, suppressed: list[str]) -> None:
    at = delivering({"RCPT": reply}, first_pause_seconds=12 * 3600, longest_pause_seconds=24 * 3600)
    began = at.now()
    while at.row().state == "due":
        at.now.time = max(at.now(), at.row().next_at)
        at.deliver()

    assert at.row().state == "failed"
    assert timedelta(hours=84) < at.row().settled_at - began <= timedelta(hours=120)
    assert list(at.suppressed) == suppressed
    assert at.story()["undelivered"] == f"{CLIENT} could not be reached: {reply}"


@pytest.mark.cell(
    "SMTP",
    "one reply of ten to DATA is lost",
    "Each is an attempt that ended unknown, no more and no fewer. No acknowledgement is missing, and none goes out "
    "under a second Message-ID.",
)
def test_every_lost_reply_is_told_and_no_acknowledgement_is_missing(delivering: Opening) -> None:
    at = delivering(*losing_replies(), mails=40)
    while any(row.state != "sent" for row in at.desk.rows(Outbox)):
        at.deliver()
        at.now.forward(hours=5)

    lost = len(at.sent) - len(set(at.sent))
    assert lost >= 2
    assert sorted(set(at.sent)) == sorted(row.message_id for row in at.desk.rows(Outbox))
    assert [row.kind for row in at.desk.rows(Event)].count("acknowledgement unknown") == lost
    assert [row.kind for row in at.desk.rows(Event)].count("acknowledgement sent") == 40


@pytest.mark.cell(
    "SMTP",
    "two workers at work while replies are lost",
    "Each mail is in the hands of one worker at a time: it is sent once, and once more for each reply to it that was "
    "lost.",
)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite there is never another worker
def test_two_workers_send_nothing_twice_but_what_was_lost(delivering: Opening) -> None:
    at = delivering(*losing_replies(), mails=40, batch=3)
    while any(row.state != "sent" for row in at.desk.rows(Outbox)):
        workers = [threading.Thread(target=at.deliver) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        at.now.forward(hours=5)

    rows = at.desk.rows(Outbox)
    assert sorted(at.sent) == sorted(row.message_id for row in rows for _try in range(row.tries))
    unknown = [row.kind for row in at.desk.rows(Event)].count("acknowledgement unknown")
    assert sum(row.tries for row in rows) == 40 + unknown
    assert unknown >= 2


def losing_replies() -> list[Script]:
    """Connections whose server takes some mails, on average nine, and cuts before it says that it took the next."""
    draw = random.Random(7)  # noqa: S311 - numbers, no secrets
    return [{"dot": ["250 2.0.0 taken"] * draw.randrange(19) + [Act.CUT]} for _ in range(100)]
