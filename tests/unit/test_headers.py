"""Header values as people read them."""

from __future__ import annotations

import pytest

from ingest.headers import header_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain", "plain"),
        (" folded\r\n\tonce\n twice", "folded once twice"),
        ("=?utf-8?q?gr=C3=B6=C3=9Fer?=", "größer"),
        ("=?UTF-8?B?Z3LDtg==?= =?utf-8?b?w59lcg==?=", "größer"),
        ("=?utf-8?q?gr=C3?=\r\n =?utf-8?q?=B6=C3=9Fer?=", "größer"),
        ("=?utf-8?q?one?= =?iso-8859-1?q?_tw=F6?=", "one twö"),
        ("=?utf-8?q?one?= and =?utf-8?q?two?= more", "one and two more"),
        ("Re: =?utf-8?q?is it ok??=", "Re: is it ok?"),
        ("=?utf-8*en?q?langue?=", "langue"),
        ("=?utf-8?q?never ended", "=?utf-8?q?never ended"),
        ("=?x-none?q?gr=C3=B6?=", "grö"),
        ("=?utf-8?b?d29yZHM?=", "words"),
        ("\x1b$B@A5a=q\x1b(B", "請求書"),
        ("gr\udcc3\udcb6\udcc3\udc9fer", "größer"),
        ("gr\udcf6\udcdfer", "größer"),
        ("a\u00a0b\u202ec\x07", "a bc"),
    ],
)
def test_a_value_is_unfolded_decoded_and_cleaned(raw: str, text: str) -> None:
    assert header_text(raw) == text
