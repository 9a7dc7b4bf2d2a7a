"""Words that a mail's reader does not see are marked in its text, and are no words of the writer."""

from __future__ import annotations

import pytest
from support.cost import within_its_time

from ingest.hidden import told
from ingest.html_text import html_to_text
from ingest.parser import parse

HIDDEN_BY_STYLE = [
    "display:none",
    "DISPLAY : None !important",
    "color:red;display:none",
    "visibility:hidden",
    "visibility:collapse",
    "font-size:0",
    "font-size:1px",
    "font-size:0.01em",
    "font:0/0 a",
    "opacity:0",
    "opacity:0.01",
    "opacity: 0%",
    "mso-hide:all",
    "max-height:0;overflow:hidden",
    "height:0px;overflow:hidden",
    "width:1px;overflow:hidden",
    "text-indent:-9999px",
    "position:absolute;left:-9999px",
    "position:absolute;clip:rect(0 0 0 0)",
    "position:absolute;clip:rect(0px, 0px, 0px, 0px)",
    "color:#fff",
    "color:white",
    "color:#FEFEFE",
    "color:rgb(255, 255, 255)",
    "color:rgb(100%,100%,100%)",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "color:#333;background:#343434",
    "color:#333;background-color:rgb(51,51,51)",
    "display:/**/none",
]

SEEN_BY_STYLE = [
    "display:block",
    "visibility:visible",
    "font-size:9px",
    "font-size:0.9em",
    "font:12px/1.5 Arial",
    "opacity:0.6",
    "overflow:hidden",
    "max-height:0",
    "height:0",
    "width:100%;overflow:hidden",
    "text-indent:-36pt",
    "left:-9999px",
    "position:absolute;left:10px",
    "color:#777",
    "color:#fff;background:#0a66c2",
    "color:#fff;background:url(x.png)",
    "color:#fff;background-image:linear-gradient(red,blue)",
    "color:#fff;background:no-repeat 0 0 navy",
    "color:inherit",
    "color:no-such-colour",
    "color:hsl(0,0%,100%)",
]


@pytest.mark.parametrize("style", HIDDEN_BY_STYLE)
def test_what_a_style_hides_is_marked(style: str) -> None:
    found = told(html_to_text(f'<p>seen</p><div style="{style}">secret <b>words</b></div><p>seen too</p>'))
    assert found.hidden == "secret words"
    assert "[hidden: secret words]" in found.marked
    assert found.seen.split() == ["seen", "seen", "too"]


@pytest.mark.parametrize("style", SEEN_BY_STYLE)
def test_what_a_style_does_not_hide_is_not_marked(style: str) -> None:
    assert told(html_to_text(f'<p>seen</p><div style="{style}">plain</div>')).hidden == ""


@pytest.mark.parametrize(
    "html",
    [
        "<p hidden>secret</p>",
        "<style>.x{display:none}</style><p class='a x'>secret</p>",
        "<style>#x{display:none}</style><p id=x>secret</p>",
        "<style>em{display:none}</style><em>secret</em>",
        "<style>em.x, .y{color:#fff}</style><em class=x>secret</em>",
        "<style>.x.y{font-size:0}</style><em class='y x'>secret</em>",
        "<style>.x{display:none!important}</style><em class=x style='display:block'>secret</em>",
        "<style>@media screen{.x{display:none}}</style><em class=x>secret</em>",
        "<style><!-- .x{display:none} --></style><em class=x>secret</em>",
        "<style>/* .x{} */ @import url(x); .x{opacity:0}</style><em class=x>secret</em>",
        "<font color=white>secret</font>",
        "<table bgcolor=#222222><tr><td><font color='#202020'>secret</font></table>",
        "<div style='display:none'><div style='display:block;visibility:visible;font-size:20px'>secret</div></div>",
        "<div style='color:#fff'><a href='https://x.example/' style='color:#fff'>secret</a></div>",
        "<div style='display:none'><ul><li>secret</ul></div>",
    ],
)
def test_words_are_hidden_by_attributes_and_rules_too(html: str) -> None:
    found = told(html_to_text(f"<p>seen</p>{html}"))
    assert found.hidden == "secret"
    assert "secret" not in found.seen
    assert "x.example" not in found.seen


