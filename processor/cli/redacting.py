"""The commands about what must not be shown, or not be kept: redact, original."""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING, Annotated, Any

import typer

from processor.cli.acts import By, Reference
from processor.cli.options import CONFIG, Config, Json, hang, now, plain, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console


def redact(
    case: Reference,
    by: By,
    text: Annotated[str, typer.Option("--text", help="This text, however it is spaced or broken over lines.")] = "",
    attachment: Annotated[
        str, typer.Option("--attachment", metavar="NAME", help="The attachment of this name, or SHA-256.")
    ] = "",
    message: Annotated[int, typer.Option("--message", metavar="N", help="All of the mail of this number, from 1.")] = 0,
    reason: Annotated[str, typer.Option(help="Why, for the certificate.")] = "",
    certificate: Annotated[bool, typer.Option("--certificate", help="Only print those of this case again.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Takes something out of a case for good: of every copy, the raw mail included. Prints a certificate."""
    from processor.casework.redacting import Wanted, certificates, take_out
    from processor.cli.case import read_case
    from processor.cli.opening import open_policy, open_store
    from processor.reading.reader import open_reader

    if certificate + bool(text) + bool(attachment) + bool(message) != 1:
        raise typer.BadParameter("name one of --text, --attachment and --message, or --certificate")
    policy = open_policy(config)
    name = read_case(case, policy.desk.reference_prefix)
    if not certificate and not yes:
        typer.confirm(f"This cannot be undone. Take it out of {name} for good?", abort=True, err=True)
    wanted = Wanted(text=text, attachment=attachment, message=message, reason=reason)
    with open_store(policy) as store, open_reader(policy.run) as reader:
        if certificate:
            told = certificates(store, name)
            show(told, as_json, lambda out: _certify(out, told))
            return
        done = take_out(store, reader, name, wanted, policy.desk.backups, by, now())
    show(done, as_json, lambda out: _certify(out, [done]))


def original(
    case: Reference,
    reason: Annotated[str, typer.Option(help="Why you must see it, on record.")],
    message: Annotated[
        int | None, typer.Option("--message", metavar="N", min=1, help="The mail of this number alone, from 1.")
    ] = None,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Shows the unredacted text of a case's mails to whom desk.may_see_originals names; on record, refused or not."""
    from processor.casework.originals import originals
    from processor.cli.case import read_case
    from processor.cli.opening import open_policy, open_store
    from processor.reading.reader import open_reader

    policy = open_policy(config)
    name = read_case(case, policy.desk.reference_prefix)
    user = pwd.getpwuid(os.getuid()).pw_name  # the system's word, which no environment variable changes
    with open_store(policy) as store, open_reader(policy.run) as reader:
        mails = originals(store, reader, name, message, reason, policy.desk.may_see_originals, user, now())
    show(mails, as_json, lambda out: _tell(out, mails))


def _certify(out: Console, certificates: Sequence[dict[str, Any]]) -> None:
    if not certificates:
        out.print("None was written.")
    for done in certificates:
        rows = ", ".join(f"{table} ({count})" for table, count in done["rows"].items())
        hang(out, f"{done['kind']}, {done['what']}", first=f"Taken out of {done['case']}: ", style="bold")
        hang(out, rows or "none", first="rows changed:  ")
        for one in done["raw"]:
            hang(out, f"{one['original']}, now {one['now']} ({one['octets']:,} octets)", first="raw mail:      ")
        hang(out, f"{done['at']} by {done['by']}", first="when:          ")
        hang(out, done["reason"] or "none given", first="reason:        ")
        hang(out, "; ".join(done["backups"]), first="backups:       ")


def _tell(out: Console, mails: Sequence[dict[str, Any]]) -> None:
    for mail in mails:
        hang(out, mail["subject"] or "(no subject)", first=f"{mail['message']}  ", style="bold")
        out.print(plain(mail["text"]))
        for file in mail["attachments"]:
            hang(out, file["name"] + (f" ({file['unread']})" if file["unread"] else ""), first="attached: ")
            if file["text"]:
                out.print(plain(file["text"]))
