"""What events and reasons quote of a mail holds no bank detail, is short, and is not kept in memory."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from support.triage import RECEIVED, a_context, a_policy

from ingest.parser import parse
from processor.triage.folding import fold
from processor.triage.reasons import EVIDENCE_LENGTH, Code, Reason
from processor.triage.redaction import redact
from processor.triage.telling import told
from processor.triage.verdict import LONGEST_LINE, Verdict, compile_policy, triage

IBAN = "DE89 3704 0044 0532 0130 00"
PLAIN = IBAN.replace(" ", "")


def verdict_on(raw: str) -> tuple[Verdict, str]:
    """The verdict, and everything that its events tell."""
    message = parse(raw.encode())
    policy = a_policy(spam=[{"field": "X-Spam", "begins": "yes"}])
    verdict = triage(message, a_context(), compile_policy(policy), RECEIVED)
    return verdict, json.dumps(list(told(verdict, message, RECEIVED)))


@pytest.mark.parametrize(
    "fields",
    [
        f"From: {IBAN}\r\n",
        f"From: <{PLAIN}@client.example>, <b@client.example>\r\n",
        f"From: owner-{PLAIN}@client.example\r\n",
        f"From: noreply-{PLAIN}@client.example\r\n",
        f"From: {PLAIN}@client.example\r\n",
        f"From: a@client.example\r\nMessage-ID: <{PLAIN}@client.example>\r\n",
        f"From: a@client.example\r\nAuto-Submitted: {IBAN}\r\n",
        f"From: a@client.example\r\nList-Unsubscribe: <https://list.example/{PLAIN}>\r\n",
        f"From: a@client.example\r\nPrecedence: bulk ({IBAN})\r\n",
        f"From: a@client.example\r\nX-Auto-Response-Suppress: All, {IBAN}\r\n",
        f"From: a@client.example\r\nX-Autoreply: {IBAN}\r\n",
        f"From: a@client.example\r\nX-Spam: yes {IBAN}\r\n",
        f"From: staff@hotmail.com\r\nSubject: complaint about message from {IBAN}\r\n",
        f"From: mailer-daemon@client.example\r\nReturn-Path: <>\r\nSubject: Undelivered: {IBAN}\r\n",
    ],
)
def test_no_event_quotes_a_bank_detail(fields: str) -> None:
    _, events = verdict_on(f"{fields}\r\nwords")
    assert redact(events).found == 0
    assert "...3000" in events


@pytest.mark.parametrize("before", range(EVIDENCE_LENGTH - len(IBAN), EVIDENCE_LENGTH))
def test_a_bank_detail_at_the_cut_of_a_quotation_leaves_no_half_behind(before: int) -> None:
    assert "3704" not in Reason(code=Code.LIST, evidence=f"{'x' * (before - 1)} {IBAN}").evidence


def test_a_media_type_that_is_a_bank_detail_is_not_kept() -> None:
    verdict, _ = verdict_on(f"From: a@client.example\r\nContent-Type: application/{PLAIN}\r\n\r\nwords")
    assert "3704" not in verdict.readable.attachments[0].declared_type


def test_a_subject_and_a_name_without_end_are_cut_for_those_who_read_lists() -> None:
    verdict, _ = verdict_on(f"From: {'n' * 90_000} <a@client.example>\r\nSubject: {'s' * 100_000}\r\n\r\nwords")
    assert (len(verdict.readable.subject), len(verdict.readable.from_name)) == (LONGEST_LINE, LONGEST_LINE)


@pytest.mark.parametrize("read", [redact, fold])
def test_long_texts_in_other_scripts_are_not_remembered(read: object) -> None:
    assert callable(read)
    tracemalloc.start()
    try:
        for number in range(20):
            read(chr(0x4E00 + number) * 60_000)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1_000_000  # each text is of 120,000 octets
