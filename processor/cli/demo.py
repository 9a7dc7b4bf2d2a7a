"""The command `demo`: the real desk at work on embedded mail servers, in one process on loopback."""

from __future__ import annotations

import contextlib
import logging
import re
import secrets
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.errors import Configuration
from processor import resources
from processor.cli.options import CONFIG, console, now

if TYPE_CHECKING:
    from rich.console import Console

    from processor.demo.imap_server import EmbeddedImap
    from processor.demo.smtp_sink import Received, SmtpSink

DESK = "accounts@daydesk.example"
REPORT = "queues.html"

POLICY = """\
include = ["default"]

[desk]
name = "Example Accounts and Legal"
address = "{desk}"
addresses = ["legal@daydesk.example"]
timezone = "Europe/Paris"
faq = "https://daydesk.example/faq"
key = {{ file = "daydesk.key" }}

# The servers of the demo live only as long as it runs: put your own here to go on.
[[mailboxes]]
kind = "imap"
name = "accounts"
host = "{imap_host}"
port = {imap_port}
security = "plain"
username = "{imap_user}"
password = {{ file = "imap.password" }}
start = "everything"

[smtp]
host = "{smtp_host}"
port = {smtp_port}
security = "plain"

[acknowledgement]
authserv_id = "{gateway}"
"""


def demo(
    keep: Annotated[Path | None, typer.Option(help="Leave the desk in this new folder, to play with.")] = None,
) -> None:
    """Shows a whole desk at work on embedded mail servers with sample mail; nothing to configure."""
    out = console()
    folder = _folder(keep)
    with _servers() as (imap, sink):
        out.print("Starting an IMAP server with sample mail and an SMTP server on loopback ...")
        count = _deliver(imap)
        config = _write(folder, imap, sink)
        _work(config)
    out.print(f"{count} mails came in, {len(sink.received)} acknowledgements went out.\n")
    _show(out, config, [_Letter.of(one) for one in sink.received])
    _farewell(out, folder, config)


def _folder(keep: Path | None) -> Path:
    """The folder to keep, which must be new; else one of the system's temporary ones."""
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="daydesk-demo-"))
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise Configuration(f"{keep} is there already, and not an empty folder: nothing was touched. Name a new one.")
    keep.mkdir(parents=True, exist_ok=True)
    return keep.resolve()


@contextlib.contextmanager
def _servers() -> Iterator[tuple[EmbeddedImap, SmtpSink]]:
    from processor.demo.imap_server import EmbeddedImap
    from processor.demo.smtp_sink import SmtpSink

    with EmbeddedImap() as imap, SmtpSink() as sink:
        yield imap, sink


def _deliver(imap: EmbeddedImap) -> int:
    from processor.demo.mails import sample_mails

    mails = sample_mails(DESK, now())
    for mail in mails:
        imap.deliver(mail.raw, mail.received_at)
    return len(mails)


def _write(folder: Path, imap: EmbeddedImap, sink: SmtpSink) -> Path:
    """The policy file of the demo, as an operator would have it."""
    from processor.demo.mails import gateway

    for name, secret in (("daydesk.key", secrets.token_urlsafe(32)), ("imap.password", imap.password)):
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(secret, encoding="utf-8")
    config = folder / CONFIG
    words = POLICY.format(
        desk=DESK,
        imap_host=imap.host,
        imap_port=imap.port,
        imap_user=imap.user,
        smtp_host=sink.host,
        smtp_port=sink.port,
        gateway=gateway(DESK),
    )
    config.write_text(words, encoding="utf-8")
    return config


def _work(config: Path) -> None:
    """What an operator does: db upgrade, run --once."""
    from processor.cli.logs import make_log
    from processor.cli.opening import make_desk, open_policy, open_store
    from processor.cli.progress import progress
    from processor.store import migrating
    from processor.store.database import Store
    from processor.workers import run_once

    policy = open_policy(config)
    fresh = Store(policy.database.url, policy.folder)
    migrating.upgrade(fresh, resources.migrations_folder())
    fresh.close()
    with open_store(policy) as store, progress(sys.stderr.isatty()) as tell:
        run_once(make_desk(policy, store, make_log(logging.ERROR)), progress=tell)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """An acknowledgement as its client's mail program shows it."""

    head: str
    text: str
    reference: str

    @classmethod
    def of(cls, received: Received) -> _Letter:
        from email import message_from_bytes, policy  # no other command needs it

        mail = message_from_bytes(received.content, policy=policy.default)
        body = mail.get_body(("plain",))
        reference = re.search(r"DD(-\w+){3}", str(mail["Subject"]))
        return cls(
            head="\n".join(f"{name}: {mail[name]}" for name in ("From", "To", "Date", "Subject")),
            text=body.get_content() if body else "",
            reference=reference[0] if reference else "",
        )


def _show(out: Console, config: Path, letters: Sequence[_Letter]) -> None:
    """The queue report, an acknowledgement as the client sees it, an explanation."""
    from processor.cli.explained import Teller
    from processor.cli.explaining import explain_case
    from processor.cli.opening import open_policy
    from processor.cli.report import Format, written

    policy = open_policy(config)
    _heading(out, "The queue report, as accounting reads it")
    out.print(written(policy, Format.TEXT, out.width).rstrip())
    (config.parent / REPORT).write_text(written(policy, Format.HTML, out.width), encoding="utf-8")
    letter = next((one for one in letters if "please reply to this mail" in one.text), letters[0])  # asks for details
    _heading(out, "An acknowledgement, as the client reads it")
    out.print(f"{letter.head}\n\n{letter.text.rstrip()}")
    _heading(out, "The explanation of that case: daydesk explain " + letter.reference)
    Teller(out, policy).tell(explain_case(letter.reference, policy))


def _heading(out: Console, words: str) -> None:
    out.print(f"\n== {words}\n", style="bold")


def _farewell(out: Console, folder: Path, config: Path) -> None:
    _heading(out, "Where it is")
    out.print(f"The report as a page: {folder / REPORT}", soft_wrap=True)
    out.print(f"The desk is left in {folder}. Look around, then delete the folder:", soft_wrap=True)
    for command in ("case list", "inbox", "report queues"):
        out.print(f"  daydesk {command} --config {config}", soft_wrap=True)
