"""The documents say what the code does: every key, command, reason and link is there, and none too many."""

from __future__ import annotations

import dataclasses
import json
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from ingest.message import (
    Address,
    AttachedMessage,
    Attachment,
    CalendarPart,
    ForwardedHeader,
    Message,
    Passage,
    Report,
    ReportedRecipient,
)
from ingest.parser import parse
from processor.casework.asking import ASKED
from processor.casework.confirming import CALLED, RELEASED
from processor.casework.merging import MERGED
from processor.casework.originals import REFUSED, SHOWN
from processor.casework.redacting import REDACTED
from processor.casework.requesters import ACCEPTED
from processor.casework.settling import CLOSED, RESOLVED
from processor.cli import app
from processor.cli.parsing import as_read
from processor.metrics import COUNTERS, GAUGES
from processor.reports.health import SUBJECTS
from processor.stages.deliver import OVERTAKEN
from processor.stages.differences import Kind as Difference
from processor.stages.differences import Sort
from processor.stages.reconcile import EVENT
from processor.store import quarantine, reconciling, suppression
from processor.store.contact_book import CHANGED
from processor.store.models import Dispatch, State
from processor.triage import kinds
from processor.triage.authentication import Result
from processor.triage.automatic import Automatic, Kind
from processor.triage.reasons import Code, Reason

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])

_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    """The page without its blocks of code, whose # and ]( mean nothing here."""
    return _FENCED.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(prose(page))}


