"""What the database itself notes beside each address, so that people are found by its end.

The last four digits of a phone number, and what stands behind the @ of an e-mail address.
"""

from sqlalchemy import Connection, inspect

# An e-mail address's end is no longer than this.
LONGEST = 64

_SQLITE_TAIL = (
    "CASE NEW.kind WHEN 'phone' THEN substr(NEW.value, -4) "
    "ELSE substr(NEW.value, instr(NEW.value, '@') + 1, 64) END"
)
_SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS address_{what} AFTER {event} ON identities "
    f"WHEN NEW.kind IN ('phone', 'email'){unless} BEGIN "
    f"UPDATE identities SET tail = {_SQLITE_TAIL} WHERE id = NEW.id; END"
    for what, event, unless in (
        # Whoever writes very many of them says it at once, and the row is written but once.
        ("added", "INSERT", " AND NEW.tail IS NULL"),
        ("changed", "UPDATE OF value", ""),
    )
)
_POSTGRESQL = (
    (
        "CREATE OR REPLACE FUNCTION note_tail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "NEW.tail := CASE NEW.kind WHEN 'phone' THEN right(NEW.value, 4) "
        "ELSE left(split_part(NEW.value, '@', 2), 64) END; RETURN NEW; END $$"
    ),
    (
        "CREATE OR REPLACE TRIGGER address_noted BEFORE INSERT OR UPDATE OF value ON identities "
        "FOR EACH ROW WHEN (NEW.kind IN ('phone', 'email')) EXECUTE FUNCTION note_tail()"
    ),
)
# Those that were there before: naming the column is enough for the triggers.
_BEFORE = "UPDATE identities SET value = value WHERE tail IS NULL AND kind IN ('phone', 'email')"


def tail_of(kind: str, value: str) -> str | None:
    """What the database would note of an address; None where it notes nothing."""
    if kind == "phone":
        return value[-4:]
    return value.partition("@")[2][:LONGEST] if kind == "email" and "@" in value else None


def install(connection: Connection) -> None:
    """Have the database note them, also of what is there; asked again it changes nothing."""
    columns = inspect(connection).get_columns("identities")
    if not any(column["name"] == "tail" for column in columns):
        # The step that brings the column is only being written.
        return
    on_sqlite = connection.dialect.name == "sqlite"
    for statement in _SQLITE if on_sqlite else _POSTGRESQL:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(_BEFORE)
