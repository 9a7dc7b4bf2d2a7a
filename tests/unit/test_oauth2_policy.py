"""The oauth2 tables of a policy: what is right is understood, what is wrong is told with its line, all at once."""

from __future__ import annotations

import os
import stat
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs
from support.desk import make_policy

from ingest.errors import Configuration
from processor import resources
from processor.policy import OAuth2, Policy, Secret, load_policy
from processor.reports.health import secrets
from processor.stages.tokens import Tokens

RIGHT = """\
[desk]
name = "Accounts"
address = "accounts@desk.example"
key = { env = "DESK_KEY" }

[oauth2.m365]
provider = "microsoft"
tenant = "desk.onmicrosoft.com"
client_id = "11112222-3333-4444-5555-666677778888"
client_secret = { env = "M365_SECRET" }
secret_expires = 2027-05-31

[[mailboxes]]
kind = "imap"
name = "accounts"
host = "outlook.office365.com"
username = "accounts@desk.example"
oauth2 = "m365"

[smtp]
host = "smtp.office365.com"
username = "accounts@desk.example"
oauth2 = "m365"

[queues.triage]
label = "Triage"

[[rules]]
name = "catch-all"
queue = "triage"
"""


def loaded(folder: Path, text: str) -> Policy:
    (folder / "daydesk.toml").write_text(text, encoding="utf-8")
    return load_policy(folder / "daydesk.toml", resources.shipped_policy)


def test_one_table_serves_a_mailbox_and_smtp(tmp_path: Path) -> None:
    policy = loaded(tmp_path, RIGHT)
    assert policy.smtp.oauth2 == "m365"
    table = policy.oauth2["m365"]
    assert table.url == "https://login.microsoftonline.com/desk.onmicrosoft.com/oauth2/v2.0/token"
    assert table.asked_scope == "https://outlook.office365.com/.default"
    assert table.secret_expires == date(2027, 5, 31)


def test_for_a_person_microsoft_is_asked_for_imap_and_smtp_and_a_lasting_consent() -> None:
    table = OAuth2(provider="microsoft", tenant="x", client_id="c", refresh_token=Secret(env="R"))
    assert table.asked_scope.split() == [
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
        "offline_access",
    ]


def test_google_is_known_and_its_scope_is_that_of_the_consent() -> None:
    secret = Secret(env="S")
    table = OAuth2(provider="google", client_id="c", client_secret=secret, refresh_token=Secret(env="R"))
    assert (table.url, table.asked_scope) == ("https://oauth2.googleapis.com/token", "")


def test_where_a_person_agrees_is_known_of_both_providers() -> None:
    secret = Secret(env="S")
    google = OAuth2(provider="google", client_id="c", client_secret=secret, refresh_token=Secret(env="R"))
    assert google.consent_url == "https://accounts.google.com/o/oauth2/v2/auth"
    assert google.consent_scope == "https://mail.google.com/"
    assert google.consent_more == {"access_type": "offline", "prompt": "consent"}
    microsoft = OAuth2(provider="microsoft", tenant="x", client_id="c", client_secret=secret)
    assert microsoft.consent_url == "https://login.microsoftonline.com/x/oauth2/v2.0/authorize"
    assert "offline_access" in microsoft.consent_scope
    assert microsoft.consent_more == {}


