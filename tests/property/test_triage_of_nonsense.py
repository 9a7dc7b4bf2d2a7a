"""Triage reads any header whatever without failing, and its answers fit together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.triage import KEY, RECEIVED, a_case, a_context, a_policy

from ingest.message import Address, Message, Report
from processor.triage.acknowledgement import decide
from processor.triage.authentication import authenticate
from processor.triage.automatic import Kind, read_automatic
from processor.triage.correlation import claims_of, correlate
from processor.triage.reasons import Code
from processor.triage.subject import bare_subject

NAMES = (
    "Return-Path Auto-Submitted List-Id Precedence X-Precedence X-Auto-Response-Suppress X-Autoreply Received From To "
    "Delivered-To X-Original-To Resent-To Authentication-Results X-Spam Subject X-Daydesk-Loop"
)
VALUES = (
    "",
    "<>",
    "no",
    "(",
    '"',
    ";",
    "bulk",
    "<a@b>",
    "mx.desk.example; dmarc=fail",
    "mx.desk.example; dmarc=pass",
    ",",
)
POLICY = a_policy(authserv_id="mx.desk.example", spam=[{"field": "X-Spam", "begins": "y"}])

values = st.one_of(st.sampled_from(VALUES), st.text(max_size=60))
addresses = st.builds(
    Address, name=st.text(max_size=10), address=st.one_of(st.just("jane@client.example"), st.text(min_size=1))
)
message_ids = st.lists(st.text(max_size=40), max_size=4).map(tuple)
messages = st.builds(
    Message,
    sha256=st.just(""),
    headers=st.lists(st.tuples(st.sampled_from(NAMES.split()), values), max_size=12).map(tuple),
    in_reply_to=message_ids,
    references=message_ids,
    from_=st.lists(addresses, max_size=2).map(tuple),
    from_ambiguous=st.booleans(),
    to=st.lists(addresses, max_size=2).map(tuple),
    subject=st.text(max_size=80),
    report=st.none() | st.builds(Report, kind=values, original_message_id=st.none() | values),
    calendar_methods=st.lists(st.sampled_from(("REPLY", "REQUEST", "")), max_size=2).map(tuple),
)


@given(messages)
def test_any_mail_is_decided(message: Message) -> None:
    claims = claims_of(message, KEY, POLICY)
    assert claims.proven == ()
    context = a_context(a_case("DD-7K3M-9QXW-5", "jane@client.example"), claims=claims)
    automatic = read_automatic(message, POLICY.acknowledgement)
    correlation = correlate(message, context, authenticate(message, POLICY).dmarc == "fail")
    decision = decide(message, automatic, correlation, context, POLICY, RECEIVED)
    assert decision.send is (not decision.reasons)
    codes = [reason.code for reason in decision.reasons]
    assert codes == sorted(set(codes), key=list(Code).index)
    assert set(automatic.signs) <= set(decision.reasons)
    if automatic.kind is not Kind.PERSON and automatic.signs:
        assert not decision.send


@given(st.text(max_size=120))
def test_a_bare_subject_is_bare(subject: str) -> None:
    bare = bare_subject(subject)
    assert bare_subject(bare) == bare
    assert bare_subject(f"Re: {bare}") == bare_subject(f"AW: Fwd: [DD-0000-0000-0] {bare}") == bare
