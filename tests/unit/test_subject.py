"""The same matter has the same bare subject, whatever mail programs wrote before it."""

from __future__ import annotations

import re

import pytest

from processor.triage.reference import mint_reference
from processor.triage.subject import bare_subject, has_automatic_prefix, subject_key

REFERENCE = mint_reference("DD", lambda size: size // 3)
WRONG = REFERENCE[:-1] + ("X" if REFERENCE[-1] != "X" else "Y")


@pytest.mark.parametrize(
    "subject",
    [
        "Re: {}",
        "RE: re: {}",
        "Fwd: {}",
        "FW : {}",
        "AW: {}",
        "WG: {}",
        "TR : {}",
        "TR: RE: {}",
        "RV: {}",
        "RIF: {}",
        "R: {}",
        "I: {}",
        "SV: {}",
        "VS: {}",
        "Antw: {}",
        "Odp: {}",
        "PD: {}",
        "YNT: {}",
        "ENC: {}",
        "Réf : {}",
        "Továbbítás: {}",
        "回复: {}",
        "转发：{}",
        "Απ: {}",
        "ПЕРЕСЛ: {}",
        "Re[2]: {}",
        "RE: RE: {}",
        "Fwd: Re: {}",
        "[EXT] Re: {}",
        "회신: {}",
        "전달: {}",
        "Відп: {}",
        "رد: {}",
        "WG: AW: {}",
        "Renv: {}",
        "Re(3): {}",
        "Re^2: {}",
        "Re4: {}",
        "{}",
        "  {}  ",
        "Automatic reply: {}",
        "Réponse automatique : {}",
        "Out of Office: {}",
        "AUTO: {}",
        "[EXTERNAL] Re: {}",
        "[Ext] {}",
        f"[{REFERENCE}] {{}}",
        f"Re: [{REFERENCE.lower()}] Re: {{}}",
        f"{{}} [{REFERENCE}]",
        f"Re: [ {REFERENCE} ] {{}}",
    ],
)
def test_prefixes_and_our_tags_are_taken_off(subject: str) -> None:
    assert bare_subject(subject.format("Rappel: facture  N° 12 impayée")) == "rappel: facture n° 12 impayee"


@pytest.mark.parametrize(
    "subject",
    ["reinvoice: 12", "re 12", "[12] invoice", f"[{WRONG.lower()}] invoice", "12: re:", "regards: x", "re[1234]: x"],
)
def test_what_only_resembles_a_prefix_stays(subject: str) -> None:
    assert bare_subject(subject) == subject


@pytest.mark.parametrize("subject", ["", "Re:", " RE : FW: ", f"[{REFERENCE}]", "\u0301"])
def test_nothing_but_prefixes_is_nothing(subject: str) -> None:
    assert bare_subject(subject) == ""


def test_case_and_accents_do_not_matter() -> None:
    assert bare_subject("RELANCE IMPAYÉ Straße") == bare_subject("relance impaye STRASSE")


def test_what_differs_after_five_hundred_characters_does_not_count() -> None:
    assert bare_subject("x" * 500 + "a") == bare_subject("x" * 500 + "b") == "x" * 500
    assert bare_subject("x" * 499 + "a") != bare_subject("x" * 499 + "b")


@pytest.mark.parametrize("subject", ["Automatic reply: x", "AUTOREPLY: x", "Auto-Reply : x", "Abwesenheitsnotiz: x"])
def test_the_prefix_of_an_automatic_answer_is_known(subject: str) -> None:
    assert has_automatic_prefix(subject)


@pytest.mark.parametrize("subject", ["Automatic reply", "Re: Automatic reply: x", "auto: x", ""])
def test_other_subjects_have_no_such_prefix(subject: str) -> None:
    assert not has_automatic_prefix(subject)


def test_the_key_of_a_subject_is_that_of_its_answers_and_tells_no_word() -> None:
    key = subject_key("Invoice INV-1")
    assert key == subject_key("AW: Re: invoice  inv-1")
    assert key != subject_key("Invoice INV-2")
    assert re.fullmatch("[0-9a-f]{32}", key)
