"""Does a mail hold words that its reader does not see, other than the line that mail programs show in a list?"""

from __future__ import annotations

from ingest.message import Message, is_preheader


def conceals(message: Message) -> bool:
    """True for hidden words, but for one short run at the very beginning: newsletters put there what lists show."""
    return message.hidden_text != "" and not is_preheader(message.text, message.hidden_text)
