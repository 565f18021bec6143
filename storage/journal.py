"""The database's own note of every name that changes, whoever changes it and by what statement."""

from sqlalchemy import Connection

_SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS name_{what} AFTER {event} ON contacts BEGIN "
    f"INSERT INTO name_changes (version, contact_id) VALUES (1, {row}.id); END"
    for what, event, row in (
        ("added", "INSERT", "NEW"),
        # An update that does not name these columns does not even look here.
        ("changed", "UPDATE OF name, company", "NEW"),
        ("deleted", "DELETE", "OLD"),
    )
)

_POSTGRESQL = (
    "CREATE SEQUENCE IF NOT EXISTS name_changes_id_seq",
    (
        "CREATE OR REPLACE FUNCTION note_names() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO name_changes (id, version, contact_id) "
        "SELECT nextval('name_changes_id_seq'), 1, id FROM changed; RETURN NULL; END $$"
    ),
    (
        "CREATE OR REPLACE FUNCTION note_name() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO name_changes (id, version, contact_id) "
        "VALUES (nextval('name_changes_id_seq'), 1, NEW.id); RETURN NULL; END $$"
    ),
    # A statement of many rows is noted at once.
    (
        "CREATE OR REPLACE TRIGGER name_added AFTER INSERT ON contacts REFERENCING NEW TABLE AS "
        "changed FOR EACH STATEMENT EXECUTE FUNCTION note_names()"
    ),
    (
        "CREATE OR REPLACE TRIGGER name_deleted AFTER DELETE ON contacts REFERENCING OLD TABLE AS "
        "changed FOR EACH STATEMENT EXECUTE FUNCTION note_names()"
    ),
    (
        "CREATE OR REPLACE TRIGGER name_changed AFTER UPDATE OF name, company ON contacts "
        "FOR EACH ROW EXECUTE FUNCTION note_name()"
    ),
)


def install(connection: Connection) -> None:
    """Have the database note them from now on; asked again it changes nothing."""
    on_sqlite = connection.dialect.name == "sqlite"
    for statement in _SQLITE if on_sqlite else _POSTGRESQL:
        connection.exec_driver_sql(statement)
