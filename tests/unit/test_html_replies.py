"""Of answers in HTML alone, as common mail programs write them, the writer's own words are told."""

from __future__ import annotations

import pytest

from ingest.hidden import told
from ingest.html_text import html_to_text
from ingest.new_words import new_words

ADDRESS = '<a href="mailto:desk@example.org">desk@example.org</a>'
REPLIES = {
    "gmail": (
        '<div dir="ltr">my words</div><br><div class="gmail_quote"><div dir="ltr"'
        ' class="gmail_attr">On Mon, Feb 3, 2025 at '
        f'10:15 AM Desk &lt;{ADDRESS}&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px '
        '0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">their words<br><br>more</blockquote></div>'
    ),
    "outlook": (
        '<div class="WordSection1"><p class="MsoNormal">my words<o:p></o:p></p><p'
        ' class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p'
        ' class="MsoNormal"><b>Von:</b> '
        f"Desk &lt;{ADDRESS}&gt; <br><b>Gesendet:</b> Montag, 3. Februar 2025 10:15<br><b>An:</b>"
        f" Ada<br><b>Betreff:</b> x"
        "<o:p></o:p></p></div><p class=MsoNormal>their words</p></div>"
    ),
    "outlook on the web": (
        '<div class="elementToProof">my words</div><div id="appendonsend"></div><hr'
        ' style="display:inline-block;width:98%" '
        'tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"'
        ' style="font-size:11pt" color="#000000"><b>From:'
        f"</b> Desk &lt;{ADDRESS}&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Ada<br><b>Subject:</b>"
        f" x</font></div>their words"
    ),
    "apple": (
        f'<div>my words</div><div><br><blockquote type="cite"><div>On 3 Feb 2025, at 10:15, Desk'
        f" &lt;{ADDRESS}&gt; wrote:"
        '</div><br class="Apple-interchange-newline"><div>their words</div></blockquote></div>'
    ),
    "iphone": (
        f'my words<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my'
        f' iPhone</div><div dir="ltr"><br>'
        f'<blockquote type="cite">Le 3 févr. 2025 à 10:15, Desk &lt;{ADDRESS}&gt; a écrit'
        f" :<br><br></blockquote></div>"
        '<blockquote type="cite"><div dir="ltr">their words</div></blockquote>'
    ),
    "thunderbird": (
        '<p>my words</p><div class="moz-cite-prefix">Am 03.02.2025 um 10:15 schrieb Desk:<br></div>'
        '<blockquote type="cite" cite="mid:x@example.org"><p>their words</p></blockquote>'
    ),
    "yahoo": (
        '<div class="ydp"><div dir="ltr">my words</div></div><div id="yahoo_quoted_1" class="yahoo_quoted"><div><div>'
        f"On Monday, February 3, 2025 at 10:15:00 AM GMT+1, Desk &lt;{ADDRESS}&gt; wrote:</div><div><br></div>"
        "<div>their words</div></div></div>"
    ),
    "proton": (
        '<div>my words</div><div class="protonmail_signature_block">Sent with <a'
        ' href="https://proton.me">Proton Mail</a> '
        'secure email.</div><div class="protonmail_quote">On Monday, February 3rd, 2025 at 10:15,'
        " Desk &lt;desk@example.org"
        '&gt; wrote:<br><blockquote class="protonmail_quote" type="cite">their words</blockquote></div>'
    ),
    "gmx": (
        '<div style="font-family: Verdana;"><div>my words</div><div>&nbsp;<div name="quote"'
        ' style="margin:10px 5px 5px 10px; '
        'border-left:2px solid #C3D9E5;"><div><b>Gesendet:</b>&nbsp;Montag, 03. Februar 2025 um'
        " 10:15 Uhr<br><b>Von:</b>&nbsp;"
        "Desk &lt;desk@example.org&gt;<br><b>An:</b>&nbsp;Ada<br><b>Betreff:</b>&nbsp;x</div>"
        "<div>their words</div></div></div></div>"
    ),
    "signature": '<div>my words</div><div>-- <br><div class="gmail_signature">Ada Byron<br>Client plc</div></div>',
}


@pytest.mark.parametrize("program", REPLIES)
def test_the_writers_words_are_told_from_what_the_program_quotes(program: str) -> None:
    assert new_words(told(html_to_text(REPLIES[program])).seen) == "my words"
