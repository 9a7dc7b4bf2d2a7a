"""Pydantic's findings in the words of whoever edits the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from processor.policy.desk import DATABASE_URL, FIELD_NAME, PREFIX, WEB_LINK
from processor.policy.routing import CURRENCY

Context = dict[str, Any]

_FORMS = {
    DATABASE_URL: "must begin with sqlite:/// or postgresql://, such as sqlite:///daydesk.db",
    WEB_LINK: "must be a link such as https://example.org/faq",
    PREFIX: "must be two to six capital letters, such as DD",
    FIELD_NAME: "must be the name of a header field, such as X-Spam-Flag",
    CURRENCY: "must be the code of a currency, such as EUR",
}

_BY_TYPE: dict[str, Callable[[Context], str]] = {
    "missing": lambda _: "is missing",
    "extra_forbidden": lambda _: "is not a key of this table; look for a spelling mistake",
    "too_short": lambda _: "needs at least one entry",
    "string_too_short": lambda _: "must not be empty",
    "string_too_long": lambda context: f"must have at most {context['max_length']} characters",
    "greater_than": lambda context: f"must be more than {context['gt']}",
    "greater_than_equal": lambda context: f"must be at least {context['ge']}",
    "less_than_equal": lambda context: f"must be at most {context['le']}",
    "literal_error": lambda context: f"must be {context['expected']}",
    "union_tag_invalid": lambda context: (
        f"{context['discriminator'].strip(chr(39))} must be one of {context['expected_tags']}"
    ),
    "union_tag_not_found": lambda context: f"{context['discriminator'].strip(chr(39))} is missing",
    "bool_type": lambda _: "must be true or false",
    "bool_parsing": lambda _: "must be true or false",
    "int_parsing": lambda _: "must be a whole number",
    "int_type": lambda _: "must be a whole number",
    "date_type": lambda _: "must be a date without quotes, such as 2027-01-31",
    "date_from_datetime_inexact": lambda _: "must be a date without a time, such as 2027-01-31",
    "date_from_datetime_parsing": lambda _: "must be a date without quotes, such as 2027-01-31",
    "string_type": lambda _: 'must be text in quotes, such as "words"',
    "string_pattern_mismatch": lambda context: _FORMS.get(context["pattern"], "is not of the right form"),
    "dict_type": lambda _: "must be a table",
    "model_type": lambda _: "must be a table",
    "tuple_type": lambda _: "must be a list",
}


def sentence(item: dict[str, Any]) -> str:
    """What is wrong and what is allowed; where it is one word or number, also what stands there."""
    tell = _BY_TYPE.get(item["type"])
    what = tell(item.get("ctx", {})) if tell else str(item["msg"]).removeprefix("Value error, ")
    shown = item.get("input")
    silent = item["type"] in ("extra_forbidden", "missing") or not isinstance(shown, str | int | float)
    return what if silent else f"{what} (it is {shown!r})"
