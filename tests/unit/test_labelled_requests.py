"""The labelled requests are whole: labels that the shipped policy knows, values that the mails state, even halves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable

import pytest
from stdnum import iban
from support.asked import HALVES, Asked, asked

from ingest.parser import parse
from processor import resources
from processor.policy import Policy, load_policy

AT_LEAST = {"en": 160, "fr": 120, "de": 70, "es": 60}
NOT_LITERAL = {"payment-method", "payment-date", "website", "domain-consent"}  # the label names them in its own words


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(resources.daydesk_toml(), resources.shipped_policy)


def squeezed(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[\W_]", "", text.casefold())


def test_labels_name_types_queues_and_details_of_the_shipped_policy(policy: Policy) -> None:
    for one in asked():
        assert set(one.request_types) <= policy.request_types.keys(), one.name
        assert set(one.queues) <= policy.queues.keys(), one.name
        assert one.details.keys() | one.may.keys() | one.documents.keys() <= policy.details.keys(), one.name
        assert one.half in HALVES, one.name
        assert all(isinstance(answer, bool) for answer in (*one.urgent, *one.diversion)), one.name


def test_every_value_of_a_label_stands_in_its_mail() -> None:
    assert [missing for one in asked() for missing in not_written(one)] == []


def not_written(one: Asked) -> list[tuple[str, str]]:
    """The values of a label that its mail does not hold."""
    words = squeezed(one.words)
    stated = [(kind, value) for kind, values in one.details.items() for value in values if kind not in NOT_LITERAL]
    stated += [("bank", part) for number in one.bank for part in number.split()]
    return [(one.name, value) for kind, value in stated if _literal(kind, value) not in words]


def _literal(kind: str, value: str) -> str:
    """An amount without its currency, for which the mail has a sign, and without hundredths that it leaves out."""
    return squeezed(re.sub(r"[^\d.,]", "", value)).removesuffix("00") if kind == "amount" else squeezed(value)


def test_every_iban_of_the_set_has_right_check_digits() -> None:
    numbers = [number for one in asked() for number in one.bank if re.match(r"[A-Z]{2}\d\d\w", number)]
    assert len(numbers) >= 25
    assert [number for number in numbers if not iban.is_valid(number)] == []


def test_a_mail_is_read_as_it_was_written() -> None:
    for one in asked()[::5]:  # all of them take seconds
        message = parse(one.raw)
        assert message.subject == one.subject
        assert message.text.split() == one.text.split(), one.name
        assert [attachment.name for attachment in message.attachments] == [each.name for each in one.attachments]


def test_no_two_mails_have_the_same_name() -> None:
    assert len({one.message_id for one in asked()}) == len(asked())


def test_there_are_over_four_hundred_in_four_languages_and_no_two_alike() -> None:
    languages = Counter(one.language for one in asked())
    assert all(languages[language] >= count for language, count in AT_LEAST.items())
    assert len({squeezed(one.subject + one.text) for one in asked()}) == len(asked()) >= 450


def test_every_request_type_is_asked_for_in_every_language(policy: Policy) -> None:
    found = {(one.language, one.request_types[0]) for one in asked()}
    assert found == {(language, kind) for language in AT_LEAST for kind in policy.request_types}


def test_the_halves_are_even_in_languages_request_types_and_smells() -> None:
    halved = {one.name.partition(" ")[0] for one in asked() if one.half == "report"}  # others are to build with
    dealt = [one for one in asked() if one.name.partition(" ")[0] in halved]
    assert uneven((one.language, one.half) for one in dealt) == []
    assert uneven((one.request_types[0], one.half) for one in dealt) == []
    assert uneven((one.diversion, one.half) for one in dealt if one.diversion) == []


def uneven(members: Iterable[tuple[Hashable, str]]) -> list[Hashable]:
    """Of what one half has three more than the other."""
    counts = Counter(members)
    return [key for key, _ in counts if abs(counts[key, "build"] - counts[key, "report"]) > 2]
