"""The policy file: what is right is read, and every mistake is told at once with its place."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

import pytest

from ingest.errors import Configuration
from processor import resources
from processor.policy import FolderSource, ImapSource, Policy, Secret, load_policy
from processor.policy.desk import PREFIX
from processor.policy.sentences import sentence

Write = Callable[..., Path]

RIGHT = """\
[desk]
name = "Accounts"
address = "Accounts@desk.example"
addresses = ["legal@desk.example"]
key = { env = "DESK_KEY" }

[[mailboxes]]
kind = "imap"
name = "accounts"
host = "imap.example.org"
username = "accounts"
password = { env = "IMAP_PASSWORD" }
start = 2026-11-01

[[mailboxes]]
kind = "folder"
name = "scans"
path = "scans"

[smtp]
host = "smtp.example.org"

[queues.triage]
label = "Triage"

[queues.tax]
label = "Tax"

[details.tax-id]
ask = { en = "your tax id" }

[request_types.tax-question]
label = { en = "Tax question" }
queue = "tax"
details = ["tax-id"]

[[rules]]
name = "tax"
when.words = ["vat"]
request_type = "tax-question"

[[rules]]
name = "catch-all"
queue = "triage"
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str, name: str = "daydesk.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def mistakes(path: Path) -> list[str]:
    """The lines of the error without the folder; the head line first."""
    with pytest.raises(Configuration) as caught:
        load_policy(path, resources.shipped_policy)
    return [line.strip().replace(f"{path.parent}/", "") for line in str(caught.value).splitlines()]


def line_of(text: str, beginning: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if line.startswith(beginning))


def replaced(old: str, new: str) -> str:
    assert old in RIGHT
    return RIGHT.replace(old, new, 1)


def test_a_right_file_is_read(write: Write) -> None:
    policy = load_policy(write(RIGHT), resources.shipped_policy)
    imap, folder = policy.mailboxes
    assert isinstance(imap, ImapSource)
    assert imap.start == datetime.date(2026, 11, 1)
    assert isinstance(folder, FolderSource)
    assert policy.desk.own_addresses == {"accounts@desk.example", "legal@desk.example"}
    assert policy.request_types["tax-question"].details[0].detail == "tax-id"
    assert policy.folder == write(RIGHT).parent.resolve()


def test_the_version_changes_with_any_value_and_with_nothing_else(write: Write) -> None:
    def version(text: str) -> str:
        return load_policy(write(text), resources.shipped_policy).version

    assert version(RIGHT) == version(RIGHT.replace("[desk]", "# a remark\n[desk]"))
    assert version(RIGHT) != version(replaced('["vat"]', '["vat", "tva"]'))


