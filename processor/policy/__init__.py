"""What the operator decides: daydesk.toml as frozen, validated values."""

from processor.policy.desk import (
    Acknowledgement,
    Caps,
    Database,
    Desk,
    FolderSource,
    ImapSource,
    Run,
    Smtp,
)
from processor.policy.loading import load_policy, parse_policy
from processor.policy.model import Policy
from processor.policy.oauth2 import OAuth2
from processor.policy.routing import Detail, DetailAsk, Placing, Queue, RequestType, Rule, Urgency, When
from processor.policy.secret import Secret

__all__ = [
    "Acknowledgement",
    "Caps",
    "Database",
    "Desk",
    "Detail",
    "DetailAsk",
    "FolderSource",
    "ImapSource",
    "OAuth2",
    "Placing",
    "Policy",
    "Queue",
    "RequestType",
    "Rule",
    "Run",
    "Secret",
    "Smtp",
    "Urgency",
    "When",
    "load_policy",
    "parse_policy",
]
