"""What was learned from people: which queue and which request a mail's words speak for, and how surely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from processor.triage.ngrams import WORD, terms

MOST_WORDS = 5  # that a suggestion names


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One question that the model answers: a linear score for each label."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    temperature: float  # by which scores are divided, so that of ten mails given 90 % nine are right
    weights: Mapping[str, Sequence[float]]  # by term, one for each label


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A label, how probable it is, and the words of the mail that spoke for it most."""

    label: str
    probability: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What `daydesk learn` made, ready to be asked."""

    made_at: str
    mails: int  # that it learned from
    idf: Mapping[str, float]  # by term: the rarer, the more it weighs
    queue: Head
    request_type: Head | None  # None: too few cases of any

    def guesses(self, subject: str, text: str) -> tuple[Guess | None, Guess | None]:
        """The queue and the request type of a mail, from its redacted words; None where no word of it is known."""
        vector = self._vector(subject, text)
        if not vector:
            return None, None
        return _best(self.queue, vector), _best(self.request_type, vector) if self.request_type else None

    def _vector(self, subject: str, text: str) -> dict[str, float]:
        counts = Counter(term for term in terms(subject, text) if term in self.idf)
        weighed = {term: (1 + log(count)) * self.idf[term] for term, count in counts.items()}
        length = sqrt(sum(value * value for value in weighed.values()))
        return {term: value / length for term, value in weighed.items()}


def probabilities(scores: Sequence[float], temperature: float) -> list[float]:
    """Of each label; together they are 1."""
    top = max(scores)
    raised = [exp((score - top) / temperature) for score in scores]
    return [value / sum(raised) for value in raised]


def _best(head: Head, vector: Mapping[str, float]) -> Guess:
    scores = list(head.bias)
    for term, value in vector.items():
        for at, weight in enumerate(head.weights.get(term, ())):
            scores[at] += value * weight
    found = probabilities(scores, head.temperature)
    best = max(range(len(found)), key=found.__getitem__)
    return Guess(label=head.labels[best], probability=found[best], words=tuple(_speaking(head, vector, best)))


def _speaking(head: Head, vector: Mapping[str, float], best: int) -> Iterator[str]:
    """The words that lift this label above the others' mean, the strongest first."""
    lifts = {
        term: value * (weights[best] - sum(weights) / len(weights))
        for term, value in vector.items()
        if term.startswith(WORD) and (weights := head.weights.get(term))
    }
    strongest = sorted((term for term, lift in lifts.items() if lift > 0), key=lambda term: (-lifts[term], term))
    words = [term.removeprefix(WORD) for term in strongest]
    yield from [word for word in words if not _within_another(word, words)][:MOST_WORDS]


def _within_another(word: str, words: Collection[str]) -> bool:
    """A pair of words that counts tells of both: each of them alone would be said twice."""
    return " " not in word and any(word in other.split() for other in words if " " in other)
