"""Makes a model of lessons: a linear one over weighed terms, its probabilities calibrated on mails it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.errors import Configuration
from processor.learning.judged import Judgement, Told, judge
from processor.store.lessons import Lesson
from processor.triage.learned import Head, Model, probabilities
from processor.triage.ngrams import terms

try:
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold
except ImportError:
    raise Configuration(
        "Learning needs scikit-learn, which is not installed: pip install 'daydesk[learn]'. "
        "Without it the desk works as before."
    ) from None

FEWEST = 60  # mails altogether: of less nobody can tell whether anything was learned
FEWEST_OF_ONE = 8  # mails of a label; one with fewer is left out, and told
_FOLDS = 5
_MOST_TERMS = 12_000
_SEED = 7  # the same lessons make the same model
_TEMPERATURES = np.geomspace(0.05, 5, 80)
_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What came of it. Without a model it says why."""

    lessons: int
    left_out: tuple[tuple[str, int], ...] = ()  # queues with too few mails
    queue: Judgement | None = None
    request_type: Judgement | None = None
    model: Model | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """Texts as lists of terms, and the label of each."""

    texts: Sequence[list[str]]
    labels: Sequence[str]
    names: tuple[str, ...]
    left_out: tuple[tuple[str, int], ...] = ()


def learn(lessons: Sequence[Lesson], now: datetime) -> Learned:
    """Train and judge; a model only where there are mails enough and it is better than chance."""
    texts = [terms(lesson.subject, lesson.text) for lesson in lessons]
    queues = _question(texts, [lesson.queue for lesson in lessons])
    if why := _too_few(queues):
        return Learned(lessons=len(lessons), left_out=queues.left_out, refused=why)
    scores = _held_out(queues)
    queue = _judged(queues, scores)
    if not queue.better_than_chance:
        why = (
            f"The queue of {queue.accuracy:.0%} of the mails was guessed, and {queue.by_chance:.0%} are of the largest "
            "one: that is no better than chance. No model was made."
        )
        return Learned(lessons=len(lessons), left_out=queues.left_out, queue=queue, refused=why)
    types = _question(texts, [lesson.request_type or "" for lesson in lessons])
    request_type = None if _too_few(types) else _judged(types, _held_out(types))
    useful = request_type is not None and request_type.better_than_chance
    model = _model(queues, types if useful else None, scores, len(lessons), now)
    return Learned(lessons=len(lessons), left_out=queues.left_out, queue=queue, request_type=request_type, model=model)


def _question(texts: Sequence[list[str]], labels: Sequence[str]) -> _Question:
    """Of the labels with mails enough; an empty one is none."""
    counts = Counter(label for label in labels if label)
    kept = {label for label, count in counts.items() if count >= FEWEST_OF_ONE}
    pairs = [(text, label) for text, label in zip(texts, labels, strict=True) if label in kept]
    return _Question(
        texts=[text for text, _ in pairs],
        labels=[label for _, label in pairs],
        left_out=tuple((label, count) for label, count in counts.most_common() if label not in kept),
        names=tuple(sorted(kept)),
    )


def _too_few(question: _Question) -> str:
    if len(question.texts) >= FEWEST and len(question.names) > 1:
        return ""
    return (
        f"There are {len(question.texts)} mails of {len(question.names)} queues to learn from: too few. It takes "
        f"{FEWEST} mails of at least two queues, with {FEWEST_OF_ONE} of each. No model was made."
    )


