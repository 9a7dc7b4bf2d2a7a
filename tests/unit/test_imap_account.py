"""What an operator tells about an IMAP mailbox, and what is refused of it before anything is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.errors import Configuration
from ingest.imap import ImapAccount, ImapMailbox
from ingest.imap_account import Security


def account(**settings: Any) -> ImapAccount:
    usual: dict[str, Any] = {"name": "accounts", "host": "imap.invalid", "username": "anna", "password": "s3cret"}
    return ImapAccount(**usual | settings)


def test_the_password_is_in_no_representation() -> None:
    assert "s3cret" not in repr(account())
    assert "s3cret" not in account().place


def test_plain_is_refused_before_anything_is_sent() -> None:
    # The name cannot be looked up: had we tried to connect, the error would be another one.
    with pytest.raises(Configuration, match=r"readable over the network.*tls \(port 993\)"):
        ImapMailbox(account(security="plain")).__enter__()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_plain_is_allowed_on_loopback(host: str) -> None:
    account(security="plain", host=host).refuse_clear_text()


@pytest.mark.parametrize("host", ["imap.example.org", "10.0.0.1", "localhost.example.org"])
def test_plain_elsewhere_needs_the_policys_insistence(host: str) -> None:
    with pytest.raises(Configuration):
        account(security="plain", host=host).refuse_clear_text()
    account(security="plain", host=host, allow_plain=True).refuse_clear_text()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encrypted_connections_go_anywhere(security: Security) -> None:
    account(security=security).refuse_clear_text()


@pytest.mark.parametrize("setting", ["username", "password", "folder", "processed_folder"])
def test_a_line_break_never_reaches_the_wire(setting: str) -> None:
    with pytest.raises(Configuration, match=f"the {setting} holds a line break") as caught:
        account(**{setting: "s3cret\r\nA1 DELETE INBOX"})
    assert "s3cret" not in str(caught.value)


def test_messages_cannot_be_moved_to_where_they_are() -> None:
    with pytest.raises(Configuration, match="cannot be moved to Bills itself"):
        account(folder="Bills", processed_folder="Bills")
    account(folder="Bills", processed_folder="Bills", after="flag")


def test_a_ca_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("not a certificate")
    with pytest.raises(Configuration, match=r"ca\.pem cannot be used"):
        account(ca_file=str(file)).tls_context()
