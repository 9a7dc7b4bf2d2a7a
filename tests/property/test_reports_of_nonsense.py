"""Whatever a report under our token says, it joins its case, answers nothing, and speaks of our recipient alone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from support.triage import CLIENT, KEY, a_case, a_context, a_message, a_policy

from ingest.message import Report, ReportedRecipient
from processor.triage.context import SentMail
from processor.triage.correlation import claims_of
from processor.triage.redaction import redact
from processor.triage.reference import own_message_id
from processor.triage.refusal import is_absent, is_dead, status_of
from processor.triage.returned import Fate
from processor.triage.verdict import Outcome, compile_policy, triage

CASE = "DD-7K3M-9QXW-S"
OURS = own_message_id(CASE, "ack", KEY, "desk.example")
SENT = (SentMail(id=7, purpose="acknowledgement", message_id=OURS, recipient=CLIENT),)
POLICY = a_policy()
COMPILED = compile_policy(POLICY)

codes = st.from_regex(r"[245]\.[0-9]{1,2}\.[0-9]{1,2}", fullmatch=True)
endings = st.sampled_from(["", "no such user", "DE89 3704 0044 0532 0130 00"])
replies = st.one_of(st.text(max_size=60), st.builds(lambda code, words: f"550 {code} {words}", codes, endings))
groups = st.builds(
    ReportedRecipient,
    recipient=st.sampled_from([CLIENT, CLIENT.upper(), "other@client.example", "DE89370400440532013000@x.example"]),
    action=st.sampled_from(["failed", "delayed", "relayed", "", "abuse"]),
    status=st.one_of(st.just(""), codes),
    diagnostic=replies,
)
reports = st.builds(
    Report,
    kind=st.sampled_from(["delivery-status", "feedback-report"]),
    recipients=st.lists(groups, max_size=4).map(tuple),
    original_message_id=st.just(OURS),
    feedback=st.sampled_from(["", "abuse", "not-spam"]),
)


@given(reports, st.text(max_size=200))
def test_a_report_on_our_mail_is_about_our_mail(report: Report, text: str) -> None:
    message = a_message(sender="mailer-daemon@mx.example", report=report, text=text, new_text=text)
    known = replace(a_case(CASE, CLIENT), sent=SENT)
    context = a_context(known, claims=claims_of(message, KEY, POLICY))
    verdict = triage(message, context, COMPILED, context.received_at)
    found = verdict.returned
    assert found is not None
    assert (verdict.outcome, verdict.acknowledgement.send, verdict.details) == (Outcome.APPENDED, False, ())
    assert (found.mail, found.believed) == (SENT[0], True)
    assert found.came_back is (found.fate is Fate.BOUNCED)
    assert found.suppress is None or found.fate in (Fate.BOUNCED, Fate.COMPLAINED_OF)
    shown = [
        found.words,
        found.suppress or "",
        *(part for one in found.recipients for part in (one.address, one.words)),
    ]
    assert [words for words in shown if redact(words).found] == []


@given(st.one_of(replies, st.text(max_size=300)), st.one_of(st.just(""), codes))
def test_any_words_are_judged(words: str, status: str) -> None:
    assert not (is_dead("", words) and is_absent(words))
    assert status_of(words) in words
    if is_dead(status, words):
        assert not is_dead("5.7.1", words)
