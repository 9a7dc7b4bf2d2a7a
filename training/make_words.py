#!/usr/bin/env python3
"""Learns what single words weigh for each request type, from labelled mails; writes it beside the shipped policy.

    .venv/bin/python training/make_words.py [--judge]

The mails are those of training/mails, the half of tests/messages/requests that is for building, and the examples of the
shipped policy; the half that is for figures alone is never read. How many of training/mails words alone guess right is
told first, each fifth of them guessed by what the others teach; with --judge nothing is written then. The file is
templates/policy/default/words.json. It needs the extra `learn`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.asked import asked  # noqa: E402 - the tests' mails serve here too

from ingest.message import Message  # noqa: E402
from ingest.parser import parse  # noqa: E402
from processor.policy.word_weights import FORMAT, NOTHING  # noqa: E402
from processor.triage.examples import read_example  # noqa: E402
from processor.triage.sentences import folded  # noqa: E402
from processor.triage.vocabulary import Vocabulary  # noqa: E402
from processor.triage.word_terms import word_terms, words_of  # noqa: E402

MAILS = ROOT / "training" / "mails"
SHIPPED = ROOT / "templates" / "policy" / "default"
POLICY = (SHIPPED / "rules.toml", SHIPPED / "requests.toml")
VOCABULARY = Vocabulary(tomllib.loads((SHIPPED / "vocabulary.toml").read_text("utf-8"))["vocabulary"])
WORDS = SHIPPED / "words.json"
FOLDS = 5
SEED = 7  # the same mails make the same weights
STRENGTH = 60.0  # of the evidence against the wish for small weights
FEWEST = 2  # mails that hold a term; of one in fewer nothing is learned
BAYES = 0.3  # what Bayes says beside the regression, which is less sure of rare words
SMOOTHED = 0.3  # mails in which a term is taken to have stood that has not
MOST_STEPS = 46  # letters of ASCII on each side of the one that weighs nothing
MOST = 12.0  # that a term weighs: a few would make all steps coarse
TERMS = 60_000  # that are kept, those that tell the labels apart best


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """The terms of a mail, and the request types that are right for it."""

    terms: list[str]
    labels: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judge", action="store_true", help="tell how well words alone do; write nothing")
    given = parser.parse_args()
    written = [lesson for file in sorted(MAILS.glob("*.toml")) for lesson in _lessons(file)]
    built = [_lesson(one.raw, one.request_types) for one in asked() if one.half == "build"]
    built += [lesson for file in POLICY for lesson in _examples(file)]
    right, temperature = judged(written, built)
    sys.stdout.write(f"{len(written)} mails: words alone guess {right:.1%} right; temperature {temperature:.2f}\n")
    if not given.judge:
        WORDS.write_text(told(weights([*written, *built], temperature)), encoding="utf-8")
        sys.stdout.write(f"{WORDS.relative_to(ROOT)}: {WORDS.stat().st_size:,} octets\n")


def told(made: dict[str, Any]) -> str:
    """JSON with a line for each term."""
    head = json.dumps({key: value for key, value in made.items() if key != "terms"})
    terms = (f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(row)}" for name, row in made["terms"].items())
    return f'{head[:-1]}, "terms": {{\n' + ",\n".join(terms) + "\n}}\n"


def _examples(file: Path) -> list[Lesson]:
    """The mails in short of request types, and of rules but for those that decide without weighing anything."""
    data = tomllib.loads(file.read_text("utf-8"))
    by_type = [(rule["request_type"], rule) for rule in data.get("rules", ()) if rule.get("evidence")]
    by_type += data.get("request_types", {}).items()
    return [_of(read_example(text).message, (name,)) for name, one in by_type for text in one.get("examples", ())]


def _lessons(file: Path) -> list[Lesson]:
    return [_lesson(_raw(mail), tuple(mail["type"])) for mail in tomllib.loads(file.read_text("utf-8"))["mails"]]


def _raw(told: dict[str, object]) -> bytes:
    mail = EmailMessage(policy=SMTP.clone(cte_type="8bit"))
    mail["From"], mail["To"], mail["Subject"] = str(told["from"]), "accounts@desk.example", str(told["subject"])
    mail.set_content(str(told["text"]))
    for name in told.get("attachments", ()):
        mail.add_attachment(b"-", maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def _lesson(raw: bytes, labels: tuple[str, ...]) -> Lesson:
    return _of(parse(raw), labels)


def _of(message: Message, labels: tuple[str, ...]) -> Lesson:
    """As triage sees it."""
    mail = folded(message)
    met = VOCABULARY.names(VOCABULARY.read(mail.subject, mail.parts).mask)
    return Lesson(terms=list(word_terms(mail, words_of(mail), met)), labels=labels)


class Fit:
    """One training."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self.vectoriser = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=FEWEST)
        rows = self.vectoriser.fit_transform([one.terms for one in lessons])
        at = [place for place, one in enumerate(lessons) for _ in one.labels]
        labels = [label for one in lessons for label in one.labels]
        shares = [1 / len(one.labels) for one in lessons for _ in one.labels]
        fitted = LogisticRegression(C=STRENGTH, max_iter=400).fit(rows[at], labels, sample_weight=shares)
        bayes = ComplementNB(alpha=SMOOTHED).fit(rows[at], labels, sample_weight=shares)
        self.labels, self.bias = list(map(str, fitted.classes_)), fitted.intercept_
        regression, complement = _centred(fitted.coef_.T), _centred(bayes.feature_log_prob_.T)
        self.weights = regression + BAYES * complement * ((rows @ regression).std() / (rows @ complement).std())

    def scores(self, lessons: Sequence[Lesson]) -> np.ndarray:
        return np.asarray(self.vectoriser.transform([one.terms for one in lessons]) @ self.weights + self.bias)


