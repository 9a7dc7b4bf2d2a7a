"""The places of a mail in which details are looked for, each with its text; and what the sender and the files give."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from itertools import accumulate

from ingest.message import Attachment, Message
from processor.triage.details.found import Evidence
from processor.triage.folding import LIMIT
from processor.triage.patterns import octets_of
from processor.triage.plain import unwrapped
from processor.triage.sent_on import sent_on

_BETWEEN = b"\n\x1e\n"  # each place begins a line; no text holds the separator, no pattern takes it for a blank
_SIGNATURE_IMAGE = re.compile(r"image\d{1,4}\.(?:png|gif|jpe?g)", re.IGNORECASE)
_SIGNATURE_MARK = re.compile(r"[\s*]*(?:--|—|––)[\s*]*")
_SIGNATURE_LINES = 12
_SHORT = 100  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A text that is read by itself: no value runs from one into the next."""

    text: str
    evidence: Evidence

    def line(self, at: int) -> int | None:
        """The line, from 1, of this character."""
        return self.text.count("\n", 0, at) + 1 if self.evidence in ("text", "attachment text") else None


def documents_of(message: Message) -> tuple[Attachment, ...]:
    """The files that were attached on purpose: no picture within the text or signature."""
    return tuple(a for a in message.attachments if not a.inline and not _SIGNATURE_IMAGE.fullmatch(a.name))


def places_of(message: Message, own_domains: Set[str] = frozenset()) -> tuple[Place, ...]:
    """Subject, the writer's own words (never quoted ones), what he sends on, his signature, files' names and texts.

    `own_domains`: the desk's, whose own words nobody sends on to it.
    """
    documents = documents_of(message)
    names = "\n".join(document.name.rpartition(".")[0] or document.name for document in documents)
    written = [
        Place(text=message.subject[:LIMIT], evidence="subject"),
        Place(text=message.new_text[:LIMIT], evidence="text"),
        Place(text=sent_on(message, own_domains), evidence="sent-on text"),
        Place(text=_signature(message), evidence="signature"),
        Place(text=names.replace("_", " ")[:LIMIT], evidence="attachment name"),
    ]
    texts = [document.text for document in documents if document.text]
    ends = accumulate(map(len, texts))  # all documents together are as long as one mail may be
    return (
        *written,
        *(
            Place(text=text[: LIMIT - end + len(text)], evidence="attachment text")
            for text, end in zip(texts, ends, strict=True)
            if end - len(text) < LIMIT
        ),
    )


def _signature(message: Message) -> str:
    """The lines below "-- " that follow the writer's words, which are not among them."""
    last = message.new_text.rpartition("\n")[2]
    if not last or len(message.text) == len(message.new_text):
        return ""
    found = message.text.rfind(f"{last}\n", 0, LIMIT)
    lines = [] if found < 0 else message.text[found + len(last) : found + len(last) + LIMIT].split("\n", 40)[:40]
    written = [line for line in lines if line.strip()]
    if not written or not _SIGNATURE_MARK.fullmatch(written[0][:_SHORT]):
        return ""
    own = written[1 : 1 + _SIGNATURE_LINES]
    quoted = next((number for number, line in enumerate(own) if line.lstrip().startswith(">")), len(own))
    return "\n".join(own[:quoted])


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """All places in one piece of UTF-8, for patterns."""

    places: tuple[Place, ...]
    octets: bytes
    starts: tuple[int, ...]

    @classmethod
    def of(cls, places: tuple[Place, ...]) -> Joined:
        parts = [octets_of(unwrapped(place.text)) for place in places]
        starts = accumulate((len(part) + len(_BETWEEN) for part in parts[:-1]), initial=0)
        return cls(places=places, octets=_BETWEEN.join(parts), starts=tuple(starts))

    def place(self, at: int) -> tuple[Place, int]:
        """The place of this octet, and the character within it."""
        number = max(number for number, start in enumerate(self.starts) if start <= at)
        before = self.octets[self.starts[number] : at]
        return self.places[number], len(before.decode(errors="replace"))
