"""When each worker last did its work; indexes for what an operator watches."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
WATCHED = (
    ("ix_inbound_quarantined", "inbound", "settled_at", "state = 'quarantined'"),
    ("ix_outbox_failed", "outbox", "settled_at", "state = 'failed'"),
    ("ix_event_quarantine", "event", "inbound_id", "kind IN ('quarantined', 'discarded')"),
)


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("succeeded_at", TIME, nullable=True),
        sa.Column("failed_at", TIME, nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_heartbeat")),
    )
    for name, table, column, condition in WATCHED:
        where = sa.text(condition)
        op.create_index(name, table, [column], unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _column, _condition in WATCHED:
        op.drop_index(name, table_name=table)
    op.drop_table("heartbeat")
