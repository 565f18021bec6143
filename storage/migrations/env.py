"""What Alembic runs for each upgrade: our tables, our types, the connection that it was given."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import storage.records  # noqa: F401  (the tables are known once their module is)
from storage.columns import Choice, Json


def in_plain_words(kind: str, thing: Any, _: AutogenContext) -> str | Literal[False]:
    """Our column types as migrations spell them: a step must not change when the code does."""
    if kind != "type":
        return False
    match thing:
        case Choice():
            return repr(thing)
        case Json():
            return 'sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")'
        case UTCDateTime():
            return "sa.DateTime(timezone=True)"
        case AutoString():
            impl: Any = thing.impl
            return f"sa.String(length={impl.length})"
    return False


def migrate(connection: Connection) -> None:
    """Run the steps that are asked for, inside the transaction that the caller began."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        # SQLite changes a table by making it anew, which the batch mode of Alembic does.
        render_as_batch=True,
        render_item=in_plain_words,
        compare_server_default=True,
        on_version_apply=context.config.attributes.get("on_step"),
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes["connection"]
if isinstance(given, Engine):
    with given.begin() as connection:
        migrate(connection)
else:
    migrate(given)
