"""What an invitation says: its first event, whatever stands around it."""

from __future__ import annotations

import pytest
from support.cost import within_its_time

from ingest.calendar_part import read_calendar
from ingest.message import CalendarPart

INVITATION = """\
BEGIN:VCALENDAR\r
METHOD:REQUEST\r
BEGIN:VTIMEZONE\r
TZID:Europe/Paris\r
BEGIN:STANDARD\r
DTSTART:16010101T000000\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:one@client.example\r
SUMMARY;LANGUAGE=de:Jahresabschluss\\, Fragen\\; und mehr als eine Zeile hält \\n\r
 aus\r
LOCATION:Raum 3\r
DTSTART;TZID=Europe/Paris:20260301T100000\r
DTEND;TZID="Europe/Paris":20260301T110000\r
ORGANIZER;CN="Ada; Byron: the first":mailto:ada@client.example\r
ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=needs-action;CN=Desk:MAILTO:accounts\r
 @desk.example\r
ATTENDEE;CN="a:b,c";MEMBER="mailto:x@y","mailto:z@y":mailto:bob@client.example\r
BEGIN:VALARM\r
SUMMARY:alarm\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
SUMMARY:the second\r
ATTENDEE:mailto:no@client.example\r
END:VEVENT\r
END:VCALENDAR\r
"""


def read(text: str, method: str = "") -> CalendarPart:
    return read_calendar(text.encode(), "utf-8", method)


def test_the_first_event_is_read_with_folds_escapes_and_parameters() -> None:
    assert read(INVITATION) == CalendarPart(
        method="REQUEST",
        uid="one@client.example",
        summary="Jahresabschluss, Fragen; und mehr als eine Zeile hält  aus",
        location="Raum 3",
        starts="Europe/Paris 20260301T100000",
        ends="Europe/Paris 20260301T110000",
        organizer="ada@client.example",
        attendees=(("accounts@desk.example", "NEEDS-ACTION"), ("bob@client.example", "")),
    )


def test_the_method_of_the_content_type_counts_before_the_one_inside() -> None:
    assert read(INVITATION, "cancel").method == "CANCEL"


def test_a_duration_or_a_due_date_stands_for_an_end_and_times_in_utc_stay_as_they_are() -> None:
    event = "BEGIN:VCALENDAR\nBEGIN:{0}\nDTSTART:20260301T090000Z\n{1}\nEND:{0}\nEND:VCALENDAR"
    assert (
        read(event.format("VEVENT", "DURATION:PT1H")).starts,
        read(event.format("VEVENT", "DURATION:PT1H")).ends,
    ) == (
        "20260301T090000Z",
        "PT1H",
    )
    assert read(event.format("VTODO", "DUE:20260302")).ends == "20260302"


@pytest.mark.parametrize("text", ["", "no calendar at all", "BEGIN:VCALENDAR", "END:VEVENT\nSUMMARY:x", ":::;;;==="])
def test_what_is_no_calendar_says_nothing(text: str) -> None:
    assert read(text) == CalendarPart()


@pytest.mark.parametrize(
    "line", ["BEGIN:VEVENT\n", 'X;a="\n', "X;" + "a=b;" * 50_000, 'X;a="b"' * 40_000, "X" * 200_000, ";" * 200_000]
)
def test_a_hostile_calendar_is_read_in_a_moment(line: str) -> None:
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + line * max(1, 200_000 // len(line))
    with within_its_time():
        read(text)


def test_attendees_and_values_are_bounded() -> None:
    many = "".join(f"ATTENDEE:mailto:{number}@x.example\n" for number in range(500))
    part = read("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:" + "x" * 5_000 + "\n" + many)
    assert (len(part.attendees), len(part.summary)) == (100, 1_000)
