"""HTML reads like text: lines, lists, tables, links and quoted blocks as a mail reader shows them."""

from __future__ import annotations

import pytest
from support.cost import within_its_time

from ingest.html_link import target
from ingest.html_text import html_to_text, rendered
from ingest.new_words import new_words

PRE = "<pre>two\n  lines</pre>"
OUTLOOK = (
    '<p class="MsoNormal">Dear desk,<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
    '<p class="MsoNormal">we paid.<o:p></o:p></p><!--[if gte mso 9]><xml><o:x>not said</o:x></xml><![endif]-->'
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>Hi</div><div><br></div><div>there</div>", "Hi\n\nthere"),
        ("one<br>two<br><br>three<br>", "one\ntwo\n\nthree"),
        ("<p>one</p><p style='margin:0'>two</p><p style='margin:0'>three</p>", "one\n\ntwo\nthree"),
        ("<h1>Title</h1>words  and\n more", "Title\n\nwords and more"),
        (f"a{PRE}b", "a\n\ntwo\n  lines\n\nb"),
        ("<span style='white-space:pre'>a  b</span>", "a  b"),
        (OUTLOOK, "Dear desk,\n\nwe paid."),
        ("<ul><li>one<li>two<ol start=3><li>x<li>y</ol></ul>after", "* one\n* two\n  3. x\n  4. y\n\nafter"),
        ("<ol start=x><li><p>one</p><p>more</p></li></ol>", "1. one\n\n   more"),
        ("<li>alone", "* alone"),
        ("<dl><dt>term<dd>what it means</dl>", "term\nwhat it means"),
        ("a<hr>b", "a\n________________________________\nb"),
        ("caf&eacute; &lt;b&gt; &#8364;&#x26;", "café <b> €&"),
        (
            "a<!-- no --><script>no()</script><style>no{}</style><svg><text>no</text></svg><template>no</template>b",
            "ab",
        ),
        ("<![if !mso]>seen<![endif]><!--[if mso]>not seen<![endif]-->", "seen"),
        ("<title>no</title><body>yes</body>", "yes"),
        ("<select><option>a</select><input type=hidden value=no>", "a"),
        ("", ""),
        ("  ", ""),
        ("<?xml version='1.0'?><p>words", "words"),
    ],
)
def test_blocks_are_where_a_mail_reader_shows_them(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<table><tr><th>Invoice<th>Amount<tr><td>INV-1<td>10.00<tr><td>INV-22<td></table>",
            "Invoice   Amount\nINV-1     10.00\nINV-22",
        ),
        ("<table><tr><td>left<br>more<td>right</table>", "left\nmore\nright"),
        ("<table><tr><td><table><tr><td>in<td>side</table><td>out</table>", "in   side   out"),
        ("<table><tr><td><table><tr><td>a<tr><td>b</table><td>c</table>", "a\nb\nc"),
        ("<table><caption>Title</caption><tr><td>a</table>", "Title\na"),
        ("<table><tr><td>a</td></tr><tr></tr><tr><td></td></tr></table>b", "a\nb"),
        ("<td>cell without a table</td>", "cell without a table"),
        ("<table><tr><td>" + "x" * 70 + "<td>y<tr><td>a<td>b</table>", "x" * 70 + "   y\na   b"),
    ],
)
def test_tables_of_words_keep_their_columns_and_layouts_become_lines(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('pay <a href="https://pay.example/1">here</a> now', "pay here <https://pay.example/1> now"),
        ('<a href="https://www.pay.example/">pay.example</a>', "pay.example"),
        ('<a href="https://evil.example/">https://bank.example/</a>', "https://bank.example/ <https://evil.example/>"),
        ('<a href="mailto:a@b.example?subject=x">a@b.example</a>', "a@b.example"),
        ('<a href="mailto:a@b.example">Ada</a>', "Ada <a@b.example>"),
        ('<a href="javascript:alert(1)">x</a><a href="#top">y</a><a href="data:text/html,z">z</a>', "xyz"),
        ('<a href="https://x.example/"></a><a name="top">words</a>', "words"),
        ('<a href="https://x.example/"><img alt="Pay now"></a>', "[Pay now] <https://x.example/>"),
        ('<a href="https://x.example/a\n b<c>">x</a>', "x <https://x.example/abc>"),
    ],
)
def test_a_link_shows_where_it_leads_unless_its_words_say_so(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_a_long_target_is_cut_where_it_says_nothing_any_more() -> None:
    assert target("https://click.example/c?" + "q" * 2_000, "here") == "https://click.example/c?…"
    assert target("https://click.example/" + "p" * 2_000, "here") == "https://click.example/" + "p" * 98 + "…"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<img alt="Our logo" src=x>', "[Our logo]"),
        ('<img alt="😊" src=x>', "😊"),
        ('<img alt="image001.png"><img alt=""><img><img alt="counted" width=1 height=1>', ""),
    ],
)
def test_an_image_is_read_by_its_other_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_quoted_blocks_are_marked_and_so_told_from_the_writers_words() -> None:
    html = (
        "mine<blockquote type='cite'><p>theirs</p><p>more</p><blockquote>older<br>words</blockquote></blockquote>"
        "<blockquote style='margin:0 0 0 40px;border:none;padding:0px'>mine, moved to the right</blockquote>"
    )
    text = html_to_text(html)
    assert text == "mine\n\n> theirs\n>\n> more\n>\n>> older\n>> words\n\nmine, moved to the right"
    assert new_words(text) == "mine\n\nmine, moved to the right"


@pytest.mark.parametrize(
    "html",
    [
        "<p>" * 60_000,
        "<blockquote>" * 60 + "<br>x" * 30_000,
        "<table>" * 200 + "<tr><td>x" * 20_000,
        "<ul><li>x" * 10_000,
        "<a href='https://x.example'>x" * 10_000,
        "<style>" + ".a{display:none}" * 12_000 + "</style>" + "<p class='a a a b'>x" * 8_000,
        "<style>" + "{" * 100_000 + "/*" * 50_000 + "</style>x",
        "".join(f"<i style='color:#{number:06x}'>a</i>" for number in range(8_000)),
        "<p style='" + "color:" * 30_000 + "'>x",
        "<p style='background:" + "url(" * 30_000 + "'>x",
        "<p style='font:" + "1" * 9_000 + "'>x" + "<p style='left:" + "1" * 9_000 + "q'>x",
        "<style>@media" + " screen" * 20_000 + "(" + "{}" * 9_000 + "</style>x",
        "<" * 200_000,
        '<a "' * 50_000,
        "&" * 200_000,
        "&nbsp;<br>" * 20_000,
        "<b hidden>x</b>" * 13_000,
    ],
    ids=lambda html: html[:12],
)
def test_two_hundred_thousand_characters_of_the_worst_markup_are_read_in_a_moment(html: str) -> None:
    with within_its_time():
        html_to_text(html)


def test_the_library_stands_what_mails_hold() -> None:
    assert rendered(f"<html><body>{OUTLOOK}{PRE}<p =x ''=y 1=2 :z>odd</p></body></html>").endswith("odd")
