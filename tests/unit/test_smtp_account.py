"""The account keeps its secret and its certificates in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import Configuration
from processor.outgoing.account import SmtpAccount, smtp_account
from processor.policy import Secret, Smtp


def test_the_password_is_never_shown() -> None:
    account = SmtpAccount(host="smtp.desk.example", username="desk", password="s3cret-word")
    assert "s3cret-word" not in repr(account) + str(account)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_clear_text_to_this_machine_is_allowed(host: str) -> None:
    assert SmtpAccount(host=host, security="plain").host == host


def test_clear_text_to_another_machine_is_refused_unless_it_is_insisted_on() -> None:
    with pytest.raises(Configuration, match=r"set smtp\.security to tls or starttls"):
        SmtpAccount(host="smtp.desk.example", security="plain")
    assert SmtpAccount(host="smtp.desk.example", security="plain", allow_plain=True).allow_plain


@pytest.mark.parametrize("content", [None, b"not a certificate"])
def test_certificates_that_cannot_be_read_are_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_bytes(content)
    with pytest.raises(Configuration, match=r"smtp.ca_file, .*ca.pem, cannot be read"):
        SmtpAccount(host="smtp.desk.example", ca_file=tmp_path / "ca.pem").tls_context()


def test_the_policy_s_account_has_its_secret_read_and_its_paths_made_whole(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("pässword\n", encoding="utf-8")
    smtp = Smtp(
        host="smtp.desk.example", username="desk", password=Secret(file=Path("password")), ca_file=Path("ca.pem")
    )
    account = smtp_account(smtp, tmp_path)
    assert (account.password, account.ca_file) == ("pässword", tmp_path / "ca.pem")
    assert account.port == 465
    assert account.security == "tls"


def test_a_policy_without_login_gives_an_account_without(tmp_path: Path) -> None:
    account = smtp_account(Smtp(host="localhost", security="plain", port=25), tmp_path)
    assert (account.username, account.password, account.ca_file) == (None, None, None)
