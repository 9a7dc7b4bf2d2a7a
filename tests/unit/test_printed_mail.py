"""What is printed of a mail holds everything that was read, under the names of mail."""

from __future__ import annotations

from ingest.message import Address, Message, Passage, Views
from processor.cli.parsing import as_read

SENDER = Address(name="Ann", address="ann@client.example")


def test_the_sender_goes_by_the_name_of_his_field() -> None:
    read = as_read(Message(sha256="", headers=(), from_=(SENDER,)))
    assert read["from"] == [{"name": "Ann", "address": "ann@client.example"}]
    assert not [name for name in read if name.endswith("_")]


def test_the_quoted_rest_is_what_the_new_words_leave_out() -> None:
    passages = (Passage(text="Yes.\n", quoted=False), Passage(text="> Really?\n", quoted=True))
    read = as_read(Message(sha256="", headers=(), views=Views(passages=passages)))
    assert (read["quoted_text"], len(read["passages"])) == ("> Really?\n", 2)
    assert "views" not in read


def test_signs_of_a_machine_are_told_with_the_language() -> None:
    text = "Thank you for your mail, we will answer you as soon as we can."
    read = as_read(Message(sha256="", headers=(("Precedence", "bulk"),), from_=(SENDER,), new_text=text))
    assert read["language"] == "en"
    assert read["automatic"] == {"kind": "list", "signs": [{"code": "PRECEDENCE", "evidence": "Precedence: bulk"}]}


def test_results_of_authentication_are_told_whoever_wrote_them() -> None:
    results = "mx.example 1; dmarc=pass (p=none) header.from=client.example; spf = fail smtp.mailfrom=x@evil.example; ;"
    read = as_read(
        Message(sha256="", headers=(("Authentication-Results", results), ("authentication-results", "x; none")))
    )
    assert read["authentication_results"] == [
        {"server": "mx.example", "method": "dmarc", "result": "pass", "properties": {"header.from": "client.example"}},
        {"server": "mx.example", "method": "spf", "result": "fail", "properties": {"smtp.mailfrom": "x@evil.example"}},
    ]
