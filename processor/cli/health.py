"""The command that an operator's monitoring asks: is the desk well?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from processor.cli.options import CONFIG, Config, Json, hang, now, plain, show

if TYPE_CHECKING:
    from rich.console import Console

    from processor.reports.health import Finding

SCHEMA_VERSION = 1


def health(config: Config = CONFIG, as_json: Json = False) -> None:
    """Tells whether the desk is well: one line for each mailbox, stage, and whatever else may want a person.

    Exit code 0: well; 1: something is wrong; 75: something outside is lacking, such as room on the disk.
    """
    from processor.cli.opening import open_policy, open_store
    from processor.reports import health as report

    at = now()
    policy = open_policy(config)
    with open_store(policy) as store:
        findings = report.health(store, policy, at)
    worst = max(finding.exit_code for finding in findings)
    data = {
        "schema_version": SCHEMA_VERSION,
        "at": at.isoformat(),
        "ok": worst == 0,
        "findings": [_data(finding) for finding in findings],
    }
    show(data, as_json, lambda out: _told(out, findings))
    if worst:
        raise typer.Exit(worst)


def _data(finding: Finding) -> dict[str, object]:
    figures = {
        key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in finding.figures.items()
    }
    return {"what": finding.what, "name": finding.name, "ok": finding.ok, "found": finding.words, "figures": figures}


def _told(out: Console, findings: tuple[Finding, ...]) -> None:
    """Lines that hang for a person's terminal; one for each finding where a program reads."""
    for one in findings:
        first, words = "ok    " if one.ok else "WRONG ", f"{f'{one.what} {one.name}'.strip()}: {one.words}"
        if out.is_terminal:
            hang(out, words, first=first)
        else:
            out.print(first + plain(words), soft_wrap=True)
