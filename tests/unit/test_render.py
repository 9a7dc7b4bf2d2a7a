"""The acknowledgement says what it must in four languages, keeps data data, and survives broken templates."""

from __future__ import annotations

import logging
import re
import shutil
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from processor.outgoing.render import Renderer
from processor.outgoing.view import AcknowledgementView, one_line
from processor.resources import templates_folder

SHIPPED = templates_folder()
LANGUAGES = ("de", "en", "es", "fr")
VIEW = AcknowledgementView(
    reference="DD-7K3M-9QXW-5", desk_name="Accounts", desk_address="accounts@desk.example", language="en"
)


class Markup(HTMLParser):
    """The tags and the words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background")]

    def handle_data(self, data: str) -> None:
        self.words += data


def own_folder(tmp_path: Path, **templates: str) -> Path:
    """An operator's folder; names are written as en__body_txt."""
    for name, text in templates.items():
        language, _, part = name.partition("__")
        place = tmp_path / "acknowledgement" / language / part.replace("_", ".")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_view_has_no_internal_field() -> None:
    assert {field.name for field in fields(AcknowledgementView)} == {
        "reference", "desk_name", "desk_address", "language", "promise", "faq", "missing", "found", "subject", "also",
    }  # fmt: skip


def test_the_shipped_templates_have_no_mistake() -> None:
    renderer = Renderer(SHIPPED)
    assert renderer.check() == ()
    assert renderer.languages == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_acknowledgement_says_reference_promise_what_is_missing_and_where_the_faq_is(language: str) -> None:
    view = replace(
        VIEW,
        language=language,
        promise="on Friday, 14:05",
        missing=("number A", "number B"),
        faq="https://desk.example/q",
    )
    rendered = Renderer(SHIPPED).acknowledgement(view)
    assert rendered.fell_back is None
    assert rendered.subject.startswith("[DD-7K3M-9QXW-5] ")
    for words in (rendered.text, Markup(rendered.html).words):
        for said in (
            "DD-7K3M-9QXW-5",
            "on Friday, 14:05",
            "number A",
            "number B",
            "https://desk.example/q",
            "Accounts",
        ):
            assert said in words
        assert "  " not in words.replace("\n  - ", "").replace("\n", "")


