"""Rows of mails whose bytes could not be had; what a fetch that broke the connection was about."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WITHHELD = sa.text("state = 'pending' AND sha256 IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("inbound") as table:
        table.alter_column("sha256", existing_type=sa.String(length=64), nullable=True)
    op.create_index(
        "ix_inbound_withheld", "inbound", ["mailbox"], unique=False, sqlite_where=WITHHELD, postgresql_where=WITHHELD
    )
    with op.batch_alter_table("cursor") as table:
        table.add_column(sa.Column("careful_uid", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("cursor") as table:
        table.alter_column("careful_uid", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("cursor") as table:
        table.drop_column("careful_uid")
    op.drop_index("ix_inbound_withheld", table_name="inbound")
    with op.batch_alter_table("inbound") as table:
        table.alter_column("sha256", existing_type=sa.String(length=64), nullable=False)