def test_what_is_said_of_address_and_scope_goes_before_what_is_known() -> None:
    url = "https://login.microsoftonline.us/x/oauth2/v2.0/token"
    table = OAuth2(provider="microsoft", client_id="c", client_secret=Secret(env="S"), token_url=url, scope="mail")
    assert (table.url, table.asked_scope) == (url, "mail")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('oauth2 = "m365"', 'oauth2 = "m356"', "mailboxes.0.oauth2: 'm356' is not defined; there are m365"),
        ('oauth2 = "m365"', 'oauth2 = "m365"\npassword = { env = "P" }', "mailboxes.0: needs a password, or oauth2"),
        ('oauth2 = "m365"\n\n[smtp]', "\n[smtp]", "mailboxes.0: needs a password, or oauth2 instead of it"),
        ('oauth2 = "m365"\n\n[queues', 'oauth2 = "x"\n\n[queues', "smtp.oauth2: 'x' is not defined; there are m365"),
        (
            'oauth2 = "m365"\n\n[queues',
            'oauth2 = "m365"\npassword = { env = "P" }\n[queues',
            "smtp: needs a password or oauth2, not both",
        ),
        ('oauth2 = "m365"\n\n[queues', "\n[queues", "smtp: username and password go together, or username and oauth2"),
        ('tenant = "desk.onmicrosoft.com"', "", "oauth2.m365: for microsoft it needs tenant too"),
        (
            'client_secret = { env = "M365_SECRET" }',
            "",
            "oauth2.m365: for microsoft it needs client_secret or refresh_token too",
        ),
        ('provider = "microsoft"', 'provider = "other"', "oauth2.m365: for other it needs token_url too"),
        ('provider = "microsoft"', 'provider = "google"', "oauth2.m365: for google it needs refresh_token too"),
        ('provider = "microsoft"', 'provider = "yahoo"', "oauth2.m365.provider: must be 'microsoft', 'google' or 'ot"),
        ('tenant = "desk', 'tenant = "../desk', "oauth2.m365.tenant: "),
        ("2027-05-31", '"next May"', "oauth2.m365.secret_expires: must be a date without quotes, such as 2027-01-31"),
        ("2027-05-31", "2027-05-31T10:00:00Z", "oauth2.m365.secret_expires: must be a date without a time"),
        ("2027-05-31", "true", "oauth2.m365.secret_expires: must be a date"),
        ("tenant = ", 'tenent = "x"\ntenant = ', "oauth2.m365.tenent: is not a key of this table"),
        ("[oauth2.m365]", "[oauth2.M365]", "oauth2.M365.[key]: may hold small letters"),
        *(
            (
                "tenant = ",
                f'token_url = "{url}"\ntenant = ',
                "oauth2.m365.token_url: must begin with https://, without a user",
            )
            for url in ("http://login.example.org/", "https://me:pw@login.example.org/", "ftp://x/", "https:///x", "x")
        ),
        ("tenant = ", 'token_url = "https://x:99999/"\ntenant = ', "oauth2.m365.token_url: "),
    ],
)
def test_each_mistake_is_told_where_it_stands(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in RIGHT
    text = RIGHT.replace(old, new, 1)
    with pytest.raises(Configuration) as caught:
        loaded(tmp_path, text)
    lines = [line.strip().removeprefix(f"{tmp_path}/") for line in str(caught.value).splitlines()[1:]]
    assert any(line.partition(": ")[2].startswith(told) for line in lines), lines
    assert all(line.startswith("daydesk.toml:") for line in lines)


def test_mistakes_of_several_tables_are_told_at_once(tmp_path: Path) -> None:
    text = RIGHT.replace('oauth2 = "m365"', 'oauth2 = "a"').replace("tenant", "tenent").replace("2027-05-31", "5")
    with pytest.raises(Configuration, match="The policy has 4 mistakes"):
        loaded(tmp_path, text)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/token", "http://localhost/token", "https://login.example.org"])
def test_clear_text_is_for_this_machine_alone(url: str) -> None:
    assert OAuth2(provider="other", client_id="c", client_secret=Secret(env="S"), token_url=url).url == url


# Secrets that expire.


def with_secret(expires: date | None, **health: Any) -> Policy:
    table = {"provider": "google", "client_id": "c", "refresh_token": {"env": "R"}, "secret_expires": expires}
    policy = make_policy().model_dump() | {"oauth2": {"post": table}, "health": health}
    return Policy.model_validate(policy)


NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expires", "exit_code", "words"),
    [
        (date(2026, 12, 23), 0, "expires on 2026-12-23, in 31 days"),
        (date(2026, 12, 22), 1, "expires on 2026-12-22, in 30 days; make a new one at the provider"),
        (date(2026, 11, 23), 1, "expires on 2026-11-23, in 1 day; make a new one"),
        (date(2026, 11, 22), 1, "expired on 2026-11-22, today; make a new one"),
        (date(2026, 11, 20), 1, "expired on 2026-11-20, 2 days ago; make a new one"),
    ],
)
def test_health_reminds_of_a_secret_before_it_expires(expires: date, exit_code: int, words: str) -> None:
    (found,) = secrets(with_secret(expires), NOW)
    assert (found.what, found.name, found.exit_code) == ("secret", "post", exit_code)
    assert found.words.startswith(words)
    assert found.figures == {"expires_timestamp_seconds": datetime(*expires.timetuple()[:3], tzinfo=UTC).timestamp()}


