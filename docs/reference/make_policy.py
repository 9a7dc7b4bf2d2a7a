#!/usr/bin/env python3
"""Writes policy.md from the policy's own models: every table and key with type, default and meaning.

    python docs/reference/make_policy.py

What a key means is the comment beside it in processor/policy/; policy-words.toml says it where there is none, or
more is to be said.
"""

from __future__ import annotations

import datetime
import inspect
import json
import re
import sys
import tomllib
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from processor.policy import base, calendar, desk, diversion, learning, oauth2, routing, secret  # noqa: E402 - of this checkout

SECTIONS: tuple[tuple[str, type[BaseModel], str], ...] = (
    ("[desk]", desk.Desk, ""),
    ("[[mailboxes]], kind imap", desk.ImapSource, "As many as you like. Needs at least one mailbox of either sort."),
    ("[[mailboxes]], kind maildir, mbox or folder", desk.FolderSource, ""),
    ("[smtp]", desk.Smtp, ""),
    (
        "[oauth2.NAME]",
        oauth2.OAuth2,
        "Step by step: [Microsoft 365](../how-to/connect-microsoft-365.md), [Google](../how-to/connect-google.md).",
    ),
    ("[acknowledgement]", desk.Acknowledgement, "What keeps the desk silent: [the table](acknowledgement.md)."),
    ("[[acknowledgement.spam]]", desk.GatewayVerdict, "One table for each such field."),
    ("[acknowledgement.caps]", desk.Caps, ""),
    (
        "[diversion]",
        diversion.DiversionPolicy,
        "What it is for: [confirm a change of bank details](../how-to/confirm-a-change-of-bank-details.md).",
    ),
    ("[diversion.weights]", diversion.Weights, "What each signal adds to the score of a mail."),
    ("[run]", desk.Run, ""),
    ("[health]", desk.Health, "What it is for: [watch the desk](../how-to/watch-the-desk.md)."),
    (
        "[learning]",
        learning.Learning,
        "Nothing is applied by itself unless `apply_from` is set: [learn from people](../how-to/learn-from-people.md).",
    ),
    ("[database]", desk.Database, ""),
    ("[queues.NAME]", routing.Queue, "A queue named `triage` must be there: the last rule leads to it."),
    ("[request_types.NAME]", routing.RequestType, ""),
    (
        "[request_types.NAME], one of details",
        routing.DetailAsk,
        "A detail's name alone, `\"invoice-number\"`, is short for `{ detail = \"invoice-number\" }`.",
    ),
    ("[details.NAME]", routing.Detail, ""),
    (
        "[[rules]]",
        routing.Rule,
        "Tried in order: yours, then the included ones. The last rule of all takes every mail to the queue `triage`.",
    ),
    (
        "[[rules]], one of evidence",
        routing.Evidence,
        "Words by their names in `[vocabulary.NAME]`, which holds a list of phrases for each language. "
        "`learned` is a label of the file that `word_weights` names, above all tables: the shipped one, another, or "
        '`"none"`. '
        "How it is done: [write routing rules](../how-to/write-routing-rules.md#rules-that-weigh).",
    ),
    (
        "[[rules]], when",
        routing.When,
        "Written as `when.words = [...]` or `when = { words = [...] }`. Words are read in the subject and in the "
        "writer's own words, never in what he quotes.",
    ),
    (
        "[[rules]], when.amount",
        routing.AmountWhen,
        'Written as `when.amount = { over = 10000, currency = "EUR" }`.',
    ),
    (
        "[[placing]]",
        routing.Placing,
        "Tried in order, after rules and urgency rows; yours, then the included ones. "
        "([why](../adr/0022-rules-say-what-it-is-and-placing-where-it-goes.md))",
    ),
    (
        "[[teams]]",
        routing.Team,
        "Without any, and for a mail to one team alone, there is one case, wherever the rules lead it.",
    ),
    (
        "[calendar]",
        calendar.Calendar,
        "A window is written as `\"11:30-12:00\"`, the time at its end no more a part of it.",
    ),
    ("[[absences]]", calendar.Absence, ""),
    (
        "[request_types.NAME.cycle]",
        calendar.Cycle,
        "`daydesk case show` and `daydesk explain` tell the dates of such a case.",
    ),
    ("[[urgency]]", routing.Urgency, "Every row is asked about every mail; one that matches makes the case urgent."),
)  # fmt: skip

WORDS = tomllib.loads((HERE / "policy-words.toml").read_text(encoding="utf-8"))

