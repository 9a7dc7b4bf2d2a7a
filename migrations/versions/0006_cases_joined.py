"""Cases merged and linked; copies of one mail; the clients of colleagues; which language a contact writes in."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OF_CASES = ("merged_into", "acknowledged_with")
TAKEN_IN = sa.text("state IN ('case', 'appended')")
MERGED = sa.text("merged_into IS NOT NULL")
TOLD_BY_HIM = sa.text("language IS NOT NULL AND automatic = 'person' AND standing <> 'not_confirmed'")


def upgrade() -> None:
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))
        for column in ("offered_name", "offered_address"):
            table.add_column(sa.Column(column, sa.String(), nullable=True))
        for column in OF_CASES:
            table.add_column(sa.Column(column, KEY, nullable=True))
            table.create_foreign_key(op.f(f"fk_cases_{column}"), "cases", [column], ["id"])
    _index("ix_cases_merged_into", "cases", ["merged_into"], MERGED)
    op.create_table(
        "case_link",
        *(sa.Column(column, KEY, sa.ForeignKey("cases.id"), nullable=False) for column in ("case_id", "other_id")),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "other_id", "kind"),
    )
    op.create_index("ix_case_link_other_id", "case_link", ["other_id"])
    with op.batch_alter_table("message") as table:
        table.add_column(sa.Column("from_key", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE message SET from_key = lower(from_address)")
    with op.batch_alter_table("message") as table:
        table.alter_column("from_key", server_default=None)
    _index("ix_message_contact", "message", ["from_key", "id"], TOLD_BY_HIM)
    with op.batch_alter_table("inbound") as table:
        table.add_column(sa.Column("content_sha256", sa.String(length=64), nullable=True))
    _index("uq_inbound_content", "inbound", ["content_sha256"], TAKEN_IN, unique=True)


def downgrade() -> None:
    op.drop_index("uq_inbound_content", table_name="inbound")
    with op.batch_alter_table("inbound") as table:
        table.drop_column("content_sha256")
    op.drop_index("ix_message_contact", table_name="message")
    with op.batch_alter_table("message") as table:
        table.drop_column("from_key")
    op.drop_table("case_link")
    op.drop_index("ix_cases_merged_into", table_name="cases")
    with op.batch_alter_table("cases") as table:
        for column in OF_CASES:
            table.drop_constraint(op.f(f"fk_cases_{column}"), type_="foreignkey")
            table.drop_column(column)
        for column in ("reopened_at", "offered_name", "offered_address"):
            table.drop_column(column)


def _index(name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
