"""Later columns."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """There is no way down: a copy of the database is kept before each upgrade."""
    op.create_table(
        "recipient_tallies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=128), nullable=False),
        sa.Column("variant", sa.String(length=8), nullable=False),
        sa.Column("compared", sa.Boolean(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_recipient_tallies_campaign_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient_tallies")),
        sa.UniqueConstraint(
            "campaign_id",
            "state",
            "reason",
            "variant",
            "compared",
            "quarter",
            name="uq_recipient_tallies_kind",
        ),
    )
    with op.batch_alter_table("recipient_tallies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recipient_tallies_quarter"), ["quarter"], unique=False)

    op.create_table(
        "traveller_tallies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "journey_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["journey_id"], ["journeys.id"], name=op.f("fk_traveller_tallies_journey_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traveller_tallies")),
        sa.UniqueConstraint(
            "journey_id",
            "state",
            "position",
            "reason",
            name=op.f("uq_traveller_tallies_journey_id_state_position_reason"),
        ),
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "rows_to",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                server_default="0",
                nullable=False,
            )
        )

    with op.batch_alter_table("journeys", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "tally",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_journeys_asked_by"), "members", ["asked_by"], ["id"]
        )
