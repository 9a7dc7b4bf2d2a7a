"""Pending mails that never failed come before those that did."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    _index("tries", "id")


def downgrade() -> None:
    _index("id")


def _index(*columns: str) -> None:
    op.drop_index("ix_inbound_pending", table_name="inbound")
    op.create_index(
        "ix_inbound_pending", "inbound", columns, unique=False, sqlite_where=PENDING, postgresql_where=PENDING
    )
