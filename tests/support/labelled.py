"""The labelled mails of tests/messages/acknowledgement: octets made of readable descriptions, each with its codes."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ingest.parser import parse
from processor.policy import Policy
from processor.triage.context import Answered, Context, Given, KnownCase
from processor.triage.correlation import claims_of
from processor.triage.reference import own_message_id, verp_address
from processor.triage.verdict import CompiledPolicy, Verdict, compile_policy, triage

FOLDER = Path(__file__).resolve().parents[1] / "messages" / "acknowledgement"
KEY = b"a key of the labelled desk's own"
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
REFERENCE = "DD-431R-DEY4-J"  # of the case that a mail names or joins
DESK = "accounts@desk.example"
KEYS = frozenset(("is", "because", "codes", "from", "to", "cc", "subject", "date", "return_path", "with", "without",
                  "text", "content", "raw", "charset", "octets", "minutes", "answered", "given", "case", "suppressed",
                  "policy", "desk"))  # fmt: skip

_PEOPLE = (  # who writes where a description names nobody
    "Amina Haddad <amina@haddad-textiles.example>",
    "jorg.moehle@kessler-maschinen.example",
    '"Okonkwo, Chidi" <c.okonkwo@lagosfreight.example>',
    "Chloé Lefèvre <chloe.lefevre@atelier-lefevre.example>",
    "Tom <tom.b@gmail.com>",
    "=?utf-8?q?Jos=C3=A9_Mu=C3=B1oz?= <jose@munoz-abogados.example>",
    "ACCOUNTS PAYABLE <ap@mossgate.example>",
    "<info@smallshop.example>",
)
_WORDS = "Dear team,\n\nwhen may we expect the payment of our last invoice?\n\nKind regards\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One mail, how the desk meets it, and every code that must be found; none where it is to be answered."""

    name: str  # what it is, in words; with its file
    raw: bytes
    codes: frozenset[str]
    told: Mapping[str, Any]  # its description

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    def verdict(self) -> Verdict:
        """What the desk decides; raises Permanent where the mail cannot be read."""
        compiled = a_policy(json.dumps([self.told.get("desk", {}), self.told.get("policy", {})]))
        policy = compiled.policy
        message = parse(self.raw)
        known = _case(self.told.get("case"))
        context = Context(
            received_at=NOW - timedelta(minutes=self.told.get("minutes", 1)),
            claims=claims_of(message, KEY, policy),
            cases={known.reference: known} if known else {},
            suppressed=self.told.get("suppressed"),
            answered=Answered(**self.told.get("answered", {}), given=tuple(map(_given, self.told.get("given", ())))),
        )
        return triage(message, context, compiled, NOW)


@cache
def labelled() -> tuple[Labelled, ...]:
    """All of them, file by file."""
    return tuple(one for file in sorted(FOLDER.glob("*.toml")) for one in _of(file))


@cache
def a_policy(told: str) -> CompiledPolicy:
    """Two addresses and a gateway that checks DMARC, with these settings of [desk] and [acknowledgement] on top."""
    desk, acknowledgement = json.loads(told)
    policy = Policy.model_validate(
        {
            "desk": {
                "name": "Accounts",
                "address": DESK,
                "addresses": ["legal@desk.example"],
                "key": {"env": "DAYDESK_KEY"},
                **desk,
            },
            "mailboxes": [{"kind": "folder", "name": "in", "path": "mail"}],
            "smtp": {"host": "localhost"},
            "acknowledgement": {"authserv_id": "mx.desk.example", **acknowledgement},
            "queues": {"triage": {"label": "Triage"}},
            "rules": [{"name": "rest", "queue": "triage"}],
        }
    )
    return compile_policy(policy)


def _of(file: Path) -> Iterator[Labelled]:
    for number, told in enumerate(tomllib.loads(file.read_text(encoding="utf-8"))["mail"], 1):
        name = f"{file.stem}: {told['is']}"
        if unknown := told.keys() - KEYS:
            raise ValueError(f"{name}: {', '.join(unknown)} means nothing")
        yield Labelled(name=name, raw=_octets(told, file.stem, number), codes=frozenset(told["codes"]), told=told)


def _octets(told: Mapping[str, Any], file: str, number: int) -> bytes:
    if "octets" in told:
        return bytes.fromhex(told["octets"])
    text = _filled(told["raw"].lstrip("\n")) if "raw" in told else _made(told, file, number)
    return text.replace("\n", "\r\n").encode(told.get("charset", "utf-8"))


def _made(told: Mapping[str, Any], file: str, number: int) -> str:
    """A mail as it lies in the inbox: what servers wrote on top, then the fields of its writer, then its content."""
    sender = told.get("from", _PEOPLE[number % len(_PEOPLE)])
    envelope = told.get("return_path", sender.rpartition("<")[2].strip("<> "))
    ordinary = [
        ("Return-Path", f"<{envelope}>"),
        ("Received", f"from mx{number}.client.example by mx.desk.example with ESMTPS; Wed, 4 Mar 2026 09:58:00 +0000"),
        ("From", sender),
        ("To", told.get("to", f"Accounts <{DESK}>")),
        ("Cc", told.get("cc")),
        ("Subject", told.get("subject", f"Invoice {4711 + number}")),
        ("Date", told.get("date", "Wed, 4 Mar 2026 09:57:00 +0000")),
        ("Message-ID", f"<{file}-{number}@client.example>"),
        ("MIME-Version", "1.0"),
    ]
    kept = [(name, value) for name, value in ordinary if value is not None and name not in told.get("without", ())]
    lines = [f"{name}: {value.strip()}" for name, value in kept]
    header = "\n".join([*lines[:2], *told.get("with", ()), *lines[2:], ""])
    plain = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{told.get('text', _WORDS)}"
    return _filled(header + told.get("content", plain).lstrip("\n"))


def _filled(text: str) -> str:
    """What a description names instead of writing it: our own marks, and what is too long to write."""
    ours = {
        "{acknowledgement}": own_message_id(REFERENCE, "ack", KEY, "desk.example"),
        "{reference}": REFERENCE,
        "{verp}": verp_address(DESK, REFERENCE, KEY),
        "{long}": "x" * 5_000,
        "{huge}": "x" * 300_000,
        "{fields}": "\n".join(["X-Many: 1"] * 2_100),
        "{words}": "\n ".join(["=?utf-8?q?x?="] * 5_100),
        "{addresses}": ", ".join(["a@x.example"] * 5_100),
        "{deep}": "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(60)) + "\nx",
        "{parts}": "--b\n\nx\n" * 1_100,
    }
    for mark in filter(text.__contains__, ours):
        text = text.replace(mark, ours[mark])
    return text


def _given(told: Mapping[str, Any]) -> Given:
    made_at = NOW - timedelta(minutes=told["minutes"])
    return Given(
        mailbox=told["to"],
        reference=told.get("reference", REFERENCE),
        made_at=made_at,
        sent_at=NOW - timedelta(minutes=told["sent"]) if "sent" in told else made_at,
    )


def _case(told: Mapping[str, Any] | None) -> KnownCase | None:
    if told is None:
        return None
    return KnownCase(
        id=1,
        reference=REFERENCE,
        status="open",
        acknowledged=told["acknowledged"],
        participants=frozenset(told.get("participants", ())),
    )
