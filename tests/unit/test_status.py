"""What the words of a mail server come to as a status of RFC 3463."""

from __future__ import annotations

import pytest

from ingest.status import answer_code, is_unspecific, told_status, written_status


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("550 5.1.1 no such user", "5.1.1"),
        ("550-5.1.1 no such\n550 5.1.1 user", "5.1.1"),
        ("smtp; 5.1.0 - Unknown address error 550-'5.7.1 denied'", "5.7.1"),
        ("see 5.7.1 of our rules: 550 #5.2.2 full", "5.2.2"),
        ("(#4.4.1)", "4.4.1"),
        ("[#4.1.9].", "4.1.9"),
        ("Status: 5.1.351.", "5.1.351"),
        ("DSN code 5.1.1. Try again", "5.1.1"),
        ("250 2.0.0 taken", "2.0.0"),
        ("host 192.0.2.45 said 5 5 0", ""),
        ("version 15.1.1 of 5.1.1.7, by Exim 4.94.2", ""),
        ("4.16.55.1", ""),
        ("", ""),
        ("x" * 4_000 + " 5.1.1", ""),
    ],
)
def test_a_written_status_is_found(words: str, status: str) -> None:
    assert written_status(words) == status


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("550 no", "550"),
        ("said: 450-later", "450"),
        ("<<< 421", "421"),
        ("ResponseCode 421, x", "421"),
        ("550: unknown", "550"),
        ("[554 5.4.6 loop]", "554"),
        ("room 4500, 10.550.1, a550", ""),
    ],
)
def test_the_code_of_a_refusal_is_found(words: str, code: str) -> None:
    assert answer_code(words) == code


@pytest.mark.parametrize(
    ("words", "detail"),
    [
        ("550 User unknown", "1.1"),
        ("550 Unknown user ada@client.example", "1.1"),
        ("550 <ada@client.example>... No such user", "1.1"),
        ("This user doesn't have a client.example account", "1.1"),
        ("Recipient Not Found", "1.1"),
        ("Invalid final delivery userid: ada", "1.1"),
        ("550 Empfänger unbekannt", "1.1"),
        ("550 Adresse d'un destinataire inconnu", "1.1"),
        ("550 El buzón no existe", "1.1"),
        ("550 Utente sconosciuto", "1.1"),
        ("550 account is disabled", "2.1"),
        ("552 mailbox full", "2.2"),
        ("Storage quota exceeded", "2.2"),
        ("mailbox is full: retry timeout exceeded", "2.2"),
        ("Das Postfach ist voll", "2.2"),
        ("La boîte aux lettres est pleine", "2.2"),
        ("552 message size exceeds limit", "2.3"),
        ("552 message too large", "3.4"),
        ("550 the address has been moved", "1.6"),
        ("553 sender address rejected", "1.8"),
        ("Host unknown", "1.2"),
        ("Unrouteable address", "1.2"),
        ("Domain does not exist", "1.2"),
        ("DNS lookup failure: host x.example not found", "1.2"),
        ("Name service error for domain x.example: Host not found, try again", "4.3"),
        ("No MX found for domain", "4.4"),
        ("Maximum hop count exceeded. Message probably in a routing loop.", "4.6"),
        ("retry timeout exceeded", "4.7"),
        ("Could not deliver for the last 432000 seconds. Giving up.", "4.7"),
        ("Connection refused", "4.1"),
        ("socket error", "4.1"),
        ("lost connection with mx", "4.2"),
        ("550 blocked using an RBL", "7.1"),
        ("554 relay access denied", "7.1"),
        ("550 you are not allowed to send", "7.1"),
        ("550 no reverse DNS", "7.25"),
        ("550 fails DMARC", "7.26"),
        ("521 not accepting mail", "3.2"),
        ("pipe to |/usr/bin/cat", "3.0"),
        ("503 bad sequence of commands", "5.0"),
        ("551 ask bob", "1.6"),
        ("554 transaction failed", "0.0"),
    ],
)
def test_usual_words_come_to_a_status(words: str, detail: str) -> None:
    assert told_status(words, lasting=True) == f"5.{detail}"


def test_the_class_is_that_of_the_code_else_of_the_fate() -> None:
    assert told_status("450 user unknown", lasting=True) == "4.1.1"
    assert told_status("user unknown", lasting=False) == "4.1.1"
    assert told_status("421", lasting=True) == "4.3.2"
    assert told_status("It did not work.", lasting=True) == ""


@pytest.mark.parametrize(
    ("status", "unspecific"), [("5.0.0", True), ("5.7.0", True), ("5.1.10", False), ("5.1.1", False)]
)
def test_a_status_that_ends_in_nought_says_no_more_than_its_class(status: str, unspecific: bool) -> None:
    assert is_unspecific(status) is unspecific
