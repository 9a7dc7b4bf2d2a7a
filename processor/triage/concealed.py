"""Does a mail hold words that its reader does not see, other than the line that mail programs show in a list?"""

from __future__ import annotations

from ingest.message import Message, hidden_mark

PREHEADER = 250  # characters


def conceals(message: Message) -> bool:
    """True for hidden words, but for one short run at the very beginning: newsletters put there what lists show."""
    if not message.hidden_text:
        return False
    ordinary = len(message.hidden_text) <= PREHEADER and message.text.startswith(hidden_mark(message.hidden_text))
    return not ordinary
