"""The long run: `python -m tests.kill --kills 100 --updates 10000 --recipients 2000`."""

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from storage import schema
from storage.engine import connect
from tests.kill.run import Plan, killed_often


def main() -> int:
    """Run, print one JSON object, and say by the exit code whether all is well."""
    parser = argparse.ArgumentParser(prog="python -m tests.kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--recipients", type=int, default=2_000)
    parser.add_argument("--updates-a-second", type=float, default=50.0)
    parser.add_argument("--rate", type=float, default=30.0, help="messages a second in Telegram")
    parser.add_argument("--writers", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database-url", help="an empty PostgreSQL database; else a new file")
    parser.add_argument("--log", action="store_true", help="also what the processes wrote")
    chosen = parser.parse_args()
    plan = Plan(
        chosen.kills,
        chosen.updates,
        chosen.recipients,
        rate=chosen.rate,
        writers=chosen.writers,
        updates_a_second=chosen.updates_a_second,
        seed=chosen.seed,
    )
    with tempfile.TemporaryDirectory(prefix="rapport-kill-") as folder:
        url = chosen.database_url or f"sqlite:///{folder}/rapport.db"
        engine = connect(url, "BEGIN IMMEDIATE")
        schema.upgrade(engine)
        engine.dispose()
        log = Path(folder) / "rapport.log"
        try:
            report = asyncio.run(killed_often(plan, url, Path(folder)))
        except AssertionError:
            sys.stderr.write(log.read_text("utf-8", "replace")[-200_000:])
            raise
        if report.wrong or chosen.log:
            sys.stderr.write(log.read_text("utf-8", "replace")[-200_000:])
    print(json.dumps(report.counts | {"wrong": report.wrong}, indent=2))  # noqa: T201
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
