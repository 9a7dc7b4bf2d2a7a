"""Bank details are known in whatever way they are written, and other numbers are left alone."""

from __future__ import annotations

from processor.triage.bank_details import BankDetail, bank_details


def test_each_is_told_with_its_place_and_number() -> None:
    text = "pay to DE89 3704 0044 0532 0130 00 or\n> no 93 86011117947"
    assert bank_details(text) == (
        BankDetail(kind="iban", start=7, end=34, number="DE89370400440532013000"),
        BankDetail(kind="iban", start=40, end=57, number="NO9386011117947"),
    )
    assert bank_details("nothing") == ()
