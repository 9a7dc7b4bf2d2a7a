"""What `daydesk parse` prints of a mail: its values, and what can be told of them without a policy."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ingest.message import Message, Views
from processor.policy.desk import Acknowledgement
from processor.triage.authentication import every_result
from processor.triage.automatic import read_automatic
from processor.triage.language import detect


def as_read(message: Message) -> dict[str, Any]:
    """The names and values of docs/reference/parse.md, but for the version of the schema."""
    values: dict[str, Any] = _field_names(asdict(message))
    views = values.pop("views") or asdict(Views())
    automatic = read_automatic(message, Acknowledgement())
    return {
        **values,
        **views,
        "quoted_text": "".join(passage["text"] for passage in views["passages"] if passage["quoted"]),
        "language": detect(message.new_text),
        "automatic": {"kind": automatic.kind, "signs": [asdict(sign) for sign in automatic.signs]},
        "authentication_results": [
            asdict(result) | {"properties": dict(result.properties)} for result in every_result(message)
        ],
    }


def _field_names(value: Any) -> Any:
    """The same values under the names of mail: `from`, which Python keeps for itself."""
    if isinstance(value, dict):
        return {name.removesuffix("_"): _field_names(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_field_names(inner) for inner in value]
    return value
