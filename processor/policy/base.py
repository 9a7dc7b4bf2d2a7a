"""What every table of the policy file shares: frozen, no unknown keys, field types of mail."""

from __future__ import annotations

import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict

LOOPBACK = ("localhost", "127.0.0.1", "::1")

_ADDRESS = re.compile(r"[^\s@<>\",;:()\[\]\\]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")


class Table(BaseModel):
    """A table of the policy file."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("is not a mail address; write it as name@domain")
    return value.lower()


def _address_or_domain(value: str) -> str:
    value = value.removeprefix("*@")
    if "*" in value or not _ADDRESS.fullmatch(value if "@" in value else f"x@{value}"):
        raise ValueError("is neither a mail address nor a domain; write it as name@domain or domain")
    return value.lower()


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone; write one such as Europe/Paris or UTC") from None
    return value


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError("may hold small letters, digits, - and _ alone, beginning with a letter or digit")
    return value


def _language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}", value):
        raise ValueError("is not a language; write its code, such as en, fr, de or es")
    return value


def _phrase(value: str) -> str:
    if not (value[:1].isalnum() or any(character.isalnum() for character in value)):
        raise ValueError("holds neither a letter nor a digit, so no text can hold it")
    if "*" in value[:-1]:
        raise ValueError("may hold a * at its end alone, where it stands for any ending")
    return value


def _term(value: str) -> str:
    return "|".join(_slug(name.strip()) for name in value.split("|"))


MailAddress = Annotated[str, AfterValidator(_address)]
Correspondents = Annotated[str, AfterValidator(_address_or_domain)]
ZoneName = Annotated[str, AfterValidator(_zone)]
Slug = Annotated[str, AfterValidator(_slug)]
Term = Annotated[str, AfterValidator(_term)]  # names of the vocabulary, parted by |
Language = Annotated[str, AfterValidator(_language)]
Phrase = Annotated[
    str, AfterValidator(_phrase)
]  # whole words, compared without case and accents; a last * is any ending
Labels = dict[Language, str]  # the same words in several languages


def in_language(labels: Labels, language: str) -> str:
    """The words in this language, else in English, else in any."""
    return labels.get(language) or labels.get("en") or next(iter(labels.values()))