def _centred(weights: np.ndarray) -> np.ndarray:
    """The same, which tell the labels apart as before, about nothing."""
    return np.asarray(weights - weights.mean(axis=1, keepdims=True))


def judged(written: Sequence[Lesson], built: Sequence[Lesson]) -> tuple[float, float]:
    """The share that trainings guess right which have not seen it, and the temperature that fits their scores."""
    folds = np.random.default_rng(SEED).integers(FOLDS, size=len(written)).tolist()
    scores, right = [], []
    for number in range(FOLDS):
        fit = Fit([*(one for one, of in zip(written, folds, strict=True) if of != number), *built])
        unseen = [one for one, of in zip(written, folds, strict=True) if of == number]
        scores.append(fit.scores(unseen))
        right += [[label in one.labels for label in fit.labels] for one in unseen]
    found, true = np.vstack(scores), np.array(right)
    guessed = true[np.arange(len(true)), found.argmax(axis=1)]
    temperatures = np.geomspace(0.1, 3, 60)
    return float(guessed.mean()), float(min(temperatures, key=lambda heat: _unlikelihood(found / heat, true)))


def _unlikelihood(scores: np.ndarray, true: np.ndarray) -> float:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return float(-np.log((raised * true).sum(axis=1) / raised.sum(axis=1)).mean())


def weights(lessons: Sequence[Lesson], temperature: float) -> dict[str, Any]:
    """What the file holds."""
    fit = Fit(lessons)
    names, rare = fit.vectoriser.get_feature_names_out(), fit.vectoriser.idf_
    step = MOST / MOST_STEPS
    rows = np.rint(fit.weights.clip(-MOST, MOST) / step).astype(int) + NOTHING
    kept = np.argsort(-fit.weights.std(axis=1), kind="stable")[:TERMS].tolist()
    terms = sorted((str(names[at]), round(float(rare[at]), 2), bytes(rows[at].tolist())) for at in kept)
    return {
        "format": FORMAT,
        "mails": len(lessons),
        "labels": fit.labels,
        "bias": [round(float(value), 3) for value in fit.bias],
        "temperature": round(temperature, 3),
        "step": round(step, 5),
        "terms": {name: [rare, row.decode("ascii")] for name, rare, row in terms},
    }


if __name__ == "__main__":
    main()
