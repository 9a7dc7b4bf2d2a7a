"""Programs in which people write are known by their marks; machines' are not."""

from __future__ import annotations

import pytest
from support.triage import a_message

from processor.triage.mail_program import written_in_mail_program


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Mailer", "Microsoft Outlook 16.0"),
        ("X-Mailer", "Apple Mail (2.3774.600.62)"),
        ("x-mailer", "iPhone Mail (22B83)"),
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.4"),
        ("User-Agent", "Roundcube Webmail/1.6.9"),
        ("X-Mailer", "WebService/1.1.22806 YMailNorrin"),
    ],
)
def test_programs_for_people_are_known_by_their_name(name: str, value: str) -> None:
    assert written_in_mail_program(a_message((name, value)))


@pytest.mark.parametrize("maker", ["mail.gmail.com", "AM0PR04MB1234.eurprd04.prod.outlook.com", "mail.yahoo.com"])
def test_webmail_is_known_by_the_ids_that_it_makes(maker: str) -> None:
    assert written_in_mail_program(a_message(message_id=f"<x@{maker}>"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Mailer", "Zendesk Mailer"),
        ("X-Mailer", "PHPMailer 6.9"),
        ("X-Note", "Thunderbird"),
        ("X-Mailer", "sparkpost"),
    ],
)
def test_machines_have_no_such_mark(name: str, value: str) -> None:
    assert not written_in_mail_program(a_message((name, value), message_id="<x@notmail.gmail.com.evil.example>"))


def test_a_mail_without_any_mark_tells_nothing() -> None:
    assert not written_in_mail_program(a_message())
    assert not written_in_mail_program(a_message(message_id="<x@evilicloud.com>"))
