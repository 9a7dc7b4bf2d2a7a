"""A model is made of lessons where there are enough of them and something can be learned; and kept as plain words."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.lessons import made_lessons, of_queue

from ingest.errors import Configuration, DeskError
from processor.learning.file import load, save
from processor.store.lessons import Lesson
from processor.triage.learned import Model

pytest.importorskip("sklearn", reason="needs scikit-learn: pip install 'daydesk[learn]'")

from processor.learning.training import Learned, learn

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learn(made_lessons(300), NOW)


@pytest.fixture(scope="module")
def model(learned: Learned) -> Model:
    assert learned.model is not None
    return learned.model


@pytest.mark.parametrize("queue", ["billing", "payment-tracking", "legal", "tax"])
def test_a_mail_that_nobody_has_seen_is_guessed_right(model: Model, queue: str) -> None:
    unseen = of_queue(queue)
    guess, kind = model.guesses(unseen.subject, unseen.text)
    assert guess is not None
    assert kind is not None
    assert (guess.label, kind.label) == (queue, unseen.request_type)
    assert guess.probability > 0.8
    assert guess.words


def test_cross_validation_tells_how_well_it_does(learned: Learned) -> None:
    judged = learned.queue
    assert judged is not None
    assert judged.better_than_chance
    assert judged.accuracy > 0.95
    assert judged.by_chance == 0.25
    assert {one.label: one.mails for one in judged.labels} == dict.fromkeys(
        ("billing", "payment-tracking", "legal", "tax"), 75
    )
    assert sum(one.mails for one in judged.calibration) == 300
    assert judged.calibration_error < 0.1


def test_labels_drawn_by_lot_are_no_better_than_chance_and_make_no_model() -> None:
    draw = random.Random(5)  # noqa: S311 - labels, no secrets
    lessons = [replace(one, queue=draw.choice(("billing", "legal", "tax"))) for one in made_lessons(300)]
    learned = learn(lessons, NOW)
    assert learned.queue is not None
    assert not learned.queue.better_than_chance
    assert learned.model is None
    assert "no better than chance" in learned.refused


def test_too_few_lessons_make_no_model() -> None:
    learned = learn(made_lessons(40), NOW)
    assert (learned.model, learned.queue) == (None, None)
    assert "40 mails of 4 queues to learn from: too few" in learned.refused


def test_a_queue_with_too_few_lessons_is_left_out_and_two_are_enough() -> None:
    lessons = [one for one in made_lessons(200) if one.queue in ("billing", "legal")]
    odd = Lesson(subject="x", text="y", queue="attic", request_type=None)
    learned = learn([*(replace(one, request_type=None) for one in lessons), odd], NOW)
    assert learned.left_out == (("attic", 1),)
    assert learned.model is not None
    assert (learned.model.queue.labels, learned.model.request_type) == (("billing", "legal"), None)
    unseen = of_queue("billing")
    guess, _ = learned.model.guesses(unseen.subject, unseen.text)
    assert guess is not None
    assert guess.label == "billing"


def test_what_is_kept_guesses_the_same_is_ours_alone_and_holds_no_number_of_a_mail(
    model: Model, tmp_path: Path
) -> None:
    file = tmp_path / "daydesk.model"
    save(model, file)
    kept = load(file)
    assert kept is not None
    unseen = of_queue("tax")
    assert kept.guesses(unseen.subject, unseen.text) == model.guesses(unseen.subject, unseen.text)
    assert file.stat().st_mode & 0o777 == 0o600
    terms = json.loads(file.read_text())["terms"]
    assert not [term for term in terms if any(digit in term for digit in "123456789")]


def test_without_a_file_there_is_no_model(tmp_path: Path) -> None:
    assert load(tmp_path / "daydesk.model") is None


def _spoilt(model: Model, tmp_path: Path, **changed: object) -> Path:
    file = tmp_path / "daydesk.model"
    save(model, file)
    file.write_text(json.dumps(json.loads(file.read_text()) | changed))
    return file


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "pickle"},
        {"terms": {"w a": [1.0]}},
        {"terms": {"w a": [1.0, [1.0], [1.0]]}},
        {"terms": {"w a": [True, [1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]]}},
        {"terms": {"w a": [1.0, [1.0, 1.0, 1.0, float("nan")], [1.0, 1.0, 1.0, 1.0]]}},
        {"heads": {}},
        {"mails": None},
    ],
)
def test_a_file_that_is_no_model_is_refused_with_what_to_do(
    model: Model, tmp_path: Path, changed: dict[str, object]
) -> None:
    with pytest.raises(Configuration, match="run `daydesk learn` again, or delete it"):
        load(_spoilt(model, tmp_path, **changed))


def test_octets_that_are_no_json_are_refused_and_never_run(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"\x80\x04cos\nsystem\n(S'false'\ntR.")
    with pytest.raises(Configuration, match="is no model"):
        load(tmp_path / "model")


def test_a_file_that_cannot_be_written_or_read_is_told(model: Model, tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="cannot be written"):
        save(model, tmp_path / "attic" / "model")
    with pytest.raises(Configuration, match="cannot be read"):
        load(tmp_path)