def test_every_mistake_is_told_at_once_in_the_order_of_the_lines(write: Write) -> None:
    text = (
        replaced("legal@desk.example", "legal at desk")
        .replace('host = "smtp.example.org"', 'hots = "smtp.example.org"')
        .replace('queue = "tax"', 'queue = "taxes"')
        .replace("start = 2026-11-01", 'start = "yesterday"')
    )
    told = mistakes(write(text))
    assert told[0] == "The policy has 5 mistakes:"
    assert told[1].startswith("daydesk.toml:4: desk.addresses.0: is not a mail address")
    assert told[2].startswith("daydesk.toml:13: mailboxes.0.start: ")
    assert "'now' or 'everything'" in told[2]
    assert told[3:] == [
        "daydesk.toml:20: smtp.host: is missing",
        "daydesk.toml:21: smtp.hots: is not a key of this table; look for a spelling mistake",
        "daydesk.toml:34: request_types.tax-question.queue: 'taxes' is not defined; there are tax, triage",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "Accounts"', 'name = ""', "desk.name: must not be empty"),
        ('key = { env = "DESK_KEY" }', "key = {}", "desk.key: needs exactly one of env, file, command"),
        ('name = "Accounts"', 'name = "A"\ntimezone = "Mars"', "desk.timezone: is not a time zone"),
        ('name = "Accounts"', 'name = "A"\nlanguage = "French"', "desk.language: is not a language"),
        ('name = "Accounts"', 'name = "A"\nfaq = "ftp://x"', "desk.faq: "),
        ('name = "Accounts"', 'name = "A"\npromise_hours = 0', "desk.promise_hours: "),
        ('kind = "imap"', 'kind = "pop3"', "mailboxes.0: "),
        ('name = "scans"', 'name = "accounts"', "mailboxes.1.name: another entry is named 'accounts' too"),
        ('name = "scans"', 'name = "Old scans"', "mailboxes.1.name: may hold small letters"),
        ('path = "scans"', "path = 5", "mailboxes.1.path: "),
        ('host = "imap.example.org"', 'host = "h"\nfolder = 5', "mailboxes.0.folder: "),
        ('host = "imap.example.org"', 'host = "h"\nsecurity = "plain"', "mailboxes.0: security = "),
        ('password = { env = "IMAP_PASSWORD" }', "", "mailboxes.0: needs a password, or oauth2 instead"),
        (
            'host = "smtp.example.org"',
            'host = "h"\nusername = "a"',
            "smtp: username and password go together, or username",
        ),
        ('label = "Tax"', 'label = "Tax"\nwrites_to_client = true', "queues.tax.writes_to_client: is not a key"),
        ('ask = { en = "your tax id" }', 'ask = { EN = "your tax id" }', "details.tax-id.ask.EN: is not a language"),
        (
            'ask = { en = "your tax id" }',
            'ask = { en = "x" }\npatterns = ["("]',
            "details.tax-id.patterns: '(' is not an",
        ),
        ('details = ["tax-id"]', 'details = ["vat-id"]', "details: 'vat-id' is not defined; there are tax-id"),
        ('details = ["tax-id"]', "details = 5", "request_types.tax-question.details: "),
        (
            'details = ["tax-id"]',
            'details = [{ detail = "tax-id", when_detail = "method", holds = ["x"] }]',
            "details: 'method' is not defined",
        ),
        (
            'details = ["tax-id"]',
            'details = [{ detail = "tax-id", holds = ["x"] }]',
            "request_types.tax-question.details.0: when_detail and holds go together",
        ),
        ('when.words = ["vat"]', 'when.word = ["vat"]', "rules.0.when.word: is not a key"),
        ('when.words = ["vat"]', 'when.words = ["va*t"]', "rules.0.when.words.0: may hold a * at its end alone"),
        ('when.words = ["vat"]', 'when.words = ["€"]', "rules.0.when.words.0: holds neither a letter nor a digit"),
        ('when.words = ["vat"]', 'when.patterns = ["(?=x)"]', "rules.0.when.patterns: '(?=x)' is not an RE2 pattern"),
        ('when.words = ["vat"]', "", 'rules.0: has no "when" and hides every rule after it'),
        (
            'request_type = "tax-question"',
            'queue = "vat"',
            "rules.0.queue: 'vat' is not defined; there are tax, triage",
        ),
        ('request_type = "tax-question"', 'request_type = "vat"', "rules.0.request_type: 'vat' is not defined"),
        ('request_type = "tax-question"', "", "rules.0: needs a queue or a request_type"),
        ('name = "catch-all"', 'name = "tax"', "rules.1.name: another entry is named 'tax' too"),
        ('queue = "triage"', 'queue = "tax"', "rules.1: the last rule must take every mail"),
        ('queue = "triage"', 'queue = "triage"\nwhen.automatic = true', "rules.1: the last rule must take every mail"),
    ],
)
def test_each_mistake_is_told_where_it_stands(write: Write, old: str, new: str, told: str) -> None:
    text = replaced(old, new)
    lines = mistakes(write(text))
    assert lines[0] == "The policy has a mistake:"
    place, _, what = lines[1].partition(": ")
    assert what.startswith(told) or told in what
    name, _, number = place.partition(":")
    assert name == "daydesk.toml"
    first = next(
        at for at, pair in enumerate(zip_longest(text.splitlines(), RIGHT.splitlines()), 1) if len(set(pair)) > 1
    )
    heading = max(at for at, line in enumerate(text.splitlines(), 1) if line.startswith("[") and at <= first)
    assert int(number) in {heading, *range(first, first + new.count("\n") + 1)}


def test_tables_that_are_not_there_are_told(write: Write) -> None:
    told = mistakes(write('[desk]\nname = "A"\naddress = "a@b.example"\nkey = { env = "K" }\n'))
    assert {line.split(": ", 1)[1] for line in told[1:]} == {
        f"{table}: is missing" for table in ("mailboxes", "smtp", "queues", "rules")
    }


def test_tables_of_another_kind_are_told_and_nothing_breaks(write: Write) -> None:
    told = mistakes(write('rules = ["x"]\nqueues = 3\nmailboxes = 4\ndesk = 5\nrequest_types = { a = 1 }\nsmtp = 6\n'))
    assert any(line.startswith("daydesk.toml:2: queues: ") for line in told)
    assert any(line.startswith("daydesk.toml:1: rules.0: ") for line in told)
    assert any(line.startswith("daydesk.toml:3: mailboxes: ") for line in told)
    assert any(line.startswith("daydesk.toml:5: request_types.a: ") for line in told)


