"""Knows the programs in which people write, by the marks that they leave on a mail. Anybody can set them."""

from __future__ import annotations

import re

from ingest.message import Message

_MARKS = ("x-mailer", "user-agent")
_READ = 200  # characters of a field
_PROGRAMS = re.compile(
    r"\b(?:microsoft (?:office )?outlook|outlook-(?:ios|android)|outlook express|windows live mail|apple mail"
    r"|(?:iphone|ipad|watch) mail|thunderbird|betterbird|postbox|evolution|kmail|mutt|neomutt|alpine|claws mail"
    r"|sylpheed|the bat|em_?client|lotus notes|hcl notes|groupwise|zimbra|roundcube|squirrelmail|horde|sogo"
    r"|open-xchange mailer|rainloop|snappymail|airmail|canary|spark|mailbird|mailspring|geary|k-9 mail|fairemail"
    r"|aquamail|bluemail|samsung email|ymail\w*|yahoomail\w*|protonmail|mail\.ru mailer|yandex)\b"
)
# Where the program writes no name: webmail and Exchange, by the Message-ID that they make.
_MAKERS = ("mail.gmail.com", "prod.outlook.com", "mail.yahoo.com", "icloud.com", "protonmail.com", "proton.me")


def written_in_mail_program(message: Message) -> bool:
    """A mark of a program for people is on it, as machines that answer by themselves do not have."""
    marks = (value for name in _MARKS for value in message.fields(name))
    if any(_PROGRAMS.search(value[:_READ].lower()) for value in marks):
        return True
    maker = (message.message_id or "").rstrip(">").rpartition("@")[2].lower()
    return any(maker == known or maker.endswith(f".{known}") for known in _MAKERS)
