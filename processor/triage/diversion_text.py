"""Texts as the words of payment diversion are looked for in them: folded, disguises taken off, bounded."""

from __future__ import annotations

import re

from processor.triage.folding import LIMIT, fold
from processor.triage.lookalike import as_latin

BEGINNING, END = 200_000, 50_000  # characters that are read of a text that is longer than both
_SPACED = re.compile(r"(?<= )(?:[a-z] ){3,60}(?=[a-z] )")  # b a n k
_MIXED = re.compile(
    r"(?<= )(?=[a-z0-9]{3,40} )(?=[0-9]{0,3}[a-z])[a-z]*(?:[0-9]{1,2}[a-z]+)+[0-9]{0,2}(?= )"
)  # acc0unt
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")  # "accounts@client.example" is no account
_DIGITS = str.maketrans("01345", "oleas")


def undisguised(text: str) -> str:
    """The folded words of the text, with Latin letters for those that look like them."""
    if len(text) > BEGINNING + END:
        text = f"{text[:BEGINNING]} {text[-END:]}"
    plain = _ADDRESS.sub(" ", as_latin(text))
    folded = "".join(fold(plain[at : at + LIMIT]) for at in range(0, len(plain), LIMIT)) or " "
    folded = _SPACED.sub(lambda run: run[0].replace(" ", ""), folded)
    return _MIXED.sub(lambda word: word[0].translate(_DIGITS), folded)
