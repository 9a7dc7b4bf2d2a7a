"""The header blocks of mails that were sent on within the text: whom they were from, whose words they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.introductions import LINE, introduction_end, is_header_block
from ingest.message import Address, ForwardedHeader
from ingest.quoting_words import BEGIN_FORWARDED, FIELD, ORIGINAL
from ingest.subject_prefixes import is_forward

MOST = 20
_SCANNED = 65_536  # characters
_BLOCK_LINES = 20
_VALUE = 500
_ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_NAME_END = re.compile(r"[<\[(]|\bmailto:", re.IGNORECASE)
_MARKS = " \t*_\"'>|"


def forwarded(text: str, subject: str) -> tuple[ForwardedHeader, ...]:
    """The mails that this one sends on, the outermost first; nothing where it merely answers one.

    It sends on where its subject's outermost prefix says so (Fwd, WG, TR, RV, ...), or where the first copied mail in
    its text is introduced as forwarded ("Forwarded message", "Begin forwarded message:") and no quoted answer stands
    above. A block of header fields alone, or below "Original Message", is what answers have too: it counts with such a
    subject only. Every block after the first counts, since whatever was sent on may hold others.
    """
    told = is_forward(subject)
    lines = text[:_SCANNED].split("\n")
    if not told and not any(map(_introduces, lines)):
        return ()
    found: list[ForwardedHeader] = []
    position = 0
    while position < len(lines) and len(found) < MOST:
        line = lines[position][:LINE]
        introduced = _introduces(line)
        if introduced or is_header_block(lines, position):
            header, end = _block(lines, position + introduced)
            if header is not None and (told or introduced or found):
                found.append(header)
            elif header is not None:
                return ()  # the first copied mail is what this one answers
            position = max(end, position + 1)
            continue
        if not told and not found and (line.startswith(">") or introduction_end(lines, position)):
            return ()
        position += 1
    return tuple(found)


def _introduces(line: str) -> bool:
    if not line or line[-1] not in ":：-‐‑–—―_=* " or len(line) > LINE:
        return False
    marked = ORIGINAL.fullmatch(line)
    return bool(marked and marked["forward"]) or BEGIN_FORWARDED.fullmatch(line) is not None


def _block(lines: list[str], position: int) -> tuple[ForwardedHeader | None, int]:
    """The header fields from here on, and the line after them; None where no field says whom it is from."""
    values: dict[str, str] = {}
    end = position
    for kind, value, after in _fields(lines, position):
        values.setdefault(kind, value)
        end = after
    if "from" not in values:
        return None, end
    name, address = _sender(values["from"])
    return (
        ForwardedHeader(
            from_=Address(name=name, address=address) if address else None,
            from_name=name,
            to=values.get("other", ""),
            subject=values.get("subject", ""),
            sent=values.get("date", ""),
        ),
        end,
    )


def _fields(lines: list[str], position: int) -> Iterator[tuple[str, str, int]]:
    """Kind and value of each, with the lines that it goes on; a blank line ends them unless a field follows."""
    kind = value = ""
    blanks = 0
    for number in range(position, min(position + _BLOCK_LINES, len(lines))):
        line = lines[number][:LINE]
        field = FIELD.fullmatch(line)
        if field is not None:
            if kind:
                yield kind, value, number
            kind = next(name for name in ("from", "date", "other", "subject") if field[name] is not None)
            value, blanks = field["value"].strip(" \t*_")[:_VALUE], 0
        elif not line.strip(_MARKS):
            blanks += 1
            if blanks > (1 if kind else 3):
                break
        elif blanks or not kind:
            break
        else:
            value = f"{value} {line.strip(_MARKS)}"[:_VALUE].strip()
    if kind:
        yield kind, value, number


def _sender(value: str) -> tuple[str, str]:
    """Name and address as the field has them: `Ada <a@b.example>`, `Ada [mailto:a@b.example]`, `a@b.example`."""
    found = _ADDRESS.search(value)
    cut = _NAME_END.search(value)
    name = value[: cut.start()] if cut else value
    address = ""
    if found:
        local, _, domain = found[0].rpartition("@")
        address = f"{local}@{domain.lower()}"
        name = "" if name.strip(_MARKS) == found[0] else name
    return " ".join(name.strip(_MARKS + ",;").split()), address
