"""Why an attached document was not read, or not to its end."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attachment") as table:
        table.add_column(sa.Column("unread", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("attachment") as table:
        table.alter_column("unread", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("attachment") as table:
        table.drop_column("unread")