def test_how_early_is_the_policys_to_say() -> None:
    (found,) = secrets(with_secret(date(2026, 12, 20), secret_days=7), NOW)
    assert found.ok


def test_a_secret_without_a_date_is_not_looked_after() -> None:
    assert list(secrets(with_secret(None), NOW)) == []


# Secrets that are replaced.


def test_a_secret_in_a_file_is_replaced_by_rename_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "refresh"
    file.write_text("old\n")
    file.chmod(0o640)
    before = file.stat().st_ino
    secret = Secret(file=Path("refresh"))
    assert secret.replace(tmp_path, "new")
    assert secret.reveal(tmp_path) == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert file.stat().st_ino != before
    assert os.listdir(tmp_path) == ["refresh"]


def test_a_secret_that_was_not_there_is_for_this_user_alone(tmp_path: Path) -> None:
    assert Secret(file=Path("refresh")).replace(tmp_path, "new")
    assert stat.S_IMODE((tmp_path / "refresh").stat().st_mode) == 0o600


def test_a_link_to_a_secret_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("old")
    (tmp_path / "refresh").symlink_to("there")
    assert Secret(file=Path("refresh")).replace(tmp_path, "new")
    assert (tmp_path / "refresh").is_symlink()
    assert (tmp_path / "there").read_text() == "new\n"


@pytest.mark.parametrize("secret", [Secret(env="NAME"), Secret(command="true")])
def test_what_is_not_in_a_file_cannot_be_replaced(tmp_path: Path, secret: Secret) -> None:
    assert not secret.replace(tmp_path, "new")


def test_a_file_that_cannot_be_written_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(Configuration, match=r"nowhere/at-all cannot be written \(No such file"):
        Secret(file=Path("nowhere/at-all")).replace(tmp_path, "new")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside").touch()
    with pytest.raises(Configuration, match="folder cannot be written"):
        Secret(file=Path("folder")).replace(tmp_path, "new")
    assert os.listdir(tmp_path) == ["folder"]


# Sources that are shared.


def test_all_who_name_a_table_share_its_source_also_under_a_new_policy_that_left_it_alone(tmp_path: Path) -> None:
    tokens = Tokens(structlog.get_logger())
    policy = loaded(tmp_path, RIGHT)
    source = tokens.source(policy, "m365")
    assert source is not None
    assert tokens.source(policy, "m365") is source
    assert tokens.source(loaded(tmp_path, RIGHT.replace("Accounts", "Legal")), "m365") is source
    assert tokens.source(loaded(tmp_path, RIGHT.replace("11112222", "99992222")), "m365") is not source
    assert tokens.source(policy, None) is None


def test_a_refresh_token_that_cannot_be_kept_is_told_of_once_without_it(tmp_path: Path) -> None:
    policy = loaded(tmp_path, RIGHT.replace("secret_expires", 'refresh_token = { file = "gone/away" }\nsecret_expires'))
    tokens = Tokens(structlog.get_logger())
    keep = tokens._client("m365", policy.oauth2["m365"], tmp_path).keep
    with capture_logs() as told:
        keep("refresh-1"), keep("refresh-2")
    assert [(line["log_level"], line["oauth2"]) for line in told] == [("warning", "m365")]
    assert "gone/away cannot be written" in told[0]["reason"]
    assert "refresh-" not in str(told)
