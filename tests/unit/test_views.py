"""What is shown of a mail: each of its forms by itself, and HTML that does nothing and fetches nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from support.cost import within_its_time

from ingest.html_display import SHOWN, sanitised
from ingest.message import Views
from ingest.parser import parse
from processor.reading.limits import Limits
from processor.reading.reader import Reader

ELEMENTS = frozenset(
    re.findall(
        r"\S+",
        "a abbr address b blockquote br caption center cite code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd"
        " li ol p pre q s small span strike strong sub sup table tbody td tfoot th thead tr u ul",
    )
)
ATTRIBUTES = frozenset({"href", "rel", "colspan", "rowspan", "start"})

NASTY = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<script/xss>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=`x` onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    "<img src=http://track.example/1.gif>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'>",
    "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'></foreignObject></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    '<math><mtext></form><form><mglyph><svg><mtext><textarea><path id="</textarea><img onerror=alert(1) src=1>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><img src=x onerror=alert(1)></template>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
    "<style><img title='</style><img src=x onerror=alert(1)>'></style>",
    "<xmp><p title='</xmp><svg/onload=alert(1)>'></xmp>",
    "<iframe><p title='</iframe><img src=x onerror=alert(1)>'></iframe>",
    "<noembed><p title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml-stylesheet href=javascript:alert(1)?>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java&#9;script:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='&#x6A&#x61vascript&colon;alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='//evil.example/'>x</a>",
    "<a href='/relative'>x</a>",
    "<a href='feed:javascript:alert(1)'>x</a>",
    "<a href=x onclick=alert(1) style='position:fixed;inset:0' id=x class=y target=_top ping=//evil.example>x</a>",
    "<p style='background:url(//track.example)' class=a id=b name=c>x</p>",
    "<p style='behavior:url(x.htc);-moz-binding:url(x)'>x</p>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<object data=//evil.example/x.swf></object><embed src=//evil.example/x.swf>",
    "<applet code=x></applet>",
    "<iframe src=//evil.example></iframe>",
    "<frameset><frame src=//evil.example></frameset>",
    "<video src=//track.example/x poster=//track.example/y onerror=alert(1)><source src=//track.example></video>",
    "<audio src=//track.example/x autoplay></audio>",
    "<form action=//evil.example><input name=password type=password><button formaction=//e>x</button></form>",
    "<isindex action=javascript:alert(1) type=image>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1) background=//track.example/x>",
    "<table background=//track.example/x><td background=//track.example/y>x</table>",
    "<input type=image src=//track.example/x>",
    "<x onclick=alert(1)>x</x>",
    "<custom-element is=x onfocus=alert(1) tabindex=0 autofocus>x",
    "<p/onmouseover=alert(1)>x",
    "<p onmouseover\x0b=alert(1)>x",
    "<<script>alert(1)//<</script>",
    '<a href="https://x.example/" "onmouseover=alert(1)">x</a>',
    "<a href='https://x.example/\"onmouseover=\"alert(1)'>x</a>",
    "<a title='--><script>alert(1)</script>' href='https://x.example'>x</a>",
    "<b><p><b><p><a href='https://x.example'><table><a href='javascript:alert(1)'>x</table>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\ufdd0<script>alert(1)</script>\ufdd1",
    "<div hidden><script>alert(1)</script><img src=x onerror=alert(1)></div>",
    "<select><style></select><img src=x onerror=alert(1)>",
    "<mglyph><malignmark><a href=javascript:alert(1)>x",
    "<picture><source srcset=//track.example/x><img srcset=//track.example/y></picture>",
    "<map><area href=javascript:alert(1)></map>",
    "<portal src=//evil.example></portal><dialog open>x</dialog><slot onslotchange=alert(1)></slot>",
]


class Structure(HTMLParser):
    """Notes every element, attribute and comment."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.odd: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment

    def handle_data(self, data: str) -> None:
        self.text += data


def structure(html: str) -> Structure:
    found = Structure()
    found.feed(html)
    found.close()
    return found


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("around", ["{}", "<div>before {} after</div>", "<table><tr><td>{}</td></tr></table>"])
def test_nothing_in_it_does_or_fetches_anything(nasty: str, around: str) -> None:
    for html in (sanitised(around.format(nasty)), sanitised(sanitised(around.format(nasty)))):
        found = structure(html)
        assert not found.odd
        for tag, attributes in found.tags:
            assert tag in ELEMENTS
            assert set(attributes) <= ATTRIBUTES
            href = attributes.get("href")
            assert href is None or href.startswith(("http://", "https://", "mailto:", "tel:"))
            if tag == "a":
                assert attributes.get("rel") == "noopener noreferrer"


