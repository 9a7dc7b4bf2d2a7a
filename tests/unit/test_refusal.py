"""Which words of a mail server say that nobody has the address, and which say something else."""

from __future__ import annotations

import pytest

from processor.triage.refusal import is_absent, is_dead, says_nobody, status_of

NOBODY = [f"5.{end}" for end in ("1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.1")]
OTHERS = [
    f"5.{end}"
    for end in (
        *("1.5", "1.7", "1.8", "1.9", "1.11", "2.2", "2.3", "2.4", "3.4", "4.1", "4.4", "4.7"),
        *("5.1", "6.0", "7.0", "7.1", "7.26", "7.27"),
    )
]


@pytest.mark.parametrize("status", NOBODY)
@pytest.mark.parametrize("words", ["550 {} gone", "550-{} two\n550 lines", "550 #{} rejected", "smtp; 554 {}"])
def test_a_code_of_the_address_says_that_nobody_is_there(status: str, words: str) -> None:
    assert status_of(words.format(status)) == status
    assert is_dead("", words.format(status))
    assert is_dead(status, "")


@pytest.mark.parametrize("status", OTHERS)
def test_a_code_of_us_of_the_mail_or_of_the_way_does_not_even_where_the_words_do(status: str) -> None:
    assert not is_dead("", f"550 {status} no such user")
    assert not is_dead(status, "550 5.1.1 no such user")


@pytest.mark.parametrize(
    "words",
    [
        "550 No such user here",
        "550 Unknown user",
        "550 Unrouteable address",
        "550 Requested action not taken: mailbox unavailable",
        "551 User not found",
        "553 Mailbox doesn't exist",
        "550 <ada@client.example>: Recipient does not exist",
    ],
)
@pytest.mark.parametrize("unspecific", ["5.0.0", "5.2.0", "5.3.0", "5.5.0"])
def test_where_no_code_tells_anything_a_sentence_that_says_so_counts(words: str, unspecific: str) -> None:
    assert is_dead("", words)
    assert is_dead(unspecific, words)
    assert is_dead("", words.replace(" ", f" {unspecific} ", 1))


@pytest.mark.parametrize(
    "words",
    ["550 relay not permitted", "550 blocked by the list of spammers", "550", "550 sorry", "554 no such user",
     "552 mailbox full", "450 no such user", "no such user", "", "connection lost: [Errno 104]", "1550 no such user",
     "550.1 no such user"],
)  # fmt: skip
def test_where_no_code_tells_anything_nothing_else_counts(words: str) -> None:
    assert not is_dead("", words)


def test_what_says_nothing_but_the_class_is_looked_up_in_the_words() -> None:
    assert is_dead("5.0.0", "smtp; 550 5.1.1 <ada@client.example>: user unknown")
    assert not is_dead("5.0.0", "smtp; 550 5.7.1 no such user for you")


def test_one_code_is_read_by_the_words_of_who_answers_so() -> None:
    assert is_dead("", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)")
    assert is_dead("5.4.1", "smtp; 550 5.4.1 Recipient address rejected: Access denied.")
    assert not is_dead("5.4.1", "smtp; 550 5.4.1 no answer from host")
    assert not is_dead("", "550 5.7.1 Recipient address rejected: Access denied")


@pytest.mark.parametrize("words", ["Unknown user: ada@b.example", "no such user", "<a450@b.example>: unknown user"])
def test_a_mail_system_that_reports_may_say_so_without_any_code(words: str) -> None:
    assert says_nobody(words)


@pytest.mark.parametrize(
    "words",
    ["452 no such user", "5.7.1 no such user", "550 no such user", "unrouteable address", "user unknown at the relay",
     "mailbox full", ""],
)  # fmt: skip
def test_but_not_with_a_code_nor_of_the_way(words: str) -> None:
    assert not says_nobody(words)


def test_a_code_that_stands_alone_is_read_too() -> None:
    assert status_of("Sorry, no mailbox here by that name. (#5.1.1)") == "5.1.1"
    assert status_of("host 192.0.2.45 said 5 5 0") == ""
    assert status_of("version 15.1.1 of 5.1.1.7, by Exim 4.94.2") == ""


def test_the_code_of_a_reply_comes_before_one_that_stands_elsewhere() -> None:
    assert status_of("see 5.7.1 of our rules: 550 5.1.1 unknown") == "5.1.1"


@pytest.mark.parametrize("status", ["4.1.1", "4.1.2", "4.1.10", "4.2.0", "4.2.1", "4.2.2", "4.2.4"])
def test_what_was_refused_for_days_because_of_the_address_is_absent(status: str) -> None:
    assert is_absent(f"450 {status} not now")


@pytest.mark.parametrize(
    "words", ["451 4.7.1 greylisted", "450 4.1.8 sender", "452 4.3.1 full", "451 4.4.1", "450 busy"]
)
def test_what_was_refused_for_days_because_of_anything_else_is_not(words: str) -> None:
    assert not is_absent(words)