BANK_DETAILS = {"en": "never", "fr": "jamais par téléphone", "de": "Telefon nehmen wir sie niemals", "es": "nunca"}
AUTOMATIC = {"en": "automatic answer", "fr": "réponse automatique", "de": "automatische", "es": "respuesta automática"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_acknowledgement_is_called_automatic_and_warns_of_bank_details_by_phone(language: str) -> None:
    rendered = Renderer(SHIPPED).acknowledgement(replace(VIEW, language=language))
    for words in (rendered.text, Markup(rendered.html).words):
        assert BANK_DETAILS[language] in words.replace("\n", " ")
        assert AUTOMATIC[language] in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_promise_no_time_is_named_and_no_list_is_left_empty(language: str) -> None:
    rendered = Renderer(SHIPPED).acknowledgement(replace(VIEW, language=language))
    full = Renderer(SHIPPED).acknowledgement(replace(VIEW, language=language, promise="P", missing=("M",), faq="F"))
    assert not any(character.isdigit() for character in rendered.text.replace(VIEW.reference, ""))
    assert "  - " not in rendered.text
    assert "<ul" not in rendered.html
    assert "<ul" in full.html
    assert "\n\n\n" not in rendered.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_the_html_is_fetched_from_elsewhere(language: str) -> None:
    rendered = Renderer(SHIPPED).acknowledgement(replace(VIEW, language=language, faq="https://desk.example/q"))
    markup = Markup(rendered.html)
    assert markup.links == ["https://desk.example/q"]
    assert not {"img", "script", "link", "iframe", "object", "form"} & set(markup.tags)
    assert "url(" not in rendered.html
    assert "@import" not in rendered.html


HOSTILE = "{{7*7}} {% for x in y %} <script>alert(1)</script> \" ' & {# no #}"


def test_hostile_values_stay_data() -> None:
    view = replace(VIEW, subject=HOSTILE, found=((HOSTILE, HOSTILE),), missing=(HOSTILE,), desk_name=HOSTILE)
    rendered = Renderer(SHIPPED).acknowledgement(view)
    assert "49" not in rendered.subject + rendered.text + rendered.html
    assert rendered.subject == f"[DD-7K3M-9QXW-5] Re: {HOSTILE}"
    assert rendered.text.count(HOSTILE) == 4
    assert "script" not in Markup(rendered.html).tags
    assert Markup(rendered.html).words.count(HOSTILE) == 4


def test_a_value_with_line_ends_stays_on_its_line() -> None:
    rendered = Renderer(SHIPPED).acknowledgement(
        replace(
            VIEW, subject="Invoice\r\nBcc: victim@x.example", found=(("amount", "1\n\nPay to\u2028 IBAN\x00\x1b[2J"),)
        )
    )
    assert rendered.subject == "[DD-7K3M-9QXW-5] Re: Invoice Bcc: victim@x.example"
    assert "  - amount: 1 Pay to  IBAN [2J\n" in rendered.text


@pytest.mark.parametrize("subject", ["Re: Invoice", "RE : AW: Fwd: Invoice", "Re[2]: Invoice", "  TR: Invoice"])
def test_the_subject_is_answered_once(subject: str) -> None:
    assert Renderer(SHIPPED).acknowledgement(replace(VIEW, subject=subject)).subject.endswith("] Re: Invoice")


def test_a_subject_of_nothing_but_re_is_none() -> None:
    assert replace(VIEW, subject="Re: ").subject is None


def test_a_long_value_is_cut() -> None:
    assert one_line("a" * 20, 10) == "a" * 9 + "…"
    assert len(Renderer(SHIPPED).acknowledgement(replace(VIEW, subject="x" * 5_000)).subject) <= 250


def test_half_a_surrogate_pair_does_not_stop_the_mail() -> None:
    assert one_line("a\ud800b\u202ec") == "a b c"


@pytest.mark.parametrize(("desk", "expected"), [("fr", "fr"), ("pt", "en")])
def test_a_language_without_templates_falls_back_to_the_desk_s_then_to_english(desk: str, expected: str) -> None:
    renderer = Renderer(SHIPPED, language=desk)
    assert renderer.language_for("nl") == renderer.language_for(None) == expected
    assert f'lang="{expected}"' in renderer.acknowledgement(replace(VIEW, language="nl")).html


def test_the_operator_s_template_comes_first_and_the_shipped_ones_fill_in(tmp_path: Path) -> None:
    own = own_folder(tmp_path, en__subject_txt="{{ reference }} arrived")
    rendered = Renderer(SHIPPED, own).acknowledgement(VIEW)
    assert rendered.subject == "DD-7K3M-9QXW-5 arrived"
    assert "Thank you" in rendered.text
    assert rendered.fell_back is None


def test_the_operator_may_add_a_language(tmp_path: Path) -> None:
    own = own_folder(
        tmp_path,
        it__subject_txt="{{ reference }}",
        it__body_txt="Grazie {{ reference }}",
        it__body_html="{{ reference }}",
    )
    renderer = Renderer(SHIPPED, own)
    assert renderer.check() == ()
    assert renderer.acknowledgement(replace(VIEW, language="it")).text == "Grazie DD-7K3M-9QXW-5\n"


BROKEN = {
    "a syntax error": ("{% if %}", r"en/body.txt:1: Expected an expression"),
    "an unknown name": ("line\n{{ notes }}", r"en/body.txt:2: 'notes' is undefined"),
    "a missing template": ("{% include 'gone.txt' %}", r"there is no template .*gone.txt"),
    "a way out of the sandbox": ("{{ ''.__class__.__mro__ }}", r"en/body.txt:1: access to attribute"),
    "a change of the values": ("{% set _ = found.append(1) %}", r"en/body.txt:1: "),
    "a division by zero": ("{{ 1 / 0 }}", r"en/body.txt:1: ZeroDivisionError"),
    "a loop too long": ("{% for x in range(999999) %}x{% endfor %}", r"OverflowError: Range too big"),
    "a loop in a loop": (
        "{% for x in range(9999) %}{% for y in range(9999) %}x{% endfor %}{% endfor %}",
        r"writes more than 200000 characters",
    ),
    "text that is not UTF-8": (b"\xff\xfe", r"UnicodeDecodeError"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_template_of_the_operator_gives_way_to_the_shipped_one_which_says_why(
    tmp_path: Path, kind: str
) -> None:
    text, why = BROKEN[kind]
    own = own_folder(tmp_path, en__body_txt="")
    data = text if isinstance(text, bytes) else text.encode()
    (own / "acknowledgement" / "en" / "body.txt").write_bytes(data)
    renderer = Renderer(SHIPPED, own)
    rendered = renderer.acknowledgement(VIEW)
    assert rendered.text == Renderer(SHIPPED).acknowledgement(VIEW).text
    assert rendered.fell_back is not None
    assert rendered.fell_back.startswith("The shipped acknowledgement went out: ")
    assert re.search(why, rendered.fell_back)
    assert any(re.search(why, mistake) for mistake in renderer.check())


def test_a_language_begun_but_not_finished_gives_way_to_the_desk_s_language(tmp_path: Path) -> None:
    own = own_folder(tmp_path, it__subject_txt="{{ reference }}")
    rendered = Renderer(SHIPPED, own, language="fr").acknowledgement(replace(VIEW, language="it"))
    assert rendered.text.startswith("Bonjour")
    assert rendered.fell_back is not None
    assert "it/body.txt" in rendered.fell_back


def test_a_templates_folder_that_is_gone_is_told_and_stops_nothing(tmp_path: Path) -> None:
    renderer = Renderer(SHIPPED, tmp_path / "gone")
    rendered = renderer.acknowledgement(VIEW)
    assert rendered.text.startswith("Hello")
    assert rendered.fell_back is not None
    assert "there is no templates folder" in rendered.fell_back
    assert renderer.check() == (
        f"there is no templates folder {tmp_path / 'gone'}: create it, or take it out of the policy",
    )


def test_check_names_a_template_that_hides_the_reference(tmp_path: Path) -> None:
    own = own_folder(tmp_path, fr__subject_txt="Merci")
    mistakes = Renderer(SHIPPED, own).check()
    assert mistakes == ("acknowledgement/fr/subject.txt: {{ reference }} is not shown, and answers need it",)


def test_check_finds_a_mistake_that_only_some_values_bring_out(tmp_path: Path) -> None:
    own = own_folder(tmp_path, es__body_txt="{{ reference }}{% if subject %}{{ sbject }}{% endif %}")
    (mistake,) = Renderer(SHIPPED, own).check()
    assert mistake.endswith("es/body.txt:1: 'sbject' is undefined")


def test_a_change_on_disk_is_seen_by_the_next_renderer_only(tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shutil.copytree(SHIPPED / "acknowledgement", shipped / "acknowledgement")
    renderer = Renderer(shipped)
    before = renderer.acknowledgement(VIEW)
    (shipped / "acknowledgement" / "en" / "subject.txt").write_text("[{{ reference }}] Changed")
    assert renderer.acknowledgement(VIEW) == before
    assert Renderer(shipped).acknowledgement(VIEW).subject.endswith("Changed")


def test_a_report_page_is_filled_and_escaped(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "queues.html").write_text("<p>{{ title }}</p>")
    assert Renderer(tmp_path).report("queues", title="<b>") == "<p>&lt;b&gt;</p>"


def test_a_broken_report_page_of_the_operator_is_logged_and_the_shipped_one_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for folder, page in (("shipped", "shipped {{ title }}"), ("own", "{{ titel }}")):
        (tmp_path / folder / "report").mkdir(parents=True)
        (tmp_path / folder / "report" / "queues.html").write_text(page)
    with caplog.at_level(logging.WARNING):
        assert Renderer(tmp_path / "shipped", tmp_path / "own").report("queues", title="T") == "shipped T"
    assert "'titel' is undefined" in caplog.text


def test_the_operator_s_report_page_comes_first(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "queues.html").write_text("own {{ title }}")
    assert Renderer(SHIPPED, tmp_path).report("queues", title="T") == "own T"
