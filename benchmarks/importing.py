"""A million rows brought in, beside the bare driver writing the same rows into the same tables.

Ours reads a CSV, understands every value, asks for each row who it may be (phone, e-mail, number
elsewhere, name), writes customers with all that belongs to them, and what each row did, so that it
can be undone; it has a process of its own, whose largest size is `rss_mb`. The driver gets finished
tuples, by `executemany`, into a database of the same schema with the same durability.
`look_rows_per_s` is the look before: the same reading and asking, without the writing; `ratio`
counts both, `write_ratio` the writing alone.
"""

import csv
import json
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.made_names import Maker
from storage import schema
from storage.engine import PRAGMAS, Store

ROWS = 1_000_000
PIECE = 1000
TABLES = ("contacts", "identities", "contact_tags", "consents", "interactions")
CITIES = "Berlin Leeds Lyon Porto Graz Turin Ghent Malmo Tampere Brno".split()


async def measure(rows: int = ROWS) -> dict[str, Any]:
    """`ratio`, `rss_mb`, rows a second."""
    with tempfile.TemporaryDirectory(prefix="rapport-benchmark-") as name:
        folder = Path(name)
        file = folder / "customers.csv"
        made(file, rows)
        empty = folder / "empty.db"
        store = Store(f"sqlite:///{empty}")
        schema.upgrade(store.engine)
        store.close()
        ours, bare = folder / "ours.db", folder / "bare.db"
        shutil.copyfile(empty, ours)
        shutil.copyfile(empty, bare)
        found = child(file, ours)
        seconds = driver(ours, bare)
        whole = found["seconds"] + found["look_seconds"]
        return {
            "ratio": round(seconds / whole, 3),
            "write_ratio": round(seconds / found["seconds"], 3),
            "rss_mb": found["rss_mb"],
            "rows_per_s": round(rows / found["seconds"]),
            "bare_rows_per_s": round(rows / seconds),
            "look_rows_per_s": round(rows / found["look_seconds"]),
            "created": found["counts"].get("created", 0),
            "bad": found["counts"].get("bad", 0),
            "rows": rows,
        }


def made(file: Path, rows: int) -> None:
    """A table as people have them: most rows are good, one of a hundred is not."""
    chance = random.Random(7)
    names = Maker().names(rows)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(
            ["Name", "Company", "Phone", "Email", "Birthday", "City", "Tags", "Marketing"]
        )
        for number, name in enumerate(names):
            local = f"151{number:08d}"
            phone = f"+49 {local[:3]} {local[3:]}" if number % 2 else f"+49{local}"
            writer.writerow(
                [
                    name,
                    f"Firm {number % 5000}" if number % 3 == 0 else "",
                    "12" if number % 100 == 99 else phone,
                    f"person.{number}@example{number % 500}.org",
                    f"{chance.randint(1950, 2005)}-{chance.randint(1, 12):02}-15",
                    CITIES[number % 10],
                    "vip, north" if number % 5 == 0 else "",
                    "yes" if number % 4 == 0 else "",
                ]
            )


def child(file: Path, database: Path) -> dict[str, Any]:
    """Import in a process of its own."""
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.importing", str(file), f"sqlite:///{database}"],
        check=True,
        stdout=subprocess.PIPE,
    )
    found: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return found


def imported(file: Path, url: str) -> dict[str, Any]:
    """What it took, in this process."""
    from bot import importing

    store = Store(url)
    wish = importing.Wish(file)
    began = time.perf_counter()
    look = importing.looked(store, wish, lambda _done, _total: None)
    looked = time.perf_counter()
    record = importing.carried_out(store, wish, look, lambda _done, _total: None)
    ended = time.perf_counter()
    store.close()
    return {
        "look_seconds": looked - began,
        "seconds": ended - looked,
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "counts": record.counts,
    }


def driver(filled: Path, bare: Path) -> float:
    """Seconds for the bare driver to write the rows that stand in the filled database."""
    source = sqlite3.connect(filled)
    target = sqlite3.connect(bare, isolation_level=None)
    for pragma in PRAGMAS:
        target.execute(pragma)
    seconds = 0.0
    for table in TABLES:
        cursor = source.execute(f"SELECT * FROM {table} ORDER BY id")
        marks = ",".join("?" * len(cursor.description))
        while rows := cursor.fetchmany(PIECE):
            began = time.perf_counter()
            target.execute("BEGIN IMMEDIATE")
            target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            target.execute("COMMIT")
            seconds += time.perf_counter() - began
    source.close()
    target.close()
    return seconds


if __name__ == "__main__":
    print(json.dumps(imported(Path(sys.argv[1]), sys.argv[2])))
