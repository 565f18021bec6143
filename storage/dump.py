"""Copies of a PostgreSQL database, made and read back by PostgreSQL's own programs."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from storage import schema
from storage.engine import connect
from storage.errors import Busy, StorageError
from storage.queries.house import PRESENCE

# Of this database only: the server shows the locks of all of them.
_PRESENT = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :class "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def write(url: str, target: Path) -> None:
    """Write the database to a file in pg_dump's own format, and see that it can be read."""
    target.unlink(missing_ok=True)
    # Customers' words are in it: nobody else on this machine may read it.
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _address(url) as address:
        _run("pg_dump", "--format=custom", "--no-owner", "--file", str(target), "--dbname", address)
    _prove(target)


def read(url: str, source: Path, afterwards: str) -> None:
    """Replace what the database holds by what a file holds, in one transaction.

    `afterwards` is done in that transaction too. Raises Busy while a Rapport is alive.
    """
    refuse_while_alive(url)
    _prove(source)
    with tempfile.TemporaryDirectory() as folder, _address(url) as address:
        script = Path(folder) / "restore.sql"
        _run(
            "pg_restore", "--clean", "--if-exists", "--no-owner", "--file", str(script), str(source)
        )
        with script.open("a", encoding="utf-8") as file:
            file.write(f"\nSET search_path = public;\n{afterwards};\n")
        _run(
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            "--output=/dev/null",
            f"--file={script}",
            f"--dbname={address}",
        )


def _prove(file: Path) -> None:
    listed = _run("pg_restore", "--list", str(file))
    if " policies " not in listed or schema.VERSION_TABLE not in listed:
        raise StorageError(f"{file} is no backup of Rapport.")


def refuse_while_alive(url: str) -> None:
    """Raise Busy while a Rapport holds its lock of presence in this database."""
    engine = connect(url)
    try:
        with engine.connect() as connection:
            alive = connection.scalar(_PRESENT, {"class": PRESENCE})
    finally:
        engine.dispose()
    if alive:
        raise Busy(f"{alive} Rapport process(es) work with this database: stop them first.")


@contextmanager
def _address(url: str) -> Iterator[str]:
    """The database's address without the password, which every user of the machine could read."""
    parsed = make_url(url)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as passwords:
        if parsed.password is not None:
            escaped = str(parsed.password).replace("\\", "\\\\").replace(":", "\\:")
            passwords.write(f"*:*:*:*:{escaped}\n")
            passwords.flush()
            parsed = parsed.update_query_dict({"passfile": passwords.name})
        # `set` would take a password of None for "as it was".
        plain = parsed._replace(drivername="postgresql", password=None)
        yield plain.render_as_string()


def _run(program: str, *arguments: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise StorageError(
            f"{program} is not installed: install PostgreSQL's client programs "
            "(postgresql-client), of the server's version or newer."
        )
    # The arguments are ours, but for a file that the operator named.
    done = subprocess.run(  # noqa: S603
        [found, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason given"]
        reason = next((line for line in said if "error:" in line), said[-1])
        raise StorageError(f"{program} failed: {reason}")
    return done.stdout
