"""Runs the Telegram cloud alone: `python -m bot.playground.telegram --port 8081`."""

import argparse
import asyncio
import gc
import json
import signal

from bot.playground.telegram.cloud import DEMO_TOKEN, TelegramCloud
from bot.playground.telegram.limits import Limits


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.playground.telegram", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--token", default=DEMO_TOKEN)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds added to each call")
    parser.add_argument("--per-second", type=int, default=30, help="0 switches every limit off")
    parser.add_argument("--per-chat-second", type=float, default=1.0)
    parser.add_argument("--chat-burst", type=int, default=3)
    return parser.parse_args()


async def run(chosen: argparse.Namespace) -> None:
    limits = None
    if chosen.per_second:
        limits = Limits(chosen.per_second, chosen.per_chat_second or None, chosen.chat_burst)
    cloud = TelegramCloud(token=chosen.token, limits=limits)
    cloud.faults.latency = chosen.latency
    await cloud.start(chosen.host, chosen.port)
    ready = {"url": cloud.url, "base_url": f"{cloud.url}/bot", "token": cloud.token}
    print(json.dumps(ready), flush=True)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
    await cloud.stop()


if __name__ == "__main__":
    # A long run keeps every message alive; looking through them again and again for rubbish
    # would slow the cloud down as it fills.
    gc.set_threshold(100_000, 50, 100)
    asyncio.run(run(arguments()))