def test_a_file_that_is_not_toml_is_told_with_its_line(write: Write) -> None:
    told = mistakes(write('[desk]\nname = "A\n'))
    assert told[0].startswith("daydesk.toml:2: is not TOML: ")


def test_a_file_that_ends_in_the_middle_is_told_without_a_line(write: Write) -> None:
    told = mistakes(write("[desk"))
    assert told[0].startswith("daydesk.toml")
    assert "is not TOML" in told[0]


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    assert "write one with `daydesk init`" in mistakes(tmp_path / "daydesk.toml")[0]


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "daydesk.toml").write_bytes(b"\xff\xfe\x00")
    assert "is not text in UTF-8" in mistakes(tmp_path / "daydesk.toml")[0]


@pytest.mark.parametrize("value", ['"default"', "[5]"])
def test_include_is_a_list_of_names(write: Write, value: str) -> None:
    assert mistakes(write(f"\ninclude = {value}\n"))[0].startswith("daydesk.toml:2: include: must be a list of names")


def test_an_unknown_name_to_include_is_told_with_those_there_are(write: Write) -> None:
    assert mistakes(write('include = ["defalut"]\n'))[0].startswith(
        "daydesk.toml:1: include: No policy named 'defalut' is shipped; there are: default"
    )


def test_an_included_file_is_looked_for_beside_the_file_that_names_it(write: Write) -> None:
    half = RIGHT.index("[queues.triage]")
    write(RIGHT[half:], "more.toml")
    policy = load_policy(write('include = ["more.toml"]\n' + RIGHT[:half]), resources.shipped_policy)
    assert [rule.name for rule in policy.rules] == ["tax", "catch-all"]


def test_an_included_file_may_include_others_beside_itself(write: Write, tmp_path: Path) -> None:
    half = RIGHT.index("[[rules]]")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "rules.toml").write_text(RIGHT[half:])
    (tmp_path / "more.toml").write_text('include = ["parts/rules.toml"]\n')
    policy = load_policy(write('include = ["more.toml"]\n' + RIGHT[:half]), resources.shipped_policy)
    assert [rule.name for rule in policy.rules] == ["tax", "catch-all"]


def test_files_that_include_each_other_are_a_mistake(write: Write, tmp_path: Path) -> None:
    (tmp_path / "more.toml").write_text('include = ["daydesk.toml"]\n')
    assert "daydesk.toml includes itself" in mistakes(write('include = ["more.toml"]\n' + RIGHT))[0]


def test_a_mistake_in_an_included_file_is_told_in_that_file(write: Write) -> None:
    half = RIGHT.index("[queues.triage]")
    write(RIGHT[half:].replace('request_type = "tax-question"', 'request_type = "vat"'), "more.toml")
    own = '[[rules]]\nname = "first"\nwhen.words = ["x"]\nqueue = "nowhere"\n'
    told = mistakes(write('include = ["more.toml"]\n' + RIGHT[:half] + own))
    assert told[1].startswith("daydesk.toml:27: rules.0.queue: 'nowhere' is not defined")
    assert told[2].startswith("more.toml:18: rules.0.request_type: 'vat' is not defined")


def test_own_entries_replace_the_included_ones_and_own_rules_come_first(write: Write) -> None:
    own = """
[queues.tax]
label = "My tax"

[[rules]]
name = "mine"
when.words = ["mine"]
queue = "tax"
"""
    text = 'include = ["default"]\n' + RIGHT[: RIGHT.index("[queues.triage]")] + own
    policy = load_policy(write(text), resources.shipped_policy)
    assert policy.queues["tax"].label == "My tax"
    assert policy.queues["legal"].label == "Legal"
    assert policy.rules[0].name == "mine"
    assert policy.rules[-1].name == "catch-all"


def test_words_of_an_example_are_no_headings(write: Write) -> None:
    text = replaced(
        'request_type = "tax-question"',
        'request_type = "tax-question"\nexamples = ["""\nVAT\n\n[desk]\nname = "x"\n""", '
        "'''\nvat \"\"\" [smtp]\n\n[smtp]\nhost = 6\n''']",
    ).replace('host = "smtp.example.org"', "host = 5")
    assert mistakes(write(text))[1].startswith(f"daydesk.toml:{line_of(text, 'host = 5')}: smtp.host: ")


