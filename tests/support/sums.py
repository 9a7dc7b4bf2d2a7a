"""Whether all mail came home: nothing lost, nothing doubled, on the desk and on its servers (I1 to I4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256

from support.dovecot import Dovecot
from support.mails import message_id_of
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Case, CaseMessage, Event, Inbound, Outbox, RawMessage
from processor.store.raw import unpacked


def assert_nothing_lost(desk: WorkingDesk, mails: Sequence[bytes]) -> None:
    """Each of these mails is in the ledger once, with its bytes, as a case, and filed on the server."""
    ledger = desk.rows(Inbound)
    assert Counter(row.state for row in ledger) == {"case": len(mails)}
    assert sorted(row.sha256 for row in ledger) == sorted(sha256(raw).hexdigest() for raw in mails)
    assert [row.uid for row in ledger if row.filed_at is None] == []
    raw = desk.rows(RawMessage)
    assert {row.sha256: sha256(unpacked(row.compression, row.data, row.size)).hexdigest() for row in raw} == {
        row.sha256: row.sha256 for row in ledger
    }


def assert_nothing_doubled(desk: WorkingDesk, sink: SmtpSink) -> None:
    """One case, one story and one acknowledgement for each mail in the ledger, and each acknowledgement was sent."""
    ledger, cases, outbox = desk.rows(Inbound), desk.rows(Case), desk.rows(Outbox)
    assert len(cases) == len(ledger)
    assert sorted(row.case_id for row in ledger) == sorted(row.id for row in cases)
    assert sorted(row.inbound_id for row in desk.rows(CaseMessage)) == sorted(row.id for row in ledger)
    told = Counter(row.inbound_id for row in desk.rows(Event) if row.kind == "received")
    assert told == dict.fromkeys((row.id for row in ledger), 1)
    assert sorted(row.case_id for row in outbox) == sorted(row.id for row in cases)
    assert {row.state for row in outbox} == {"sent"}
    # An acknowledgement may come twice where the desk died after the server took it, but never with another Message-ID.
    assert {message_id_of(mail.content) for mail in sink.received} == {row.message_id for row in outbox}
    assert len({mail.content for mail in sink.received}) == len(outbox)


def assert_filed_once(dovecot: Dovecot, user: str, mails: Sequence[bytes]) -> None:
    """The server has each of these mails once, in the Processed folder, and none in the INBOX."""
    with dovecot.client(user) as client:
        assert client.folder_status("INBOX", ["MESSAGES"])[b"MESSAGES"] == 0
        client.select_folder("Processed", readonly=True)
        there = client.fetch(client.search(), ["BODY.PEEK[]"])
    assert sorted(item[b"BODY[]"] for item in there.values()) == sorted(mails)


def assert_copied(dovecot: Dovecot, user: str, mails: Sequence[bytes]) -> None:
    """On a server without MOVE one that was copied, and not yet expunged, is copied again; none is lost."""
    held = _held(dovecot, user)
    assert held["INBOX"] == []
    assert set(held["Processed"]) == {_digest(mail) for mail in mails}


def assert_sound(
    desk: WorkingDesk, user: str, servers: Iterable[Dovecot], mails: Sequence[bytes], sink: SmtpSink
) -> None:
    """What must hold at any moment, also in the midst of the work (I1, I2, I4)."""
    ledger = {row.sha256 for row in desk.rows(Inbound)}
    folders = [_held(server, user) for server in servers]
    taken = {digest for held in folders for digest in held["Processed"]}
    assert taken <= ledger, "filed away before it was in the ledger"
    assert {row.sha256 for row in desk.rows(RawMessage)} >= ledger
    assert taken | {digest for held in folders for digest in held["INBOX"]} == {_digest(mail) for mail in mails}
    outbox = desk.rows(Outbox)
    assert len({row.case_id for row in outbox}) == len({row.message_id for row in outbox}) == len(outbox)
    assert len(desk.rows(Case)) == len({row.case_id for row in desk.rows(Inbound) if row.case_id is not None})
    sent = {mail.content for mail in sink.received}
    assert {message_id_of(content) for content in sent} <= {row.message_id for row in outbox}
    assert len({message_id_of(content) for content in sent}) == len(sent)


def _held(dovecot: Dovecot, user: str) -> dict[str, list[str]]:
    """The digests of what the folders hold."""
    held: dict[str, list[str]] = {"INBOX": [], "Processed": []}
    with dovecot.client(user) as client:
        for folder, digests in held.items():
            if client.folder_exists(folder):
                client.select_folder(folder, readonly=True)
                there = client.fetch(client.search(), ["BODY.PEEK[]"])
                digests += [_digest(item[b"BODY[]"]) for item in there.values()]
    return held


def _digest(raw: bytes) -> str:
    return sha256(raw).hexdigest()
