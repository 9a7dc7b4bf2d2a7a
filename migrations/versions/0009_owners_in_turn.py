"""Whose turn it is to be given the next case of a queue."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "owner_turn",
        sa.Column("queue", sa.String(), primary_key=True),
        sa.Column("person", sa.String(), primary_key=True),
        sa.Column("turn", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("owner_turn")
