"""What goes between the desk and its reading process: frames of pickled plain values, and of mails no other class."""

from __future__ import annotations

import io
import pickle
from datetime import datetime, timedelta, timezone
from struct import Struct
from typing import Any

from ingest import message

READY = "ready"  # what the process says first, and when it has a batch before it
LENGTH = Struct("!Q")  # octets of the frame that follows
_KNOWN = (
    message.Address,
    message.AttachedMessage,
    message.Attachment,
    message.CalendarPart,
    message.ForwardedHeader,
    message.Message,
    message.Passage,
    message.Report,
    message.ReportedRecipient,
    message.Views,
    datetime,
    timedelta,
    timezone,
)
_CLASSES = {(known.__module__, known.__name__): known for known in _KNOWN}


def framed(value: object) -> bytes:
    """A value as it goes over the wire."""
    octets = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(octets)) + octets


def unframed(octets: bytes) -> Any:
    """The value of a frame, without its length. UnpicklingError where it names anything but the values of a mail."""
    return _Values(io.BytesIO(octets)).load()


class _Values(pickle.Unpickler):
    """A process that a mail has taken over must not choose what this one calls: it may send the values of mail."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _CLASSES[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is no value of a mail") from None
