"""Made mails of four queues, and what people made of them: a few hundred to learn from."""

from __future__ import annotations

import random

from processor.store.lessons import Lesson

_SAID = {
    ("billing", "credit-note"): ("an avoir", "a credit note", "to credit the invoice", "the avoir for our order"),
    ("payment-tracking", "payment-tracking"): (
        "where our cheque is",
        "whether the transfer came",
        "to trace a payment",
    ),
    ("legal", "legal-notice"): ("the signed contract", "your lawyer's notice", "the court's summons", "the deed"),
    ("tax", "tax-documentation"): ("the VAT certificate", "your tax residence form", "a withholding statement"),
}
_AROUND = ("Dear team,", "Hello,", "Good morning,", "To whom it may concern,", "Hi there,")
_SMALL = ("for our records", "as agreed on the phone", "by the end of the week", "once more", "for the salon in Lyon",
          "for the branch in Bonn", "since our director asks", "before we close the month", "please", "urgently",
          "with your reference 4711", "on account 00123456")  # fmt: skip
_END = ("Kind regards", "Best wishes", "Thank you", "Many thanks in advance")


def made_lessons(count: int, seed: int = 7) -> list[Lesson]:
    """Always the same; the queues come in turn."""
    draw = random.Random(seed)  # noqa: S311 - mails, no secrets
    kinds = list(_SAID)
    return [_lesson(draw, *kinds[number % len(kinds)]) for number in range(count)]


def of_queue(queue: str, seed: int = 99) -> Lesson:
    """One more, that nobody has learned from."""
    draw = random.Random(seed)  # noqa: S311 - mails, no secrets
    (kind,) = (kind for kind in _SAID if kind[0] == queue)
    return _lesson(draw, *kind)


def _lesson(draw: random.Random, queue: str, request_type: str) -> Lesson:
    said = draw.choice(_SAID[queue, request_type])
    words = (draw.choice(_AROUND), "we need", said, draw.choice(_SMALL), draw.choice(_SMALL), draw.choice(_END))
    return Lesson(subject=draw.choice(("A question", "Hello", said)), text=" ".join(words), queue=queue,
                  request_type=request_type)  # fmt: skip
