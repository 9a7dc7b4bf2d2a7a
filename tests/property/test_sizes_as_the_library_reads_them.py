"""The quick reading of sizes and times gives what imapclient's own reading gives, or gives way to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from imapclient.response_parser import parse_fetch_response

from ingest.imap_answers import plain_sizes

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@st.composite
def dates(draw: st.DrawFn) -> str:
    minutes = draw(st.integers(-14 * 60, 14 * 60))
    zone = timezone(timedelta(minutes=minutes))
    at = datetime.fromtimestamp(draw(st.integers(10**8, 4 * 10**9)), zone)
    day = f"{at.day:02}" if draw(st.booleans()) else f"{at.day:2}"
    sign, hours, rest = "-" if minutes < 0 else "+", *divmod(abs(minutes), 60)
    return f'"{day}-{MONTHS[at.month - 1]}-{at.year} {at:%H:%M:%S} {sign}{hours:02}{rest:02}"'


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    uid, size = draw(st.integers(1, 2**32 - 1)), draw(st.integers(0, 2**40))
    items = [f"UID {uid}", f"RFC822.SIZE {size}", f"INTERNALDATE {draw(dates())}"]
    return f"{draw(st.integers(1, 10**7))} ({' '.join(draw(st.permutations(items)))})".encode()


def told(answers: Any) -> dict[int, tuple[int, datetime]]:
    return {
        uid: (answer[b"RFC822.SIZE"], answer[b"INTERNALDATE"].astimezone(UTC)) for uid, answer in dict(answers).items()
    }


@given(st.lists(lines(), min_size=1, max_size=20))
def test_plain_lines_are_read_as_imapclient_reads_them(answer: list[bytes]) -> None:
    quick = plain_sizes(answer)
    assert quick is not None
    assert told(quick) == told(parse_fetch_response(answer, normalise_times=False))


@given(
    st.lists(lines(), min_size=1, max_size=5),
    st.sampled_from(
        [b"3 (UID 7 FLAGS (\\Seen))", b"3 (UID 7 RFC822.SIZE NIL)", b"x", (b"3 (UID 7 X {2}", b"ab"), None, b""]
    ),
    st.integers(0, 5),
)
def test_where_a_line_is_of_another_kind_none_is_read(answer: list[Any], other: Any, place: int) -> None:
    assert plain_sizes([*answer[:place], other, *answer[place:]]) is None


@given(st.sampled_from(["00-Jan-0000 00:00:00 +0000", "31-Feb-2026 12:00:00 +0100", "21-Xyz-2026 12:00:00 +0100",
                        "21-Nov-2026 12:00:00 +9999", "aa-Nov-2026 12:00:00 +0100"]))  # fmt: skip
def test_a_date_that_is_none_is_no_date(date: str) -> None:
    answers = plain_sizes([f'1 (UID 1 RFC822.SIZE 5 INTERNALDATE "{date}")'.encode()])
    assert answers is not None
    assert answers[1][b"INTERNALDATE"] is None