def section(page: Path, heading: str) -> str:
    found = re.search(
        rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return found[1] if found else ""


def commands(group: Any, path: tuple[str, ...] = ("daydesk",)) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its full name."""
    if not hasattr(group, "commands"):
        yield " ".join(path), group
        return
    if group.invoke_without_command:
        yield " ".join(path), group
    for name, command in group.commands.items():
        yield from commands(command, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(app)))


def test_the_policy_reference_tells_what_the_models_say() -> None:
    made = runpy.run_path(str(REFERENCE / "make_policy.py"))["page"]()
    stands = (REFERENCE / "policy.md").read_text(encoding="utf-8")
    assert stands == made, "docs/reference/policy.md is stale: run python docs/reference/make_policy.py"


def test_the_page_of_faults_tells_what_the_tests_try() -> None:
    command = [sys.executable, str(REFERENCE / "make_faults.py"), "--print"]
    made = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    stands = (REFERENCE / "faults.md").read_text(encoding="utf-8")
    assert stands == made, "docs/reference/faults.md is stale: run python docs/reference/make_faults.py"


def test_every_table_of_the_policy_has_a_section() -> None:
    from processor.policy.base import Table

    told = {table for _heading, table, _more in runpy.run_path(str(REFERENCE / "make_policy.py"))["SECTIONS"]}
    inner = {"Policy", "Secret", "_Server"}  # the whole; told in the page's own words; what two tables share
    assert {table.__name__ for table in _below(Table)} - {table.__name__ for table in told} == inner


def test_no_key_is_explained_that_is_not_there() -> None:
    made = runpy.run_path(str(REFERENCE / "make_policy.py"))
    tables = {table.__name__: table for _heading, table, _more in made["SECTIONS"]}
    for name, keys in made["WORDS"].items():
        assert keys.keys() <= tables[name].model_fields.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented_with_every_option(name: str) -> None:
    words = section(REFERENCE / "command-line.md", name)
    options = [option for parameter in COMMANDS[name].params for option in parameter.opts if option.startswith("--")]
    assert [option for option in options if option not in words and option != "--help"] == []
    assert words


def test_no_command_is_documented_that_is_not_there() -> None:
    told = re.findall(r"^## (daydesk .*)$", (REFERENCE / "command-line.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(COMMANDS)


def test_every_reason_for_silence_is_documented_in_the_order_in_which_it_is_shown() -> None:
    told = re.findall(
        r"^\| `([A-Z_]+)` \|", (REFERENCE / "acknowledgement.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert told == [code.value for code in Code]


def test_every_field_of_a_parsed_mail_is_documented() -> None:
    words = (REFERENCE / "parse.md").read_text(encoding="utf-8")
    inside = (Address, AttachedMessage, Attachment, CalendarPart, ForwardedHeader, Passage, Report, ReportedRecipient)
    names = {field.name.removesuffix("_") for kind in inside for field in dataclasses.fields(kind)}
    names |= as_read(Message(sha256="", headers=())).keys()
    names |= {field.name for kind in (Automatic, Reason, Result) for field in dataclasses.fields(kind)}
    assert {name for name in names if f"`{name}`" not in words} == set()


def test_the_example_of_a_parsed_mail_is_what_is_printed_of_it() -> None:
    words = (REFERENCE / "parse.md").read_text(encoding="utf-8")
    example = json.loads(words.partition("```json\n")[2].partition("```")[0])
    header = "".join(f"{name}: {value}\n" for name, value in example["headers"])
    raw = f"{header}\n{example['text']}\n".replace("\n", "\r\n").encode()
    printed = {"schema_version": 1, **as_read(parse(raw, views=True))}
    assert json.loads(json.dumps(printed, default=str)) == example


def test_every_kind_of_event_is_documented() -> None:
    words = (REFERENCE / "events.md").read_text(encoding="utf-8")
    written = {kinds.RECEIVED, kinds.ROUTED, kinds.DETAILS, kinds.ANSWER, kinds.DUPLICATE, kinds.COPY}
    written |= {quarantine.QUARANTINED, quarantine.RETRIED, quarantine.RELEASED, quarantine.DISCARDED}
    written |= {quarantine.RAW_READ, reconciling.GONE, EVENT, suppression.SUPPRESSED, suppression.LIFTED}
    written |= {kinds.DIVERSION, CALLED, RELEASED, CHANGED}
    written |= {kinds.REOPENED, kinds.LINKED, kinds.OFFERED, MERGED, RESOLVED, CLOSED, ACCEPTED}
    written |= {REDACTED, SHOWN, REFUSED}
    written |= {ASKED, kinds.ASSIGNED, kinds.MOVED, kinds.SUGGESTED}
    headings = set(_HEADING.findall(words))
    assert written <= headings
    settled = {state for state in Dispatch if state is not Dispatch.ATTEMPTED}
    assert {state for state in settled if f"acknowledgement {state}" not in words} == set()
    assert f"acknowledgement {OVERTAKEN}" in words
    assert {writer for writer in Kind if f"`{writer}`" not in words} == set()


def test_every_figure_for_prometheus_is_documented() -> None:
    words = (ROOT / "docs" / "how-to" / "watch-the-desk.md").read_text(encoding="utf-8")
    names = [f"daydesk_{what}_{figure}" for what, figure, _meaning in GAUGES]
    names += [f"daydesk_{counter}_total" for counter, _meaning in COUNTERS]
    told = set(re.findall(r"`(daydesk_[a-z_]+)(?:\{[a-z,]+\})?`", words))
    assert told == {*names, "daydesk_database_up", "daydesk_healthy"}


def test_every_subject_of_health_is_explained() -> None:
    words = (ROOT / "docs" / "how-to" / "watch-the-desk.md").read_text(encoding="utf-8")
    assert [subject for subject in SUBJECTS if f"\n| {subject} |" not in words] == []


def test_every_state_of_the_ledger_and_of_the_outbox_is_documented() -> None:
    words = section(REFERENCE / "command-line.md", "daydesk inbox")
    assert {state for state in (*State, *Dispatch) if f"| {state} |" not in words} == set()


def test_everything_that_a_comparison_tells_is_documented() -> None:
    words = section(REFERENCE / "command-line.md", "daydesk inbox reconcile")
    assert {told for told in (*Difference, *Sort) if f"| {told} |" not in words} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    dead = []
    for link in _LINK.findall(prose(page)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda page: page.stem)
def test_a_decision_tells_context_decision_and_consequences(page: Path) -> None:
    title, *parts = _HEADING.findall(prose(page))
    assert title.startswith(f"{int(page.stem[:4])}. ")
    assert parts == ["Context", "Decision", "Consequences"]


def _below(table: type[Any]) -> Iterator[type[Any]]:
    for inner in table.__subclasses__():
        yield inner
        yield from _below(inner)
