"""The type of a file, told by its octets."""

from __future__ import annotations

import pytest

from ingest.attachments import detect


@pytest.mark.parametrize(
    ("octets", "found"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\x78\x9f\x3e\x22" + bytes(20), "application/vnd.ms-tnef"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "application/x-ole-storage"),
        (b"some words", None),
        (b"", None),
        (b"PK\x03\x04", "application/zip"),
        (bytes(16), None),
    ],
)
def test_a_file_is_known_by_its_first_octets(octets: bytes, found: str | None) -> None:
    assert detect(octets)[0] == found
