"""Fills templates: the only file that knows Jinja."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from processor import resources
from processor.outgoing.view import AcknowledgementView, one_line
from processor.policy import Policy

LONGEST_MAIL_PART = 200_000  # characters; nobody reads on, and a loop that has run away ends here
LONGEST_PAGE = 50_000_000
SUBJECT_LINE = 250

_KINDS = ("acknowledgement", "asking")  # of mails: each has a folder with one for every language
_PARTS = ("subject.txt", "body.txt", "body.html")
_LAST_LANGUAGE = "en"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The words of one message. `fell_back` says why the shipped template was used instead of the operator's."""

    subject: str  # one line
    text: str
    html: str
    fell_back: str | None = None


def open_renderer(policy: Policy) -> Renderer:
    """The policy's templates: the operator's own before the shipped ones."""
    own = policy.desk.templates
    return Renderer(resources.templates_folder(), policy.folder / own if own else None, language=policy.desk.language)


class Renderer:
    """Templates of the operator's folder `own` before those of `shipped`; each is compiled once.

    The operator's folder has the layout of the shipped one, and need hold only what differs. `language` is the desk's.
    """

    def __init__(self, shipped: Path, own: Path | None = None, *, language: str = _LAST_LANGUAGE) -> None:
        self._shipped = _environment(shipped)
        self._own = None if own is None else _environment(own, shipped)
        self._own_folder = own
        self._language = language

    def language_for(self, language: str | None) -> str:
        """The language to answer a client of this language in: theirs, else the desk's, else English."""
        return _first_known(self.languages, language, self._language)

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that some acknowledgement is written in."""
        return _languages(self._own or self._shipped)

    @cached_property
    def _shipped_languages(self) -> frozenset[str]:
        return _languages(self._shipped)

    def acknowledgement(self, view: AcknowledgementView) -> Rendered:
        """The acknowledgement in the view's language. A mistake in the operator's templates stops nothing."""
        return self._mail("acknowledgement", view)

    def asking(self, view: AcknowledgementView) -> Rendered:
        """What a person sends to ask for details that are still missing, as `acknowledgement`."""
        return self._mail("asking", view)

    def _mail(self, kind: str, view: AcknowledgementView) -> Rendered:
        fell_back = None
        if self._own is not None:
            try:
                self._must_be_there()
                return _filled_mail(self._own, kind, self.language_for(view.language), view)
            except Exception as error:  # noqa: BLE001 - an operator's template can raise anything
                fell_back = f"The shipped {kind} went out: {_mistake(error)}"
        language = _first_known(self._shipped_languages, view.language, self._language)
        return replace(_filled_mail(self._shipped, kind, language, view), fell_back=fell_back)

    def report(self, name: str, **values: object) -> str:
        """The page of report/<name>.html. A mistake in the operator's page is logged, and the shipped page shown."""
        template = f"report/{name}.html"
        if self._own is not None:
            try:
                self._must_be_there()
                return _filled(self._own, template, values, LONGEST_PAGE)
            except Exception as error:  # noqa: BLE001 - an operator's template can raise anything
                _log.warning("The shipped %s was used: %s", template, _mistake(error))
        return _filled(self._shipped, template, values, LONGEST_PAGE)

    def check(self) -> tuple[str, ...]:
        """The mistakes in all templates, each with its place: every one compiled, every mail tried."""
        try:
            self._must_be_there()
        except FileNotFoundError as error:
            return (_mistake(error),)
        environment = self._own or self._shipped
        mistakes = dict.fromkeys(_uncompiled(environment))
        for kind in _KINDS:
            for language in sorted(_languages(environment, kind)):
                mistakes.update(dict.fromkeys(_unrendered(environment, kind, language)))
        return tuple(mistakes)

    def _must_be_there(self) -> None:
        if self._own_folder is not None and not self._own_folder.is_dir():
            raise FileNotFoundError(
                f"there is no templates folder {self._own_folder}: create it, or take it out of the policy"
            )


def _environment(*folders: Path) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _languages(environment: ImmutableSandboxedEnvironment, kind: str = "acknowledgement") -> frozenset[str]:
    places = (name.split("/") for name in environment.list_templates())
    return frozenset(place[1] for place in places if place[0] == kind and place[2:3] and place[2] in _PARTS)


def _first_known(known: frozenset[str], *wanted: str | None) -> str:
    return next((language for language in wanted if language in known), _LAST_LANGUAGE)


def _filled_mail(
    environment: ImmutableSandboxedEnvironment, kind: str, language: str, view: AcknowledgementView
) -> Rendered:
    values = view.values()
    subject, text, html = (
        _filled(environment, f"{kind}/{language}/{part}", values, LONGEST_MAIL_PART) for part in _PARTS
    )
    return Rendered(subject=one_line(subject, SUBJECT_LINE), text=text.strip() + "\n", html=html.strip() + "\n")


def _filled(environment: ImmutableSandboxedEnvironment, name: str, values: Mapping[str, Any], longest: int) -> str:
    pieces, size = [], 0
    for piece in environment.get_template(name).generate(values):
        pieces.append(piece)
        size += len(piece)
        if size > longest:
            raise ValueError(f"{name} writes more than {longest} characters")
    return "".join(pieces)


def _uncompiled(environment: ImmutableSandboxedEnvironment) -> Iterator[str]:
    for name in environment.list_templates(extensions=("html", "txt")):
        try:
            environment.get_template(name)
        except Exception as error:  # noqa: BLE001 - an operator's file can be anything
            yield _mistake(error)


def _unrendered(environment: ImmutableSandboxedEnvironment, kind: str, language: str) -> Iterator[str]:
    for view in _samples(language):
        try:
            rendered = _filled_mail(environment, kind, language, view)
        except Exception as error:  # noqa: BLE001 - an operator's template can raise anything
            yield _mistake(error)
            continue
        for part, words in zip(_PARTS, (rendered.subject, rendered.text, rendered.html), strict=True):
            if view.reference not in words:
                yield f"{kind}/{language}/{part}: {{{{ reference }}}} is not shown, and answers need it"


def _samples(language: str) -> Iterator[AcknowledgementView]:
    """A view with everything, one with nothing, and those between."""
    bare = AcknowledgementView(
        reference="DD-7K3M-9QXW-5", desk_name="Accounts", desk_address="accounts@desk.example", language=language
    )
    for promise in (None, "Tuesday 24 November 2026 at 14:05 (CET, UTC+01:00)"):
        for missing in ((), ("invoice number", "customer reference")):
            yield replace(bare, promise=promise, missing=missing)
            yield replace(
                bare,
                promise=promise,
                missing=missing,
                faq="https://desk.example/faq",
                also=("DD-7K3M-9QXX-T",),
                found=(("amount", "120.00 EUR"),),
                subject="Invoice 4711",
            )


def _mistake(error: Exception) -> str:
    """What is wrong in a template, and in which line of which file."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name}:{error.lineno}: {error.message}"
    if isinstance(error, TemplateNotFound):
        return f"there is no template {error.message}"
    if isinstance(error, FileNotFoundError):
        return str(error)
    lines = [step for step in traceback.extract_tb(error.__traceback__) if not step.filename.endswith(".py")]
    place = f"{lines[-1].filename}:{lines[-1].lineno}: " if lines else ""
    kind = "" if isinstance(error, TemplateError) else f"{type(error).__name__}: "  # its own words say enough
    return f"{place}{kind}{one_line(str(error))}"