def test_a_key_with_dots_or_quotes_is_found_at_its_line(write: Write) -> None:
    text = RIGHT + '\n[acknowledgement]\n"caps" . all_per_hour = -1\n'
    assert mistakes(write(text))[1].startswith(
        f"daydesk.toml:{len(text.splitlines())}: acknowledgement.caps.all_per_hour: "
    )


def test_a_heading_inside_a_list_entry_is_found_at_its_line(write: Write) -> None:
    text = replaced(
        'when.words = ["vat"]\nrequest_type = "tax-question"', 'request_type = "tax-question"\n[rules.when]\nwords = 5'
    )
    assert mistakes(write(text))[1].startswith(f"daydesk.toml:{line_of(text, 'words = 5')}: rules.0.when.words: ")


def test_a_policy_is_frozen(write: Write) -> None:
    policy = load_policy(write(RIGHT), resources.shipped_policy)
    with pytest.raises(ValueError, match="frozen"):
        setattr(policy, "rules", ())  # noqa: B010 - a plain assignment is what the type checker already refuses
    assert isinstance(policy, Policy)


class TestSecrets:
    """Where a secret is kept, and what is said where it is not there."""

    def test_it_is_read_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DESK_KEY", "from the environment")
        assert Secret(env="DESK_KEY").reveal(Path()) == "from the environment"

    def test_it_is_read_from_a_file_beside_the_policy_without_its_line_end(self, tmp_path: Path) -> None:
        (tmp_path / "key").write_text("from a file\r\n", encoding="utf-8")
        assert Secret(file=Path("key")).reveal(tmp_path) == "from a file"

    def test_it_is_read_from_a_command(self) -> None:
        assert Secret(command="printf 'from a command\\n'").reveal(Path()) == "from a command"

    @pytest.mark.parametrize(
        ("secret", "told"),
        [
            (Secret(env="DESK_KEY_THAT_IS_NOT_SET"), "The environment has no DESK_KEY_THAT_IS_NOT_SET"),
            (Secret(file=Path("nowhere")), "cannot be read"),
            (Secret(file=Path("/dev/null")), "is empty"),
            (Secret(command="true"), "is empty"),
            (Secret(command="false"), "CalledProcessError"),
            (Secret(command="no-such-program-anywhere"), "FileNotFoundError"),
            (Secret(command="unbalanced ' quote"), "ValueError"),
        ],
    )
    def test_its_lack_is_told_without_the_secret(self, tmp_path: Path, secret: Secret, told: str) -> None:
        with pytest.raises(Configuration, match=told):
            secret.reveal(tmp_path)


@pytest.mark.parametrize(
    ("kind", "context", "told"),
    [
        ("greater_than", {"gt": 0}, "must be more than 0"),
        ("greater_than_equal", {"ge": 1}, "must be at least 1"),
        ("less_than_equal", {"le": 9}, "must be at most 9"),
        ("string_too_long", {"max_length": 200}, "must have at most 200 characters"),
        ("literal_error", {"expected": "'a' or 'b'"}, "must be 'a' or 'b'"),
        ("union_tag_invalid", {"discriminator": "'kind'", "expected_tags": "'imap'"}, "kind must be one of 'imap'"),
        ("union_tag_not_found", {"discriminator": "'kind'"}, "kind is missing"),
        ("string_pattern_mismatch", {"pattern": "^x$"}, "is not of the right form"),
        ("string_pattern_mismatch", {"pattern": PREFIX}, "must be two to six capital letters, such as DD"),
        ("too_short", {}, "needs at least one entry"),
        ("bool_type", {}, "must be true or false"),
        ("bool_parsing", {}, "must be true or false"),
        ("int_parsing", {}, "must be a whole number"),
        ("int_type", {}, "must be a whole number"),
        ("string_type", {}, 'must be text in quotes, such as "words"'),
        ("dict_type", {}, "must be a table"),
        ("model_type", {}, "must be a table"),
        ("tuple_type", {}, "must be a list"),
        ("never_seen", {}, "in pydantic's words"),
    ],
)
def test_each_kind_of_mistake_says_what_is_allowed(kind: str, context: dict[str, object], told: str) -> None:
    item = {"type": kind, "ctx": context, "msg": "Value error, in pydantic's words", "input": [1]}
    assert sentence(item) == told
    assert sentence(item | {"input": "x"}) == f"{told} (it is 'x')"
