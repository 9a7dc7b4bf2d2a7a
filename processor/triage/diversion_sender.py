"""Signals about who a mail is from: whether he is who he seems to be, and where answers would go."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ingest.message import Message
from ingest.subject_prefixes import is_forward, without_prefixes
from processor.triage.context import Context
from processor.triage.correlation import Correlation
from processor.triage.correspondent import ascii_domain
from processor.triage.diversion_values import Code
from processor.triage.lookalike import imitated, name_of, shown

Found = Iterator[tuple[Code, str]]


def about_sender(context: Context, dmarc: str) -> Found:
    """Whether his address can be believed."""
    contact = context.contact
    if dmarc == "fail":
        yield Code.DMARC_FAILED, "the sender is not who he claims to be: DMARC failed"
    elif dmarc == "none" and contact is not None and contact.dmarc_passed:
        yield Code.DMARC_ABSENT, "mail from this address has passed DMARC before, and this one has not"
    if not context.domain_known:
        yield Code.FIRST_DOMAIN, "nobody of the sender's domain has written before"


def about_likeness(message: Message, context: Context, own: Collection[str], shared: Collection[str]) -> Found:
    """A domain that looks like one on file or ours; of an answer's, also like the sender's own."""
    senders = [ascii_domain(one.domain) for one in message.from_]
    trusted = context.contact is not None and context.contact.confirmed
    known = [*own, *(one for one in context.kin if one not in shared)]
    answers = [ascii_domain(one.domain) for one in message.reply_to if ascii_domain(one.domain) not in senders]
    meant = [(one, known) for one in senders[:1] if not trusted and one not in shared]
    meant += [(one, [*own, *senders[:1]]) for one in answers[:3] if one not in shared]
    for domain, those in meant:
        if found := imitated(domain, those):
            yield Code.LOOK_ALIKE, f"its domain looks like {shown(found[0])}, and is not: {found[1]}"
            return


def about_answers(message: Message) -> Found:
    """Where an answer would go, and where the mail came from."""
    names = {name_of(one.domain) for one in message.from_}
    if names and message.reply_to and names.isdisjoint(name_of(one.domain) for one in message.reply_to):
        yield Code.REPLY_ELSEWHERE, "answers would go to another domain (Reply-To)"
    paths = (value.strip(" <>").rpartition("@")[2] for value in message.fields("return-path"))
    if names and any(path and name_of(path[:255]) not in names for path in paths):
        yield Code.RETURN_PATH_ELSEWHERE, "its envelope sender is of another domain (Return-Path)"


def about_thread(message: Message, context: Context, correlation: Correlation, own: Collection[str]) -> Found:
    """An answer, as it seems, to a mail that nobody of ours has sent."""
    if correlation.case is not None or correlation.follows is not None or context.related or context.claims.proven:
        return
    bare = without_prefixes(message.subject)
    answers = bare != message.subject.strip() and not is_forward(message.subject)
    if answers and not (message.in_reply_to or message.references):
        yield Code.IMITATES_THREAD, "its subject is that of an answer, and it answers no mail"
    elif any(reference in context.cases for reference in context.claims.written):
        yield Code.IMITATES_THREAD, "it names a case of ours, without our token and not from a participant"
    elif answers and any(address in message.text[:50_000].casefold() for address in own):
        yield Code.IMITATES_THREAD, "it quotes a mail of ours, and holds no token or Message-ID of ours"
