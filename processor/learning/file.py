"""A model as a file of JSON: what is read from it are words and numbers, never code."""

from __future__ import annotations

import json
import os
from array import array
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import Any

from ingest.errors import Configuration, DeskError, in_words
from processor.triage.learned import Head, Model

FORMAT = "daydesk model 1"
LARGEST = 200_000_000  # octets


def save(model: Model, file: Path) -> None:
    """Its owner's alone, since it holds words of mails; replaced whole, so that no desk reads half of it."""
    beside = file.with_name(f"{file.name}.new")
    try:
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(_told(model), out, ensure_ascii=False, separators=(",", ":"))
        beside.replace(file)
    except OSError as error:
        raise DeskError(f"{file} cannot be written ({in_words(error)}): nothing was learned.") from None


def load(file: Path) -> Model | None:
    """The model of this file; None where there is no such file. Raises Configuration where it is none of ours."""
    try:
        if file.stat().st_size > LARGEST:
            raise _none_of_ours(file, "it is too large")
        data = json.loads(file.read_text(encoding="utf-8"))
        return _read(data)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Configuration(f"{file} cannot be read ({in_words(error)}): may this user read it?") from None
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError) as error:
        raise _none_of_ours(file, f"{type(error).__name__}: {error}") from None


def _none_of_ours(file: Path, why: str) -> Configuration:
    return Configuration(f"{file} is no model of this daydesk ({why}): run `daydesk learn` again, or delete it.")


def _told(model: Model) -> dict[str, Any]:
    heads = {"queue": model.queue} | ({"request_type": model.request_type} if model.request_type else {})
    return {
        "format": FORMAT,
        "made_at": model.made_at,
        "mails": model.mails,
        "heads": {
            name: {"labels": head.labels, "bias": head.bias, "temperature": head.temperature}
            for name, head in heads.items()
        },
        "terms": {
            term: [idf, *(list(head.weights[term]) for head in heads.values())] for term, idf in model.idf.items()
        },
    }


def _read(data: Any) -> Model:
    if data["format"] != FORMAT:
        raise ValueError(f"its format is {data['format']!r}")
    terms: dict[str, list[Any]] = data["terms"]
    names = list(data["heads"])
    if names not in (["queue"], ["queue", "request_type"]):
        raise ValueError("it answers other questions")
    heads = {
        name: _head(data["heads"][name], {term: row[number] for term, row in terms.items()})
        for number, name in enumerate(names, start=1)
    }
    return Model(
        made_at=str(data["made_at"]),
        mails=int(data["mails"]),
        idf={str(term): _number(row[0]) for term, row in terms.items()},
        queue=heads["queue"],
        request_type=heads.get("request_type"),
    )


def _head(told: dict[str, Any], weights: dict[str, list[float]]) -> Head:
    labels, bias = tuple(map(str, told["labels"])), tuple(map(_number, told["bias"]))
    rows = {term: array("d", row) for term, row in weights.items()}
    if not labels or any(len(row) != len(labels) for row in (bias, *rows.values())):
        raise ValueError("not each label has a weight")
    if not all(map(isfinite, chain.from_iterable(rows.values()))) or not 0 < told["temperature"] < 1_000:
        raise ValueError("a number is none")
    return Head(labels=labels, bias=bias, temperature=_number(told["temperature"]), weights=rows)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isfinite(value):
        raise ValueError("a number is none")
    return float(value)
