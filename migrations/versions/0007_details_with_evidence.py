"""Details with the line that states them, how sure that is, and the form to compare and count with."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("detail") as table:
        table.add_column(sa.Column("line", sa.Integer(), nullable=True))
        table.add_column(sa.Column("certainty", sa.String(length=10), nullable=True))
        table.add_column(sa.Column("normal", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("detail") as table:
        for column in ("normal", "certainty", "line"):
            table.drop_column(column)