NAMED = (
    (base.MailAddress, "mail address"),
    (base.Correspondents, "mail address or domain"),
    (base.ZoneName, "time zone"),
    (base.Slug, "name (a-z, 0-9, -, _)"),
    (base.Language, "language code"),
    (base.Labels, "words by language"),
    (secret.Secret, "[secret](#secrets)"),
    (routing.When, "conditions"),
    (routing.AmountWhen, "table"),
    (calendar.Cycle, "table"),
    (calendar.AnswerWindow, "times of the day"),
    (routing.Currency, "code of a currency"),
    (dict[base.Slug, tuple[str, ...]], "table: text, or list of them, by detail"),
    (desk.Start, '`"now"`, `"everything"` or a date'),
)
PLAIN = {
    datetime.date: "date",
    Decimal: "number",
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    Path: "path",
}

HEAD = """\
# The policy file

Every table and key of `daydesk.toml`. This page is made from the code by `docs/reference/make_policy.py`; a test says
when it is stale. `daydesk init` writes a commented file to begin with. Every command names all the mistakes in yours
at once, each with its line, and ends in exit code 78.

The file is [TOML](https://toml.io). Relative paths start at the folder that the file is in. A key that is not listed
here is a mistake.

## include

`include = ["default"]`, at the top, takes in further files. A name is a policy that Daydesk ships: there is one,
`default`, with queues, details, request types and rules for an accounts-and-legal inbox in four languages. What ends
in `.toml` is a file of yours, looked for beside the one that names it, and may include others. Your own entries come
first:

- a queue, detail, request type or `[vocabulary.NAME]` of the same name replaces the included one, whole;
- your rules and urgency rows are tried before the included ones;
- any other table is taken from the first file that has it, whole.

## Secrets

A secret is never written into the file; the file says where it is kept. Exactly one of:

| written | is |
| --- | --- |
| `{ env = "NAME" }` | an environment variable |
| `{ file = "path" }` | a file, without its line end |
| `{ command = "pass show mail/accounts" }` | what a program prints within 30 seconds; no shell is asked |
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for section in SECTIONS for line in _section(*section))]).rstrip() + "\n"


def _section(heading: str, table: type[BaseModel], more: str) -> Iterator[str]:
    yield f"## {heading}\n"
    told = " ".join((inspect.getdoc(table) or "").split()).replace("*", r"\*")
    yield f"{told} {more}".strip() + "\n"
    yield "| key | type | default | meaning |\n| --- | --- | --- | --- |"
    for name, field in sorted(table.model_fields.items(), key=lambda item: not item[1].is_required()):
        if field.annotation not in (
            desk.Caps,
            diversion.Weights,
            tuple[desk.GatewayVerdict, ...],
        ):  # they have a heading of their own
            yield f"| `{name}` | {_type(table, name)} | {_default(field)} | {_meaning(table, name)} |"
    yield ""


def _type(table: type[BaseModel], name: str) -> str:
    words = _words(typing.get_type_hints(table, include_extras=True)[name])
    limits = {type(limit).__name__: limit for limit in table.model_fields[name].metadata}
    low = limits["Ge"].ge if "Ge" in limits else limits["Gt"].gt + 1 if "Gt" in limits else None
    high = limits["Le"].le if "Le" in limits else None
    if low is not None:
        return f"{words}, {low} to {high}" if high is not None else f"{words}, {low} or more"
    return words


def _words(kind: Any) -> str:
    for known, words in NAMED:
        if kind == known:
            return words
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _words(inner[0])
    if origin is Literal:
        return " or ".join(f'`"{choice}"`' for choice in inner)
    if origin is tuple:
        return (
            "list of tables"
            if isinstance(inner[0], type) and issubclass(inner[0], BaseModel)
            else f"list: {_words(inner[0])}"
        )
    if origin in (types.UnionType, typing.Union):
        return " or ".join(_words(one) for one in inner if one is not type(None))
    return PLAIN[kind]


def _default(field: Any) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if value is None or isinstance(value, BaseModel):
        return "none"
    if isinstance(value, tuple):
        return f"{len(value)} entries" if len(value) > 3 else f"`{json.dumps(list(value))}`"
    return f"`{json.dumps(value, default=str)}`"


def _meaning(table: type[BaseModel], name: str) -> str:
    if told := WORDS.get(table.__name__, {}).get(name):
        return str(told)
    for owner in table.__mro__:
        if name in getattr(owner, "__annotations__", {}):
            written = re.search(rf"^    {name}: .*?  # (.*)$", inspect.getsource(owner), re.MULTILINE)
            if written:
                return written[1]
    raise KeyError(f"{table.__name__}.{name} has no comment beside it: tell its meaning in policy-words.toml")


if __name__ == "__main__":
    Path(HERE / "policy.md").write_text(page(), encoding="utf-8")
