"""Contacts with their addresses, telephone numbers and bank accounts; cases held until two people have confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
LEARNED = sa.text("contact_id IS NULL")
UNSETTLED = sa.text("status NOT IN ('resolved', 'closed')")
HELD_IS_OPEN = "held_since IS NULL OR released_at IS NOT NULL OR status NOT IN ('resolved', 'closed')"


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("code", sa.String(), nullable=False, unique=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("account_number", "account_name")),
        sa.Column("language", sa.String(length=10), nullable=True),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("owner", "queue")),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
    )
    op.create_table(
        "contact_address",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("contact_id", KEY, sa.ForeignKey("contact.id"), nullable=True),
        sa.Column("owner", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dmarc_passed_at", sa.DateTime(timezone=True), nullable=True),
    )
    for column in ("domain", "contact_id"):
        op.create_index(f"ix_contact_address_{column}", "contact_address", [column])
    op.create_index(
        "ix_contact_address_learned", "contact_address", ["since", "key"], sqlite_where=LEARNED, postgresql_where=LEARNED
    )
    op.create_table(
        "contact_phone",
        sa.Column("contact_id", KEY, sa.ForeignKey("contact.id"), primary_key=True),
        sa.Column("number", sa.String(), primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "contact_bank",
        sa.Column("contact_id", KEY, sa.ForeignKey("contact.id"), primary_key=True),
        sa.Column("digest", sa.String(length=64), primary_key=True),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "domain_piece",
        sa.Column("piece", sa.String(), primary_key=True),
        sa.Column("domain", sa.String(), primary_key=True),
    )
    op.create_index("ix_domain_piece_domain", "domain_piece", ["domain"])
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("contact_id", KEY, nullable=True))
        table.create_foreign_key(op.f("fk_cases_contact_id"), "contact", ["contact_id"], ["id"])
        table.add_column(sa.Column("diversion", sa.String(length=10), nullable=False, server_default="none"))
        for column in ("held_since", "released_at"):
            table.add_column(sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("cases") as table:
        table.alter_column("diversion", server_default=None)
        table.create_check_constraint(op.f("ck_cases_held"), HELD_IS_OPEN)
    op.create_index(
        "ix_cases_of_contact", "cases", ["contact_id", "id"], sqlite_where=UNSETTLED, postgresql_where=UNSETTLED
    )
    op.create_table(
        "call_back",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("case_id", KEY, sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("actor", "number")),
        sa.Column("on_file", sa.Boolean(), nullable=False),
        sa.Column("spoke_with", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=True),
    )
    op.create_index("ix_call_back_case_id", "call_back", ["case_id"])


def downgrade() -> None:
    op.drop_table("call_back")
    op.drop_index("ix_cases_of_contact", table_name="cases")
    with op.batch_alter_table("cases") as table:
        table.drop_constraint(op.f("ck_cases_held"), type_="check")
        table.drop_constraint(op.f("fk_cases_contact_id"), type_="foreignkey")
        for column in ("contact_id", "diversion", "held_since", "released_at"):
            table.drop_column(column)
    for name in ("domain_piece", "contact_bank", "contact_phone", "contact_address", "contact"):
        op.drop_table(name)
