"""Mailboxes and the SMTP sender, made from the policy; secrets are read here, when a connection is to be made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ingest.mailbox import Limits, Mailbox
from processor.outgoing.account import smtp_account
from processor.outgoing.smtp import Sender
from processor.policy import FolderSource, ImapSource, Policy
from processor.stages.tokens import Tokens
from processor.store import ledger
from processor.store.database import Store

if TYPE_CHECKING:
    from ingest.eml_folder import EmlFolderMailbox
    from ingest.imap_account import ImapAccount
    from ingest.maildir import MaildirMailbox
    from ingest.mbox import MboxMailbox


def open_mailbox(source: ImapSource | FolderSource, policy: Policy, store: Store, tokens: Tokens) -> Mailbox:
    """The mailbox that this table of the policy tells of, not yet entered."""
    run = policy.run
    limits = Limits(batch_messages=run.batch_messages, batch_bytes=run.batch_bytes, message_bytes=run.message_bytes)
    if isinstance(source, ImapSource):
        from ingest.imap import ImapMailbox  # a desk whose mail is in files starts sooner without it

        return ImapMailbox(_account(source, policy, tokens), limits)
    return _of_files(source.kind)(
        name=source.name,
        path=policy.folder / source.path,
        taken=_taken(source.name, store),
        after=source.after,
        start=source.start,
        limits=limits,
    )


def _of_files(kind: str) -> type[MaildirMailbox | MboxMailbox | EmlFolderMailbox]:
    from ingest.eml_folder import EmlFolderMailbox
    from ingest.maildir import MaildirMailbox
    from ingest.mbox import MboxMailbox

    kinds: dict[str, type[MaildirMailbox | MboxMailbox | EmlFolderMailbox]] = {
        "maildir": MaildirMailbox,
        "mbox": MboxMailbox,
        "folder": EmlFolderMailbox,
    }
    return kinds[kind]


def open_sender(policy: Policy, tokens: Tokens) -> Sender:
    """The server that takes our mail, not yet entered."""
    return Sender(smtp_account(policy.smtp, policy.folder, tokens.source(policy, policy.smtp.oauth2)))


def _account(source: ImapSource, policy: Policy, tokens: Tokens) -> ImapAccount:
    from ingest.imap_account import ImapAccount

    return ImapAccount(
        name=source.name,
        host=source.host,
        port=source.port,
        security=source.security,
        allow_plain=source.allow_plain,
        username=source.username,
        password=source.password.reveal(policy.folder) if source.password else "",
        tokens=tokens.source(policy, source.oauth2),
        folder=source.folder,
        after=source.after,
        processed_folder=source.processed_folder,
        start=source.start,
        ca_file=str(policy.folder / source.ca_file) if source.ca_file else None,
        timeout_seconds=source.timeout_seconds,
        deadline_seconds=source.deadline_seconds,
        idle=source.idle,
    )


def _taken(mailbox: str, store: Store) -> Callable[[int, Sequence[int]], set[int]]:
    """Which UIDs the ledger holds already: files have no order that a cursor could follow."""

    def taken(uidvalidity: int, uids: Sequence[int]) -> set[int]:
        with store.reading() as session:
            return ledger.known_uids(session, mailbox, uidvalidity, uids)

    return taken
