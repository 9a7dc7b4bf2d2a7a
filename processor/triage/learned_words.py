"""What the words of a mail say of its request type, by weights that were learned from labelled mails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log, sqrt

from processor.policy.word_weights import NOTHING, WordWeights
from processor.triage.sentences import Folded
from processor.triage.word_terms import word_terms, words_of

NEITHER = 0.15  # a probability that speaks neither for a request type nor against it
LEAST_KNOWN = 0.5  # of the words: a mail of which fewer are known is in another language, or of another trade
_LEAST = -3.0  # nothing speaks more against one than this: e to this power times NEITHER
_MOST_WORDS = 4  # that are told


@dataclass(frozen=True, slots=True)
class Learned:
    """How much they speak for each label, in natural logarithms of its probability over NEITHER."""

    speaks: Mapping[str, float] = field(default_factory=dict)  # empty where no word is known
    shares: Mapping[str, float] = field(default_factory=dict)  # of each term in the mail
    weights: WordWeights | None = None

    def words(self, label: str) -> tuple[str, ...]:
        """Those that speak most for the label, the strongest first. Words of the learned mails alone, no others."""
        if self.weights is None:
            return ()
        place, terms = self.weights.labels.index(label), self.weights.terms
        lifts = {term: share * (terms[term][1][place] - NOTHING) for term, share in self.shares.items()}
        strongest = sorted((term for term, lift in lifts.items() if lift > 0), key=lambda term: (-lifts[term], term))
        return tuple(strongest[:_MOST_WORDS])


NOTHING_LEARNED = Learned()


class LearnedWords:
    """The weights of the policy, made ready."""

    def __init__(self, weights: WordWeights | None) -> None:
        self._weights = weights

    def read(self, mail: Folded, met: Iterable[str]) -> Learned:
        """What its words say, and the names of the vocabulary that are met in it."""
        if self._weights is None:
            return NOTHING_LEARNED
        words = words_of(mail)
        if sum([word in self._weights.terms for word in words]) < LEAST_KNOWN * len(words):
            return NOTHING_LEARNED
        shares = _shares(self._weights, word_terms(mail, words, met))
        if not shares:
            return NOTHING_LEARNED
        terms, scores = self._weights.terms, [0.0] * len(self._weights.labels)  # in steps, all too large by the same
        for term, share in shares.items():
            scores = [score + share * letter for score, letter in zip(scores, terms[term][1], strict=True)]
        logarithms = _logarithms(
            [
                (score * self._weights.step + bias) / self._weights.temperature
                for score, bias in zip(scores, self._weights.bias, strict=True)
            ]
        )
        speaks = {
            label: round(max(value - log(NEITHER), _LEAST), 2)
            for label, value in zip(self._weights.labels, logarithms, strict=True)
        }
        return Learned(speaks, shares, self._weights)


def _shares(weights: WordWeights, terms: Iterable[str]) -> dict[str, float]:
    """Of each known term: the rarer and the more often, the larger; together of length 1."""
    known = weights.terms
    counts = Counter([term for term in terms if term in known])
    shares = {term: (1 + log(count)) * known[term][0] for term, count in counts.items()}
    length = sqrt(sum([share * share for share in shares.values()]))
    return {term: share / length for term, share in shares.items()}


def _logarithms(scores: Sequence[float]) -> list[float]:
    """Of the probabilities that these scores mean."""
    top = max(scores)
    whole = top + log(sum([exp(score - top) for score in scores]))
    return [score - whole for score in scores]