def test_what_was_made_fit_stays_as_it_is() -> None:
    for nasty in NASTY:
        once = sanitised(f"<div>{nasty}</div>")
        assert structure(sanitised(once)).tags == structure(once).tags


def test_what_people_write_is_kept() -> None:
    html = (
        "<h1>Title</h1><p>Dear <b>desk</b>,<br><a href='https://x.example/a?b=1&amp;c=2'>here</a></p>"
        "<table><tr><td colspan=2>cell</td></tr></table><ol start=3><li>three</li></ol>"
        "<blockquote>quoted</blockquote><img src=x alt='Our logo'>"
    )
    found = sanitised(html)
    assert '<a href="https://x.example/a?b=1&amp;c=2" rel="noopener noreferrer">here</a>' in found
    for part in ("<h1>Title</h1>", '<td colspan="2">cell</td>', '<ol start="3">', "<blockquote>", "[Our logo]"):
        assert part in found


def test_hidden_words_are_said_to_be_hidden() -> None:
    found = structure(sanitised("<p>seen</p><div style='display:none'>secret <b>words</b></div>")).text
    assert found == "seen[hidden: secret][hidden: words]"


@pytest.mark.parametrize("html", ["<div>" * 3_000 + "deep", "<b>" * 300 + "deep", "<p>deep</p>" * (SHOWN // 11 + 1)])
def test_what_is_too_deep_or_large_is_shown_as_text(html: str) -> None:
    found = sanitised(html)
    assert found.startswith("<pre>")
    assert structure(found).text.startswith("deep")


@pytest.mark.parametrize(
    "html",
    ["<b a=1><i><p>x" * 5_000, "<font color=1><p>" * 8_000, "<a href=https://x.example>x" * 4_000, "<" * 100_000],
)
def test_the_worst_is_made_fit_in_a_moment(html: str) -> None:
    with within_its_time():
        assert len(sanitised(html)) < 3 * SHOWN


MAIL = b"""From: a@client.example
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

plain words

On 3 Feb 2025, Desk <desk@example.org> wrote:
> quoted
--b
Content-Type: text/html

<p>marked-up <a href="https://x.example">words</a></p><img src="https://track.example/1.gif">
--b--
"""


def test_each_form_is_shown_by_itself() -> None:
    message = parse(MAIL, views=True)
    assert message.views is not None
    assert message.views.plain_text.startswith("plain words")
    assert message.views.html_text == "marked-up words <https://x.example>"
    assert message.views.html == '<p>marked-up <a href="https://x.example" rel="noopener noreferrer">words</a></p>'
    assert [one.quoted for one in message.views.passages] == [False, True]
    assert "".join(one.text for one in message.views.passages) == message.text


def test_views_are_made_on_request_alone() -> None:
    assert parse(MAIL).views is None
    assert parse(b"From: a@b.example\n\n", views=True).views == Views()


def test_the_reading_process_makes_them_on_request() -> None:
    with Reader(Limits()) as reader:
        assert reader.read_one(MAIL).views is None
        assert reader.read_one(MAIL, views=True) == parse(MAIL, views=True)


def test_who_asks_for_no_views_does_not_load_what_makes_them() -> None:
    asked = "import sys, ingest.parser\ningest.parser.parse(sys.stdin.buffer.read())\nprint('nh3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], input=MAIL, capture_output=True, check=True)
    assert done.stdout == b"False\n"


@pytest.mark.parametrize(
    ("html", "hidden"),
    [
        (b"<p>seen</p><p style='display: none'>pay elsewhere</p>", "pay elsewhere"),
        (b"<p>seen</p><p style=3D'font-size:0'>not quoted-printable</p>", ""),
        (b"<p hidden>News</p><p>seen</p>", ""),
        (b"<p>seen</p>", ""),
    ],
)
def test_hidden_words_in_the_html_count_where_the_plain_words_are_read(html: bytes, hidden: str) -> None:
    raw = MAIL.replace(b"<p>marked-up", html + b"<p>marked-up")
    message = parse(raw)
    assert message.text.startswith("plain words")
    assert message.hidden_text == hidden
