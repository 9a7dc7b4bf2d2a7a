"""An acknowledgement whose template or values are bad goes out all the same, in the shipped words."""

from __future__ import annotations

import shutil
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from support.cells import cell
from support.mails import a_mail
from support.trial import Trial

from processor.store.models import Event
from processor.workers import run_once

SHIPPED = (
    "The acknowledgement goes out in the shipped words, and the story of the case says why. `daydesk check` names "
)


@pytest.mark.parametrize(
    ("template", "why"),
    [
        cell(
            "render",
            "the operator's template asks for a value that there is not",
            f"{SHIPPED}file and line.",
            b"{{ amount_due }}",
            "'amount_due' is undefined",
        ),
        cell("render", "the operator's template is no template", f"{SHIPPED}file and line.", b"{% if %}", "body.txt:1"),
        cell(
            "render",
            "the operator's template does not end",
            f"{SHIPPED}the file.",
            b"{% for x in range(9999) %}{% for y in range(9999) %}x{% endfor %}{% endfor %}",
            "writes more than 200000 characters",
        ),
        cell(
            "render",
            "the operator's template is not UTF-8",
            f"{SHIPPED}the mistake.",
            b"\xff\xfe",
            "UnicodeDecodeError",
        ),
    ],
)
def test_a_broken_template_gives_way_to_the_shipped_one(trial: Trial, template: bytes, why: str) -> None:
    own = trial.desk.folder / "own" / "acknowledgement" / "en"
    own.mkdir(parents=True)
    (own / "body.txt").write_bytes(template)
    trial.desk.change(desk={"templates": "own"})
    trial.bring_english()

    trial.passes()

    assert text_of(trial).startswith("Hello,")
    assert any("The shipped acknowledgement went out" in note and why in note for note in notes(trial))
    trial.comes_home()


@pytest.mark.cell(
    "render",
    "the operator's templates folder is gone while the desk works",
    f"{SHIPPED}the folder.",
)
def test_a_templates_folder_that_is_gone_gives_way_to_the_shipped_one(trial: Trial) -> None:
    (trial.desk.folder / "own").mkdir()
    trial.desk.change(desk={"templates": "own"})
    trial.bring_english()
    with trial.desk.opened() as opened:
        shutil.rmtree(trial.desk.folder / "own")
        run_once(opened)

    assert any("there is no templates folder" in note for note in notes(trial))
    trial.comes_home()


@pytest.mark.cell(
    "render",
    "the client's own words are a template, markup or a header (shown only where his domain vouches for him)",
    "They are data: shown as they are, on one line, without control characters, and escaped in HTML.",
)
def test_hostile_words_stay_words(trial: Trial) -> None:
    hostile = "Invoice {{ 7 * 7 }} <script>alert(1)</script> \x1b[31m"
    trial.desk.change(acknowledgement={"authserv_id": "gateway.example"})
    vouched = "Authentication-Results: gateway.example; dmarc=pass header.from=c1.example\r\n"
    trial.mails.append(a_mail(1, subject=f"{hostile}=?utf-8?q?=0D=0ABcc:_x=40y.example?=", fields=vouched))
    trial.dovecot.deliver(trial.user, trial.mails)

    trial.comes_home()

    ours = sent(trial)
    assert "Invoice {{ 7 * 7 }} <script>alert(1)</script>" in str(ours["Subject"])
    assert ours["Bcc"] is None
    html = ours.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
    assert "\x1b" not in trial.sink.received[0].content.decode()


def sent(trial: Trial) -> EmailMessage:
    message = message_from_bytes(trial.sink.received[0].content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(trial: Trial) -> str:
    body = sent(trial).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def notes(trial: Trial) -> list[str]:
    return [str(event.data["note"]) for event in trial.desk.rows(Event) if event.kind == "acknowledgement decided"]
