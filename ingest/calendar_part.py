"""What a text/calendar part says of its first event (RFC 5545), times as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.charset import clean_line, clean_text, decode
from ingest.message import CalendarPart

_READ = 262_144  # octets
_VALUE = 1_000  # characters
_ATTENDEES = 100
_FOLD = re.compile(r"\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
_PARAMETER = re.compile(r";[ ]?([A-Za-z0-9-]{1,60})=((?:\"[^\"\n]*\"|[^\";:\n])*)")
_ESCAPE = re.compile(r"\\([\\;,:\"nN])")
_EVENTS = frozenset(("VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"))
_ENDS = ("DTEND", "DUE", "DURATION")


@dataclass(slots=True, kw_only=True)
class _Event:
    """The properties of the first event, as far as they were read; the first of a name counts."""

    method: str = ""
    values: dict[str, tuple[dict[str, str], str]] = field(default_factory=dict)
    attendees: list[tuple[str, str]] = field(default_factory=list)

    def text(self, name: str) -> str:
        return _unescaped(self.values[name][1]) if name in self.values else ""

    def time(self, *names: str) -> str:
        """With its time zone before it, where it has one."""
        name = next((one for one in names if one in self.values), "")
        if not name:
            return ""
        parameters, value = self.values[name]
        return clean_line(f"{parameters.get('TZID', '')} {value}")[:_VALUE]

    def address(self, name: str) -> str:
        return _address(self.values[name][1]) if name in self.values else ""


def read_calendar(octets: bytes, charset: str | None, method: str) -> CalendarPart:
    """The first event; `method` is what the part's content type says, which counts before what stands inside."""
    event = _read(decode(octets[:_READ], charset)[0])
    return CalendarPart(
        method=(method or event.method).upper()[:40],
        uid=event.text("UID"),
        summary=event.text("SUMMARY"),
        location=event.text("LOCATION"),
        starts=event.time("DTSTART"),
        ends=event.time(*_ENDS),
        organizer=event.address("ORGANIZER"),
        attendees=tuple(event.attendees),
    )


def _read(text: str) -> _Event:
    event = _Event()
    open_: list[str] = []
    for name, parameters, value in _lines(text):
        if name == "BEGIN":
            open_.append(value.strip().upper()[:60])
        elif name == "END":
            if open_ and open_.pop() in _EVENTS:
                return event
        elif name == "METHOD" and open_ == ["VCALENDAR"]:
            event.method = event.method or clean_line(value)
        elif open_ and open_[-1] in _EVENTS:
            event.values.setdefault(name, (parameters, value))
            if name == "ATTENDEE" and len(event.attendees) < _ATTENDEES and (address := _address(value)):
                event.attendees.append((address, clean_line(parameters.get("PARTSTAT", "")).upper()[:40]))
    return event


def _lines(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Name, parameters and value of each line, folds undone."""
    for line in _FOLD.sub("", clean_text(text)).split("\n"):
        name = _NAME.match(line)
        if name is None:
            continue
        parameters: dict[str, str] = {}
        end = name.end()
        while parameter := _PARAMETER.match(line, end):
            parameters.setdefault(parameter[1].upper(), parameter[2].replace('"', ""))
            end = parameter.end()
        if line[end : end + 1] == ":":
            yield name[0].upper(), parameters, line[end + 1 :]


def _address(value: str) -> str:
    value = clean_line(value)
    return value[7:_VALUE] if value[:7].lower() == "mailto:" else value[:_VALUE]


def _unescaped(value: str) -> str:
    return clean_line(_ESCAPE.sub(lambda found: " " if found[1] in "nN" else found[1], value))[:_VALUE]
