"""Whatever the words and identifiers are, the message reads back as they were, and no field is added to it."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import Permanent
from ingest.message import Address
from processor.outgoing.compose import compose
from processor.outgoing.render import Rendered, Renderer
from processor.outgoing.view import AcknowledgementView, one_line
from processor.resources import templates_folder

FIELDS = {
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "X-Daydesk-Loop", "MIME-Version", "Content-Type",
}  # fmt: skip
RENDERER = Renderer(templates_folder())
any_text = st.text(max_size=300)


def mail_of(rendered: Rendered, recipient: str, in_reply_to: str, references: tuple[str, ...]) -> bytes:
    return compose(
        rendered,
        sender=Address(name="Accounts", address="accounts@desk.example"),
        recipient=recipient,
        message_id="<dd-7k3m-9qxw-5.ack.aaaa@desk.example>",
        in_reply_to=in_reply_to,
        references=references,
        envelope_from="",
        date=datetime(2026, 11, 24, tzinfo=UTC),
    ).content


@given(subject=any_text, value=any_text, label=any_text, desk=any_text)
def test_any_value_of_a_client_comes_back_as_one_line_of_data(subject: str, value: str, label: str, desk: str) -> None:
    view = AcknowledgementView(
        reference="DD-7K3M-9QXW-5", desk_name=desk, desk_address="accounts@desk.example", language="en",
        missing=(label,), found=((label, value),), subject=subject,
    )  # fmt: skip
    rendered = RENDERER.acknowledgement(view)
    message = email.message_from_bytes(
        mail_of(rendered, "client@client.example", "<a@b>", ()), policy=email.policy.default
    )
    assert set(message.keys()) == FIELDS
    assert message["Subject"] == rendered.subject
    plain, html = message.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == rendered.text
    assert f"  - {one_line(label)}: {one_line(value)}" in rendered.text
    assert html.get_content().replace("\r\n", "\n") == rendered.html


@given(recipient=st.one_of(any_text, st.emails()), in_reply_to=any_text, references=st.lists(any_text, max_size=5))
def test_no_address_or_identifier_adds_a_field(recipient: str, in_reply_to: str, references: list[str]) -> None:
    rendered = Rendered(subject="s", text="t\n", html="h\n")
    try:
        content = mail_of(rendered, recipient, in_reply_to, tuple(references))
    except Permanent:
        return
    header = content.partition(b"\r\n\r\n")[0]
    names = {line.split(b":")[0].decode() for line in header.split(b"\r\n") if not line.startswith(b" ")}
    assert names <= FIELDS
    assert f"To: <{recipient}>\r\n".encode() in content
