"""From nothing to ready, beside importing the bare libraries; and how much memory that takes."""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import clouds

ROUNDS = 5
BARE = (
    "import telegram.ext, slack_bolt.async_app, sqlmodel, rapidfuzz, apscheduler.schedulers.asyncio"
)


async def measure() -> dict[str, Any]:
    """`ready_s`, `import_ratio` beside the bare imports, `rss_mb`, and `help_s` of `--help`."""
    async with clouds.telegram() as telegram, clouds.slack() as slack:
        with tempfile.TemporaryDirectory(prefix="rapport-benchmark-") as folder:
            environment = clouds.environment(
                TELEGRAM_BOT_TOKEN=telegram.facts["token"],
                TELEGRAM_API_URL=telegram.facts["url"],
                SLACK_BOT_TOKEN=slack.facts["bot_token"],
                SLACK_APP_TOKEN=slack.facts["app_token"],
                SLACK_API_URL=slack.facts["api_url"],
                DATABASE_URL=f"sqlite:///{Path(folder) / 'rapport.db'}",
                WEB_PORT="0",
            )
            await run_once(environment)
            rounds = []
            for _ in range(ROUNDS):
                bare = await ended("-c", BARE, environment=environment)
                ready, memory = await run_once(environment)
                helped = await ended("-m", "bot", "--help", environment=environment)
                rounds.append((ready, ready / bare, memory, helped))
    ready_s, ratio, rss, help_s = (
        statistics.median(column) for column in zip(*rounds, strict=True)
    )
    return {
        "ready_s": round(ready_s, 2),
        "import_ratio": round(ratio, 2),
        "rss_mb": round(rss),
        "help_s": round(help_s, 2),
    }


async def ended(*arguments: str, environment: dict[str, str]) -> float:
    """Seconds that a child takes from its start to its end."""
    started = time.perf_counter()
    child = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    assert await child.wait() == 0
    return time.perf_counter() - started


async def run_once(environment: dict[str, str]) -> tuple[float, float]:
    """Seconds until a Rapport says that it runs, and its megabytes two seconds later."""
    started = time.perf_counter()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, stderr=asyncio.subprocess.PIPE
    )
    assert child.stderr is not None
    async for line in child.stderr:
        if b"is running" in line:
            break
    ready = time.perf_counter() - started
    await asyncio.sleep(2)
    status = Path(f"/proc/{child.pid}/status").read_text("utf-8")
    memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    child.terminate()
    await child.wait()
    return ready, memory / 1024
