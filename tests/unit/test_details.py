"""The details of a request: found where the writer states them, missing where he does not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.message import Address, Attachment, Message
from processor.policy import Policy, RequestType
from processor.triage.details import LONGEST_VALUE, MOST_VALUES, FoundDetail, missing, where
from processor.triage.details.table import MOST_MATCHES, compile_details

NOW = datetime(2026, 11, 18, 10, 6, tzinfo=UTC)


def policy(**details: dict[str, Any]) -> Policy:
    return Policy.model_validate(
        {
            "desk": {"name": "Desk", "address": "desk@desk.example", "key": {"env": "KEY"}},
            "mailboxes": [{"kind": "folder", "name": "scans", "path": "scans"}],
            "smtp": {"host": "localhost"},
            "queues": {"triage": {"label": "Triage"}},
            "details": {name: {"ask": {"en": name}, **detail} for name, detail in details.items()},
            "rules": [{"name": "catch-all", "queue": "triage"}],
        }
    )


def mail(text: str = "", subject: str = "", **more: Any) -> Message:
    return Message(sha256="", headers=(), subject=subject, text=text, new_text=text, **more)


def attachment(name: str, **more: Any) -> Attachment:
    return Attachment(name=name, declared_type="application/pdf", detected_type=None, size=1, sha256="", **more)


def found(detail: dict[str, Any], message: Message) -> list[tuple[str, str]]:
    return [(item.value, item.evidence) for item in compile_details(policy(it=detail)).find(message, NOW)]


NUMBER = {"patterns": ["(?i)invoice (?:no )?([A-Z0-9-]+)"]}


def test_a_value_is_the_first_group_of_a_pattern_or_else_the_whole_match() -> None:
    assert found(NUMBER, mail("invoice no A-1.")) == [("A-1", "text")]
    assert found({"patterns": ["[0-9]+ EUR"]}, mail("It is 5 EUR.")) == [("5 EUR", "text")]
    assert found({"patterns": ["a(b)?"]}, mail("a")) == [("a", "text")]
    assert found({"patterns": ["a(b)|c(d)"]}, mail("cd")) == [("d", "text")]


def test_each_place_is_read_and_told() -> None:
    message = mail("invoice B-2", "Invoice A-1", attachments=(attachment("Invoice_C-3.pdf"), attachment("invoice D-4")))
    assert found(NUMBER, message) == [
        ("A-1", "subject"),
        ("B-2", "text"),
        ("C-3", "attachment name"),
        ("D-4", "attachment name"),
    ]


def test_a_value_never_runs_from_one_place_into_the_next() -> None:
    assert found({"patterns": [r"invoice\s+([0-9]+)"]}, mail("4711", "your invoice")) == []


def test_each_place_begins_a_line() -> None:
    assert found({"patterns": ["(?m)^(Ref [0-9])$"]}, mail("Ref 2", "Ref 1")) == [
        ("Ref 1", "subject"),
        ("Ref 2", "text"),
    ]


def test_accents_before_a_value_do_not_move_its_place() -> None:
    assert found(NUMBER, mail("é invoice B-2", "ééééééééé")) == [("B-2", "text")]


def test_quoted_words_are_not_read() -> None:
    message = Message(sha256="", headers=(), text="Thanks\n> invoice A-1", new_text="Thanks")
    assert found(NUMBER, message) == []


def test_the_same_value_is_told_once_in_whatever_letter_case() -> None:
    assert found(NUMBER, mail("invoice a-1", "invoice A-1")) == [("A-1", "subject")]


def test_several_values_are_kept_up_to_a_number() -> None:
    text = " ".join(f"invoice {number}" for number in range(MOST_VALUES + 5))
    assert [value for value, _ in found(NUMBER, mail(text))] == [str(number) for number in range(MOST_VALUES)]


def test_the_same_value_over_and_over_does_not_hold_up_triage() -> None:
    text = "invoice A-1 " * MOST_MATCHES + "invoice B-2"
    assert found(NUMBER, mail(text)) == [("A-1", "text")]


def test_a_list_is_taken_apart_where_the_policy_says_so() -> None:
    pattern = {"patterns": ["invoices ([0-9, a-z]+)"]}
    text = "invoices 11, 12 and 13"
    assert [value for value, _ in found({**pattern, "listed": True}, mail(text))] == ["11", "12", "13"]
    assert [value for value, _ in found(pattern, mail(text))] == ["11, 12 and 13"]


def test_a_value_is_one_short_line_without_marks_around_it() -> None:
    assert found({"patterns": ["(?s)name: (.*)"]}, mail("name:  Smith\n &  Sons. ")) == [("Smith & Sons", "text")]
    (value, _), *_ = found({"patterns": ["x+"]}, mail("x" * 500))
    assert len(value) == LONGEST_VALUE
    assert found({"patterns": ["[.]+"]}, mail("...")) == []


def test_the_sender_gives_a_name_or_an_address() -> None:
    message = mail(from_=(Address(name="Jo Lee", address="jo@a.example"),))
    assert found({"sender": "name"}, message) == [("Jo Lee", "sender")]
    assert found({"sender": "address"}, message) == [("jo@a.example", "sender")]
    assert found({"sender": "name"}, mail(from_=(Address(address="jo@a.example"),))) == []
    assert found({"sender": "name"}, mail()) == []


def test_a_document_is_a_detail_but_a_picture_in_the_text_or_signature_is_none() -> None:
    attachments = (attachment("Kbis.pdf"), attachment("logo.png", inline=True), attachment("image001.png"))
    assert found({"attachment": True}, mail(attachments=attachments)) == [("Kbis.pdf", "attachment name")]


def test_details_come_in_the_policy_s_order() -> None:
    made = policy(second={"patterns": ["b"]}, first={"patterns": ["a"]})
    assert [item.name for item in compile_details(made).find(mail("a b"), NOW)] == ["second", "first"]


def test_a_policy_without_details_finds_none() -> None:
    assert compile_details(policy()).find(mail("invoice 4711"), NOW) == ()


METHOD = FoundDetail(name="method", value="Chèque de banque", evidence="text")
NAME = FoundDetail(name="name", value="Jo", evidence="sender")


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ([], ("name", "method")),
        ([NAME], ("method",)),
        ([NAME, METHOD], ("cheque-number",)),
        ([FoundDetail(name="method", value="virement", evidence="text")], ("name",)),
        ([NAME, METHOD, FoundDetail(name="cheque-number", value="1", evidence="text")], ()),
    ],
)
def test_mandatory_details_that_were_not_found_are_missing(given: list[FoundDetail], lacking: tuple[str, ...]) -> None:
    conditional = {"detail": "cheque-number", "when_detail": "method", "holds": ["check", "cheque*"]}
    kind = RequestType.model_validate({"label": {"en": "x"}, "queue": "q", "details": ["name", "method", conditional]})
    assert missing(kind, given) == lacking


def test_a_star_alone_holds_for_any_value() -> None:
    conditional = {"detail": "person", "when_detail": "method", "holds": ["*"]}
    kind = RequestType.model_validate({"label": {"en": "x"}, "queue": "q", "details": [conditional]})
    assert missing(kind, [METHOD]) == ("person",)
    assert missing(kind, []) == ()


def test_a_detail_asked_for_on_several_grounds_is_missing_once() -> None:
    conditional = {"detail": "name", "when_detail": "method", "holds": ["*"]}
    kind = RequestType.model_validate({"label": {"en": "x"}, "queue": "q", "details": ["name", conditional]})
    assert missing(kind, [METHOD]) == ("name",)


def test_where_a_detail_was_found_is_told_in_words() -> None:
    assert where("body", 3, "likely") == "body, line 3; likely"
    assert where("subject", None, "stated") == "subject"
    assert where(None, None, None) == "not known where"
