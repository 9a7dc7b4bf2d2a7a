"""What the server lists is no longer there, cannot be, or is too much for one answer."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from support.mails import a_mail
from support.proxy import Rule, Way
from support.scripted_imap import Answer, Peer, scripted_imap
from support.trial import Trial

from processor.store.models import Cursor, Inbound

LISTED = rb"\* SEARCH [^\r]*\r\n[^\r]*\r\n"


@pytest.mark.parametrize("expunged", [[2], [1, 2, 3]], ids=["one of three", "all"])
@pytest.mark.cell(
    "search",
    "another client expunges mail between the listing and the fetch",
    "What is gone is no mail of the desk's and not in the ledger; the others come in. The pass ends with exit code 0.",
)
def test_what_another_client_expunged_is_merely_missing(trial: Trial, expunged: list[int]) -> None:
    trial.bring()
    trial.proxy.obey(Rule(way=Way.TO_CLIENT, seen=LISTED, before=True, call=lambda: expunge(trial, expunged)))

    trial.passes()

    trial.mails = [mail for number, mail in enumerate(trial.mails, 1) if number not in expunged]
    trial.bring(1)
    trial.comes_home()


@pytest.mark.cell(
    "search",
    "the next UID goes back below what was taken in (the server was restored from an old copy)",
    "The pass ends with exit code 75 and fetches nothing, since under known UIDs there may be other mail; the message "
    "says to recreate the folder. Then it is read anew, without a second case.",
)
def test_a_next_uid_that_went_back_stops_the_mailbox(trial: Trial) -> None:
    trial.mailbox(folder="Team")
    with trial.dovecot.client(trial.user) as client:
        client.create_folder("Team")
    trial.bring(folder="Team")
    trial.passes()
    with trial.desk.store() as store, store.writing() as session:
        session.execute(sa.update(Cursor).values(uid=90))
    trial.fails(75, "the next UID went back to 4, though 90 was taken in", "recreate the folder")

    with trial.dovecot.client(trial.user) as client:
        client.delete_folder("Team")
        client.create_folder("Team")
    trial.bring(folder="Team")
    trial.comes_home()


@pytest.mark.cell(
    "search",
    "the mailbox is huge",
    "It is listed in windows of 10,000 UIDs, so that no answer of the server grows with the mailbox; what a window "
    "held is committed before the next one.",
)
def test_a_huge_mailbox_is_listed_in_windows(trial: Trial) -> None:
    raw = a_mail(1)
    asked: list[tuple[int, int]] = []

    def search(peer: Peer, tag: bytes) -> None:
        low, high = (int(number) for number in re.findall(r"\d+", server.heard[-1]))
        asked.append((low, high))
        peer.say(b"* SEARCH 25001\r\n" * (low <= 25_001 <= high) + tag + b" OK done\r\n")

    script: dict[str, Answer] = {
        "SELECT": b"* 25001 EXISTS\r\n* OK [UIDNEXT 25002] next\r\n* OK [UIDVALIDITY 7] valid\r\n",
        "UID SEARCH": search,
        "UID FETCH 25001 (RFC822.SIZE": b"* 1 FETCH (UID 25001 RFC822.SIZE %d INTERNALDATE "
        b'"21-Nov-2026 12:00:00 +0100")\r\n' % len(raw),
        "UID FETCH 25001 (BODY": b"* 1 FETCH (UID 25001 BODY[] {%d}\r\n%b)\r\n" % (len(raw), raw),
    }
    with scripted_imap(script) as server:
        trial.mailbox(port=server.port)
        trial.passes()
    assert asked == [(1, 10_000), (10_001, 20_000), (20_001, 25_001)]
    assert [(row.uid, row.state) for row in trial.desk.rows(Inbound)] == [(25_001, "case")]


def expunge(trial: Trial, uids: list[int]) -> None:
    with trial.dovecot.client(trial.user) as client:
        client.select_folder("INBOX")
        client.delete_messages(uids)
        client.expunge()
