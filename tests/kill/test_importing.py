"""The process is killed in the middle of a file: it goes on, nobody is there twice or half."""

import asyncio
import base64
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlmodel import select

from storage.engine import Store
from storage.records import Import
from storage.work import Work
from tests.kill.processes import Clouds, clouds

ROWS = 6000


def _file(tmp_path: Path) -> Path:
    file = tmp_path / "many.csv"
    rows = [
        f"Person {n},+49170{n:07},p{n}@example.org,vip,yes,note {n}" for n in range(1, ROWS + 1)
    ]
    file.write_text("\n".join(["Name,Phone,Email,Tags,Marketing,Note", *rows]), encoding="utf-8")
    return file


def _begin(url: str, *line: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "import", *line],
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _count(database: Path, table: str) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _killed_in_the_middle(url: str, database: Path, *line: str) -> int:
    """Kill it once it writes; how many customers are there then."""
    process = _begin(url, *line)
    deadline = time.monotonic() + 90
    wal = database.with_name(database.name + "-wal")
    size = wal.stat().st_size if wal.exists() else 0
    while time.monotonic() < deadline and process.poll() is None:
        if wal.exists() and wal.stat().st_size > size + 2_000_000:
            break
        time.sleep(0.005)
    assert process.poll() is None, "it was too quick to be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()
    return _count(database, "contacts")


@pytest.mark.timeout(240)
def test_good_rows_go_on_where_they_were_broken_off(sqlite_url: str, tmp_path: Path) -> None:
    """The same command again writes what is missing, each row once."""
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    file = _file(tmp_path)
    there = _killed_in_the_middle(sqlite_url, database, str(file), "--yes")
    assert there % 1000 == 0 and there < ROWS

    assert _begin(sqlite_url, str(file), "--yes").wait() == 0
    assert _count(database, "contacts") == ROWS
    assert _count(database, "identities") == 2 * ROWS
    assert _count(database, "contact_tags") == _count(database, "interactions") == ROWS
    assert _count(database, "imports") == 1


@pytest.mark.timeout(240)
def test_all_or_nothing_leaves_nothing(sqlite_url: str, tmp_path: Path) -> None:
    """All of it or not a row, whenever it is killed."""
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    file = _file(tmp_path)
    there = _killed_in_the_middle(sqlite_url, database, str(file), "--yes", "--all-or-nothing")
    # The log grows at the very end, so the kill may come a moment after the commit.
    assert there in (0, ROWS)
    assert _count(database, "imports") == _count(database, "import_rows") // ROWS == there // ROWS

    if not there:
        assert _begin(sqlite_url, str(file), "--yes", "--all-or-nothing").wait() == 0
    assert _count(database, "contacts") == ROWS


def _state(work: Work) -> tuple[str, int]:
    record = work.first(select(Import))
    return (record.state, record.done) if record is not None else ("", 0)


async def _until(store: Store, state: str, done: int = 0) -> None:
    """Wait until the import stands so, and that many of its rows are written."""
    async with asyncio.timeout(120):
        while True:
            is_so, written = await asyncio.to_thread(store.read, _state)
            if is_so == state and written >= done:
                return
            await asyncio.sleep(0.02)


@pytest.mark.timeout(300)
async def test_the_service_goes_on_with_a_file_from_slack(sqlite_url: str, tmp_path: Path) -> None:
    """Killed in the middle: the next process writes the rest, and its card says so."""
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    store = Store(sqlite_url)
    data = base64.b64encode(_file(tmp_path).read_bytes()).decode()
    try:
        async with clouds(tmp_path, rate=30) as both:
            mia = (await both.slack.does("member", name="mia", real_name="Mia", admin=True))["id"]
            first = await both.house(sqlite_url)
            await first.listens()
            await both.slack.does("upload", member="mia", channel=mia, name="many.csv", data=data)
            await _until(store, "ready")
            entries = await _cards(both)
            await both.slack.does(
                "press", member="mia", label="Import good rows", channel=mia, ts=entries[-1]
            )
            await _until(store, "running", 200)
            await first.killed()
            there = _count(database, "contacts")
            second = await both.house(sqlite_url)
            await second.listens()
            await _until(store, "done", ROWS)
            words = both.log.read_text("utf-8", "replace")
    finally:
        store.close()

    assert 200 <= there < ROWS
    assert _count(database, "contacts") == ROWS == _count(database, "import_rows")
    assert _count(database, "identities") == 2 * ROWS
    assert _count(database, "interactions") == ROWS and _count(database, "import_pieces") == 0
    assert "Traceback" not in words


async def _cards(both: Clouds) -> list[str]:
    """Where the import's card stands, once it shows what is in the file."""
    async with asyncio.timeout(30):
        while True:
            found = (await both.slack.ledger())["entries"]
            ready = [each["ts"] for each in found if "Import good rows" in json.dumps(each)]
            if ready:
                return ready
            await asyncio.sleep(0.05)
