"""The disk says no for a while: nothing is confirmed that is not kept, and nothing is lost."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, func, select

from storage.engine import Store
from storage.records import Direction, Interaction
from storage.work import Work
from tests.kill.audit import audit
from tests.kill.people import People
from tests.kill.processes import clouds
from tests.kill.run import settled

UPDATES = 120


def _heard(work: Work) -> int:
    said = select(func.count()).where(col(Interaction.direction) == Direction.IN)
    return int(work.scalar(said))


def _kept(database: Path) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return int(connection.execute("SELECT count(*) FROM inbox").fetchone()[0])


@pytest.mark.timeout(180)
async def test_a_locked_database_confirms_nothing_and_loses_nothing(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Another process holds the write lock for longer than we wait for it, while people write."""
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    async with clouds(tmp_path, rate=30) as both:
        support = (await both.slack.does("channel", name="support"))["id"]
        people = People(both, support, 12)
        await people.arrive(0)
        house = await both.house(sqlite_url)
        await house.listens()
        await people.write(UPDATES // 3, 60)
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        held = _kept(database)
        await people.write(UPDATES // 3, 30)
        # Longer than the ten seconds for which SQLite itself waits.
        await asyncio.sleep(11)
        assert _kept(database) == held
        assert house.process.returncode is None, house.words()
        other.execute("ROLLBACK")
        other.close()
        await people.write(UPDATES // 3, 60)
        store = Store(sqlite_url)
        try:
            await _until_all_heard(store, people)
            await settled(store)
            report = audit(
                store, people.said, await both.telegram.ledger(), await both.slack.ledger()
            )
        finally:
            store.close()

    assert report.wrong == []


async def _until_all_heard(store: Store, people: People) -> None:
    wanted = sum(map(len, people.said.values()))
    async with asyncio.timeout(60):
        while await asyncio.to_thread(store.read, _heard) < wanted:
            await asyncio.sleep(0.1)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of sixteen megabytes."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can make a disk that is small enough to be full")
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place)],
        check=False,
        capture_output=True,
    )
    if made.returncode != 0:
        pytest.skip(f"no disk can be mounted here: {made.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.timeout(180)
async def test_a_full_disk_stops_nothing_for_good(
    sqlite_url: str, small_disk: Path, tmp_path: Path
) -> None:
    """While the disk is full nothing is confirmed; with room again everything goes on by itself."""
    database = small_disk / "rapport.db"
    shutil.copyfile(sqlite_url.removeprefix("sqlite:///"), database)
    url = f"sqlite:///{database}"
    async with clouds(tmp_path, rate=30) as both:
        support = (await both.slack.does("channel", name="support"))["id"]
        people = People(both, support, 12)
        await people.arrive(0)
        house = await both.house(url)
        await house.listens()
        await people.write(UPDATES // 3, 60)
        ballast = small_disk / "ballast"
        _fill(ballast)
        await people.write(UPDATES // 3, 30)
        await asyncio.sleep(3)
        assert house.process.returncode is None, house.words()
        ballast.unlink()
        await people.write(UPDATES // 3, 60)
        store = Store(url)
        try:
            await _until_all_heard(store, people)
            await settled(store)
            report = audit(
                store, people.said, await both.telegram.ledger(), await both.slack.ledger()
            )
            sound = store.read(_integrity)
        finally:
            store.close()
        said = both.log.read_text("utf-8", "replace")

    assert report.wrong == []
    assert sound == "ok"
    assert "database is busy" in said or "waits: Busy" in said


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 512):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)


def _integrity(work: Work) -> str:
    return str(work.execute(text("PRAGMA integrity_check")).scalar())
