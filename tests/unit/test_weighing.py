"""Rules that weigh: what speaks for them and against them, where it counts more, and what the trace tells."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.errors import Configuration
from ingest.message import Address, ForwardedHeader, Message
from processor.policy import Policy, load_policy
from processor.triage.routing import Routing, Tried, compile_rules

BASE: dict[str, Any] = {
    "desk": {"name": "Desk", "address": "desk@desk.example", "key": {"env": "KEY"}},
    "mailboxes": [{"kind": "folder", "name": "scans", "path": "scans"}],
    "smtp": {"host": "localhost"},
    "queues": {name: {"label": name} for name in ("triage", "tax", "legal")},
    "vocabulary": {
        "asking": {"en": ["please", "could you"], "fr": ["merci de"]},
        "passing-over": {"en": ["not about"]},
        "tax": {"en": ["vat"], "fr": ["tva"]},
        "wrong": {"en": ["wrong", "mistake*"], "fr": ["erreur"]},
        "court": {"en": ["court"]},
    },
}
FROM_A = Message(sha256="", headers=(), text="VAT.", new_text="VAT.", from_=(Address(address="b@a.example"),))
CATCH_ALL = {"name": "catch-all", "queue": "triage"}


def rule(name: str, *evidence: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "queue": "tax", "evidence": list(evidence), **more}


def routed(message: Message, *rules: dict[str, Any], automatic: bool = False) -> Routing:
    policy = Policy.model_validate({**BASE, "rules": [*rules, CATCH_ALL]})
    return compile_rules(policy).route(message, "en", automatic, ())


def mail(subject: str = "", text: str = "", **more: Any) -> Message:
    return Message(sha256="", headers=(), subject=subject, text=text, new_text=text, **more)


def why(message: Message, *evidence: dict[str, Any], automatic: bool = False) -> str:
    return routed(message, rule("weighs", *evidence), automatic=automatic).trace[0].why


def test_words_of_one_sentence_are_weighed_together_and_those_of_two_are_not() -> None:
    both = {"all": ["tax", "wrong"], "weight": 4}
    assert why(mail(text="The VAT is wrong."), both) == "weighs 4 of 2: +4 tax 'vat' + wrong 'wrong' in the text"
    assert why(mail(text="The VAT came. The road is wrong."), both) == "weighs nothing"


@pytest.mark.parametrize(
    ("message", "weight", "place"),
    [
        (mail(text="About the VAT."), "4", "in the text"),
        (mail(text="VAT?"), "6", "in a sentence that asks"),
        (mail(text="Please mend the VAT."), "6", "in a sentence that asks"),
        (mail(subject="TVA", text="About the VAT."), "6", "in the subject"),
    ],
)
def test_the_subject_and_what_asks_count_half_as_much_again(message: Message, weight: str, place: str) -> None:
    assert why(message, {"all": ["tax"], "weight": 4}) == (
        f"weighs {weight} of 2: +{weight} tax '{'tva' if message.subject else 'vat'}' {place}"
    )


@pytest.mark.parametrize(
    ("evidence", "message", "heard"),
    [
        ({"all": ["tax"], "where": "subject"}, mail(text="VAT?"), False),
        ({"all": ["tax"], "where": "subject"}, mail(subject="VAT"), True),
        ({"all": ["tax"], "where": "request"}, mail(text="VAT."), False),
        ({"all": ["tax"], "where": "request"}, mail(text="VAT?"), True),
        ({"all": ["tax", "court"], "where": "mail"}, mail(subject="VAT", text="In court."), True),
        ({"all": ["tax"], "none": ["court"], "where": "mail"}, mail(subject="VAT", text="In court."), False),
        ({"all": ["tax"], "none": ["court"]}, mail(text="VAT. In court."), True),
        ({"all": ["tax"], "none": ["wrong|court"]}, mail(text="VAT in court."), False),
        ({"all": ["tax|court"]}, mail(text="In court."), True),
        ({"all": ["tax"]}, mail(text="This is not about VAT."), False),
        ({"all": ["tax"], "when": {"automatic": True}}, mail(text="VAT."), False),
        ({"all": ["tax"], "when": {"sender": ["a.example"]}}, FROM_A, True),
    ],
)  # fmt: skip
def test_evidence_is_heard_where_all_of_it_is_met(evidence: dict[str, Any], message: Message, heard: bool) -> None:
    told = why(message, {**evidence, "weight": 4})
    assert told.startswith(("weighs 4", "weighs 6") if heard else "weighs nothing")


def test_conditions_alone_may_be_evidence_and_are_told() -> None:
    machine = {"when": {"automatic": True}, "weight": 2.5}
    assert why(mail(), machine, automatic=True) == "weighs 2.5 of 2: +2.5 automatic: written by a machine"
    assert why(mail(), {"weight": 2}) == "weighs 2 of 2: +2 by itself"


def test_the_heaviest_of_neighbours_takes_the_mail_and_is_told_last() -> None:
    light = rule("light", {"all": ["tax"], "weight": 2})
    heavy = rule("heavy", {"all": ["tax"], "weight": 3}, {"all": ["wrong"], "weight": -0.5})
    little = rule("little", {"all": ["tax"], "weight": 1})
    found = routed(mail(text="The VAT is wrong."), light, heavy, little)
    assert found.rule == "heavy"
    assert found.trace == (
        Tried(rule="light", matched=False, why="weighs 2 of 2: +2 tax 'vat' in the text"),
        Tried(rule="little", matched=False, why="weighs 1 of 2"),
        Tried(
            rule="heavy",
            matched=True,
            why="weighs 2.5 of 2: +3 tax 'vat' in the text; -0.5 wrong 'wrong' in the text",
        ),
    )


def test_of_equals_the_first_takes_the_mail() -> None:
    rules = [rule(name, {"all": ["tax"], "weight": 2}) for name in ("first", "second")]
    assert routed(mail(text="VAT."), *rules).rule == "first"


def test_a_rule_that_does_not_weigh_decides_before_those_that_come_after_it() -> None:
    plain = {"name": "plain", "queue": "legal", "when": {"words": ["vat"]}}
    heavy = rule("heavy", {"all": ["tax"], "weight": 50})
    assert routed(mail(text="VAT."), plain, heavy).rule == "plain"
    assert routed(mail(text="VAT."), heavy, plain).rule == "heavy"


def test_the_conditions_of_a_rule_that_weighs_must_hold_too() -> None:
    only = rule("only", {"all": ["tax"], "weight": 4}, when={"words": ["ireland"]})
    assert routed(mail(text="VAT."), only).trace[0].why == "words: none of 1"
    assert routed(mail(text="VAT in Ireland."), only).rule == "only"


def test_what_is_enough_is_the_rules_own() -> None:
    evidence = {"all": ["tax"], "weight": 4}
    assert routed(mail(text="VAT."), rule("high", evidence, enough=4.5)).rule == "catch-all"
    assert routed(mail(text="VAT."), rule("high", evidence, enough=4)).rule == "high"


def test_of_a_mail_that_is_sent_on_what_it_sends_on_is_weighed_too() -> None:
    text = "See below.\n\n---- Forwarded message ----\nFrom: a@client.example\n\nThe VAT is wrong."
    header = ForwardedHeader(from_=None)
    sent_on = Message(sha256="", headers=(), subject="Fwd:", text=text, new_text="See below.", forwarded=(header,))
    answer = Message(sha256="", headers=(), subject="Re:", text=text, new_text="See below.")
    evidence = rule("tax", {"all": ["tax"], "weight": 4})
    assert routed(sent_on, evidence).rule == "tax"
    assert routed(answer, evidence).rule == "catch-all"


def test_a_policy_without_vocabulary_weighs_nothing() -> None:
    bare = {name: value for name, value in BASE.items() if name != "vocabulary"}
    policy = Policy.model_validate({**bare, "rules": [CATCH_ALL]})
    assert compile_rules(policy).route(mail("VAT", "please"), "en", False, ()).rule == "catch-all"


WRITTEN = """
[desk]
name = "Desk"
address = "desk@desk.example"
key = { env = "KEY" }
[[mailboxes]]
kind = "folder"
name = "scans"
path = "scans"
[smtp]
host = "localhost"
[queues.triage]
label = "Triage"
[vocabulary.tax]
en = ["vat"]
[[rules]]
name = "tax"
queue = "triage"
evidence = [{ all = ["taxes|tax"], none = ["wrong"], weight = 2 }]
[[rules]]
name = "catch-all"
queue = "triage"
"""


def test_a_name_that_the_vocabulary_lacks_is_told_with_its_line(tmp_path: Any) -> None:
    file = tmp_path / "daydesk.toml"
    file.write_text(WRITTEN)
    with pytest.raises(Configuration, match=r"daydesk.toml:19: rules.0.evidence: 'taxes' is not defined") as caught:
        load_policy(file, lambda name: tmp_path / name)
    assert "'wrong' is not defined; there are tax" in str(caught.value)


def test_the_last_rule_weighs_nothing(tmp_path: Any) -> None:
    file = tmp_path / "daydesk.toml"
    file.write_text(WRITTEN.replace("taxes|", "").replace(', none = ["wrong"]', "") + "evidence = [{ weight = 9 }]\n")
    with pytest.raises(Configuration, match="the last rule must take every mail"):
        load_policy(file, lambda name: tmp_path / name)
