"""What is known of those who write to the desk, whichever their case."""

from __future__ import annotations

import json
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from processor.store.models import TOLD_BY_HIM, CaseMessage

_GIVEN: sa.BindParameter[object] = sa.bindparam("addresses")
_ON_SQLITE = sa.func.json_each(_GIVEN).table_valued("value", name="given")
_ON_POSTGRESQL = (
    sa.func.unnest(sa.cast(_GIVEN, ARRAY(sa.String))).table_valued("value", name="given").render_derived(name="given")
)


def languages(session: Session, addresses: Collection[str]) -> dict[str, str]:
    """By address, case-folded, the language of the latest mail in which its owner let us know his."""
    if not addresses:
        return {}
    sqlite = session.get_bind().dialect.name == "sqlite"
    given = _ON_SQLITE if sqlite else _ON_POSTGRESQL
    # One look into ix_message_contact for each address, however many mails each of them has written.
    latest = sa.select(CaseMessage.language).where(CaseMessage.from_key == given.c.value, sa.text(TOLD_BY_HIM))
    query = sa.select(given.c.value, latest.order_by(CaseMessage.id.desc()).limit(1).scalar_subquery())
    values = sorted(addresses)
    rows = session.execute(query, {"addresses": json.dumps(values) if sqlite else values})
    return {address: language for address, language in rows if language is not None}
