"""What single words weigh for each request type, learned from labelled mails: a file of JSON beside the policy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sized
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from ingest.errors import Configuration, in_words

FORMAT = "daydesk word weights 1"
LARGEST = 50_000_000  # octets

# The letter of a row that weighs nothing for a label; those before it speak against, those behind it for.
NOTHING = ord("O")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordWeights:
    """A linear score for each label: its bias, and what each term of the mail adds."""

    mails: int  # that it was learned from
    labels: tuple[str, ...]  # names of request types
    bias: tuple[float, ...]
    temperature: float  # by which scores are divided, so that of ten mails given 90 % nine are right
    step: float  # what one letter from NOTHING weighs
    terms: Mapping[str, tuple[float, bytes]]  # how rare each is, and its row: a letter of ASCII for each label
    digest: str  # of the file, in hexadecimal digits


def read_word_weights(file: Path) -> WordWeights:
    """The weights of this file. Raises Configuration where it cannot be read, or is no such file."""
    try:
        if file.stat().st_size > LARGEST:
            raise ValueError("it is too large")
        octets = file.read_bytes()
        return _read(json.loads(octets), hashlib.sha256(octets).hexdigest())
    except OSError as error:
        why = in_words(error)
        raise Configuration(f"word_weights: {file} cannot be read ({why}): name a file that is there.") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        why = f"{type(error).__name__}: {error}"
        raise Configuration(f"word_weights: {file} holds no word weights ({why}): name another file.") from None


def _read(data: Any, digest: str) -> WordWeights:
    if data["format"] != FORMAT:
        raise ValueError(f"its format is {data['format']!r}")
    labels = tuple(map(str, data["labels"]))
    bias = tuple(map(_number, data["bias"]))
    temperature, step = _number(data["temperature"]), _number(data["step"])
    if len(bias) != len(labels) or not labels or temperature <= 0 or step <= 0:
        raise ValueError("labels, bias, temperature and step do not fit")
    return WordWeights(
        mails=int(data["mails"]),
        labels=labels,
        bias=bias,
        temperature=temperature,
        step=step,
        terms=_terms(data["terms"], labels),
        digest=digest,
    )


def _terms(told: Mapping[str, Any], labels: Sized) -> dict[str, tuple[float, bytes]]:
    """All terms at once: tens of thousands are read each time that the desk begins to decide mails."""
    rares = [rare for rare, _row in told.values()]
    rows = [row for _rare, row in told.values()]
    if not {float, int}.issuperset(map(type, rares)) or not all(map(isfinite, rares)):
        raise ValueError("how rare a term is is no number")
    if set(map(len, rows)) - {len(labels)}:
        wrong = next(row for row in rows if len(row) != len(labels))
        raise ValueError(f"the row {wrong!r} is not of {len(labels)} labels")
    return dict(zip(told, zip(map(float, rares), [row.encode("ascii") for row in rows], strict=True), strict=True))


def _number(value: Any) -> float:
    if isinstance(value, int | float) and isfinite(value):
        return float(value)
    raise ValueError(f"{value!r} is no number")