class _Fit:
    """One training: the vectoriser, and for each label its weights and bias."""

    def __init__(self, question: _Question, vectoriser: TfidfVectorizer | None = None) -> None:
        """With the terms of another question's training, where the two are to be asked together."""
        self.vectoriser = vectoriser or _vectoriser().fit(question.texts)
        rows = self.vectoriser.transform(question.texts)
        fitted = LogisticRegression(C=20.0, max_iter=400)
        fitted.fit(rows, question.labels)
        # Of two labels scikit-learn keeps one row, for the second of them: the first one's scores are 0.
        two = len(question.names) == 2
        self.weights = np.vstack([np.zeros_like(fitted.coef_), fitted.coef_]) if two else fitted.coef_
        self.bias = np.concatenate([[0.0], fitted.intercept_]) if two else fitted.intercept_

    def scores(self, texts: Sequence[list[str]]) -> np.ndarray:
        return np.asarray(self.vectoriser.transform(texts) @ self.weights.T + self.bias)


def _vectoriser() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=_as_they_are, sublinear_tf=True, min_df=2, max_features=_MOST_TERMS, norm="l2")


def _as_they_are(text: list[str]) -> list[str]:
    return text


def _held_out(question: _Question) -> np.ndarray:
    """The scores of each mail by a training that has not seen it; with the number of its fold in the last column."""
    smallest = min(Counter(question.labels).values())
    folds = StratifiedKFold(n_splits=min(_FOLDS, smallest), shuffle=True, random_state=_SEED)
    found = np.zeros((len(question.texts), len(question.names) + 1))
    for number, (seen, unseen) in enumerate(folds.split(question.texts, question.labels)):
        part = _Question(
            texts=[question.texts[at] for at in seen],
            labels=[question.labels[at] for at in seen],
            names=question.names,
        )
        found[unseen, :-1] = _Fit(part).scores([question.texts[at] for at in unseen])
        found[unseen, -1] = number
    return found


def _judged(question: _Question, held_out: np.ndarray) -> Judgement:
    """Each fold's probabilities are calibrated on the other folds, so that nothing is judged by what it was made of."""
    scores, folds = held_out[:, :-1], held_out[:, -1]
    told: list[Told] = []
    for fold in np.unique(folds):
        others = folds != fold
        temperature = _temperature(question, scores, others)
        for at in np.flatnonzero(~others).tolist():
            found = probabilities(scores[at].tolist(), temperature)
            best = max(range(len(found)), key=found.__getitem__)
            told.append(Told(true=question.labels[at], guessed=question.names[best], probability=found[best]))
    return judge(told)


def _temperature(question: _Question, scores: np.ndarray, rows: np.ndarray) -> float:
    """That under which what people made of these mails was the most probable."""
    places = {name: place for place, name in enumerate(question.names)}
    true = np.array([places[label] for label in question.labels])[rows]
    chosen = scores[rows]

    def unlikelihood(temperature: float) -> float:
        heated = chosen / temperature
        heated = heated - heated.max(axis=1, keepdims=True)
        return float((np.log(np.exp(heated).sum(axis=1)) - heated[np.arange(len(true)), true]).mean())

    return float(min(_TEMPERATURES, key=unlikelihood))


def _model(queues: _Question, types: _Question | None, held_out: np.ndarray, lessons: int, now: datetime) -> Model:
    fit = _Fit(queues)
    names = map(str, fit.vectoriser.get_feature_names_out())
    return Model(
        made_at=now.isoformat(timespec="seconds"),
        mails=lessons,
        idf=dict(zip(names, map(_rounded, fit.vectoriser.idf_), strict=True)),
        queue=_head(queues, fit, held_out),
        request_type=_head(types, _Fit(types, fit.vectoriser), _held_out(types)) if types else None,
    )


def _head(question: _Question, fit: _Fit, held_out: np.ndarray) -> Head:
    columns = fit.weights.T
    every = np.ones(len(question.labels), dtype=bool)
    return Head(
        labels=question.names,
        bias=tuple(map(_rounded, fit.bias)),
        temperature=_rounded(_temperature(question, held_out[:, :-1], every)),
        weights={
            str(term): [_rounded(value) for value in columns[at]]
            for at, term in enumerate(fit.vectoriser.get_feature_names_out())
        },
    )


def _rounded(value: float) -> float:
    return round(float(value), _DECIMALS)
