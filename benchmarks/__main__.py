"""`python -m benchmarks NAME [--json]`; `all` runs one after the other."""

import argparse
import asyncio
import importlib
import json
import logging

NAMES = (
    "inbound",
    "webhook",
    "slack",
    "outbound",
    "campaign",
    "start",
    "desk",
    "understanding",
    "search",
    "doubles",
    "import",
    "reminders",
    "rfm",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", default="all", choices=(*NAMES, "all"))
    parser.add_argument("--json", action="store_true", help="one JSON object instead of words")
    parser.add_argument("--rows", type=int, help="how many to bring in")
    parser.add_argument("--people", type=int, help="how many to search or to freeze")
    parser.add_argument("--orders", type=int, help="how many orders to compare customers by")
    parser.add_argument("--postgres", action="store_true", help="search: beside pg_trgm, too")
    parser.add_argument("--seed", type=int, help="search: among other people")
    chosen = parser.parse_args()
    # A log line a message would be measured too; in earnest there is none.
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    found = {}
    for name in NAMES if chosen.name == "all" else (chosen.name,):
        # A module cannot well be called "import".
        module = "importing" if name == "import" else name
        benchmark = importlib.import_module(f"benchmarks.{module}")
        counted = name in ("search", "campaign", "doubles") and chosen.people
        given: dict[str, int] = {"people": chosen.people} if counted else {}
        if name == "search" and chosen.postgres:
            given["postgres"] = True
        if name == "search" and chosen.seed:
            given["seed"] = chosen.seed
        if name == "rfm" and chosen.orders:
            given = {"orders": chosen.orders}
        if name == "import" and chosen.rows:
            given = {"rows": chosen.rows}
        found[name] = asyncio.run(benchmark.measure(**given))
        if not chosen.json:
            figures = ", ".join(f"{key} {value}" for key, value in found[name].items())
            print(f"{name}: {figures}", flush=True)
    if chosen.json:
        print(json.dumps(found if chosen.name == "all" else found[chosen.name]))


if __name__ == "__main__":
    main()