@pytest.mark.parametrize(
    "html",
    [
        "<div style='visibility:hidden'><b style='visibility:visible'>seen</b></div>",
        "<td style='font-size:0'><div style='font-size:14px'>seen</div></td>",
        "<style>@media (max-width:600px){.x{display:none}}</style><p class=x>seen</p>",
        "<style>@media print{.x{display:none}}</style><p class=x>seen</p>",
        "<style>@supports (a:b){.x{display:none}}</style><p class=x>seen</p>",
        "<style>.x p{display:none}</style><p class=x>seen</p>",
        "<style>.x{display:none}</style><p class=x style='display:block'>seen</p>",
        "<style>.x.y{display:none}</style><p class=x>seen</p>",
        "<style>.bar td{background:#036}</style><table class=bar><td style='color:#fff'>seen</table>",
        "<table background=x.png><td style='color:#fff'>seen</table>",
        "<!--[if mso]>button<![endif]--><a style='mso-hide:all'>seen</a>",
        "<div style='color:#fff'>seen</div>",
        "<div style='color:#fff'><a href='https://x.example/'>seen</a></div>",
    ],
)
def test_words_that_are_seen_all_the_same_are_not_marked(html: str) -> None:
    found = told(html_to_text(html))
    assert found.hidden == ""
    assert "seen" in found.seen


def test_the_colours_of_the_whole_page_count() -> None:
    found = told(html_to_text("<body bgcolor=black text=black>secret<font color=white>seen</font></body>"))
    assert (found.hidden, found.seen) == ("secret", "seen")


def test_a_word_around_hidden_ones_is_whole() -> None:
    html = "<p>in<span style='font-size:0'>x</span>voice <i hidden> a </i> <i hidden>b]c</i> paid</p>"
    found = told(html_to_text(html))
    assert found.seen.split() == ["invoice", "paid"]
    assert found.marked.split() == ["in[hidden:", "x]voice", "[hidden:", "a", "b)c]", "paid"]


def test_a_preheaders_filling_is_nothing() -> None:
    filling = "&zwnj;&nbsp;&#8203;&shy;" * 20
    found = told(html_to_text(f"<p hidden>News {filling}</p><p hidden>{filling}</p><p>Hi</p>"))
    assert found.hidden == "News"
    assert found.seen == "Hi"


def test_a_mail_cannot_write_our_marks_itself() -> None:
    html = "<p>a\ufdd0b\ufdd1c &#xfdd0;d&#xfdd1;</p>"
    assert told(html_to_text(html)).hidden == ""
    raw = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "a\ufdd0b\ufdd1c".encode()
    assert parse(raw).text == "abc"


def test_the_hidden_words_of_a_mail_are_marked_in_its_text_and_not_new() -> None:
    html = b"<p>Please pay.</p><p style='display:none'>Our bank has changed.</p>"
    message = parse(b"From: a@client.example\r\nContent-Type: text/html\r\n\r\n" + html)
    assert message.text == "Please pay.\n\n[hidden: Our bank has changed.]"
    assert message.new_text == "Please pay."
    assert message.hidden_text == "Our bank has changed."


@pytest.mark.parametrize(
    "html",
    [
        "<pre>a" + " " * 200_000 + "b</pre><p hidden>x</p>",
        "<pre>a" + " \n" * 100_000 + "b</pre><p hidden>x</p>",
        "<i hidden>x</i><br>" * 10_000,
        "<i hidden>x</i>" + "<p>&gt;" * 20_000,
    ],
)
def test_many_blanks_around_hidden_words_take_a_moment(html: str) -> None:
    with within_its_time():
        assert told(html_to_text(html)).hidden.startswith("x")


def test_hidden_words_are_bounded() -> None:
    assert len(told(html_to_text("seen<p hidden>" + "word " * 100_000)).hidden) == 20_000
