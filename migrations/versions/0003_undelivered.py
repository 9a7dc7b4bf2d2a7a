"""Mails that came back; what proves that an address is to get no automatic mail."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
BEFORE = ("'sent', 'failed'", "state = 'failed'")
SINCE = ("'sent', 'failed', 'bounced'", "state IN ('failed', 'bounced')")
PROOFS = (("case_id", "cases"), ("outbox_id", "outbox"), ("inbound_id", "inbound"))


def upgrade() -> None:
    _change_states(*SINCE)
    with op.batch_alter_table("suppression") as table:
        table.add_column(sa.Column("actor", sa.String(), nullable=False, server_default="daydesk"))
        for column, known in PROOFS:
            table.add_column(sa.Column(column, KEY, nullable=True))
            table.create_foreign_key(op.f(f"fk_suppression_{column}"), known, [column], ["id"])
    with op.batch_alter_table("suppression") as table:
        table.alter_column("actor", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("suppression") as table:
        for column, _known in PROOFS:
            table.drop_constraint(op.f(f"fk_suppression_{column}"), type_="foreignkey")
            table.drop_column(column)
        table.drop_column("actor")
    op.execute("UPDATE outbox SET state = 'failed' WHERE state = 'bounced'")
    _change_states(*BEFORE)


def _change_states(settled: str, undelivered: str) -> None:
    """The states that a mail can have, and the indexes that speak of them."""
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    op.drop_index("ix_outbox_failed", table_name="outbox")
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint(op.f("ck_outbox_dispatch"), type_="check")
        table.create_check_constraint(
            op.f("ck_outbox_dispatch"), sa.text(f"state IN ('due', 'attempted', 'unknown', {settled})")
        )
    for name, column, condition in (
        ("ix_outbox_waiting", "next_at", f"state NOT IN ({settled})"),
        ("ix_outbox_failed", "settled_at", undelivered),
    ):
        where = sa.text(condition)
        op.create_index(name, "outbox", [column], unique=False, sqlite_where=where, postgresql_where=where)
