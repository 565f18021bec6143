"""Indexes to find people by filters."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """There is no way down: a copy of the database is kept before each upgrade."""
    op.drop_index("ix_contacts_company_unknown", "contacts")
    if op.get_context().dialect.name == "postgresql":
        city = "lower(custom ->> 'city')"
    else:
        city = "lower(json_extract(custom, '$.city'))"
    # Those who have nothing there cost nothing.
    _create("company", ["company_id", "company"], "company IS NOT NULL")
    _create("city", [sa.text(city)], f"{city} IS NOT NULL")
    _create("source", [sa.text("lower(source)")], "source IS NOT NULL")
    _create("birthday", ["birthday"], "birthday IS NOT NULL")
    _create("gender", ["gender"], "gender IS NOT NULL")
    op.create_index("ix_contacts_stage", "contacts", ["stage"])
    op.create_index("ix_contacts_tongue", "contacts", [sa.text("lower(substr(language, 1, 2))")])


def _create(name: str, columns: list[str] | list[sa.TextClause], where: str) -> None:
    op.create_index(
        f"ix_contacts_{name}",
        "contacts",
        columns,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
