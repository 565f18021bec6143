"""How soon an event of Slack's is on disk and acknowledged."""

import json
import time
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from benchmarks import clouds, house
from benchmarks.pairs import percentile
from bot.inbox import Inbox
from bot.slack.app import SlackDoor

EVENTS = 2_000


async def measure() -> dict[str, Any]:
    """`p99_ms` from Bolt's dispatch to its answer, one event at a time."""
    async with clouds.telegram() as telegram, clouds.slack() as slack:
        with house.store() as store:
            tokens = {
                "slack_bot_token": slack.facts["bot_token"],
                "slack_app_token": slack.facts["app_token"],
                "slack_api_url": slack.facts["api_url"],
            }
            inbox = Inbox(store, "benchmark")
            settings = house.settings_for(store, telegram.facts, **tokens)
            door = SlackDoor(settings, store, inbox)
            inbox.open(door)
            await door.start()
            took = [await acknowledged(door, number) for number in range(EVENTS)]
            await door.hear_no_more()
            await inbox.stop()
            await door.stop()
    took = took[100:]
    return {
        "p99_ms": round(percentile(took, 0.99), 2),
        "p50_ms": round(percentile(took, 0.5), 2),
        "events": len(took),
    }


async def acknowledged(door: SlackDoor, number: int) -> float:
    """Milliseconds until Bolt may say "received"."""
    assert door.app is not None
    ts = f"{1_795_000_000 + number}.000100"
    event = {"type": "message", "channel": "C1", "user": "U1", "text": "hello", "ts": ts}
    body = {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": f"Ev{number}",
        "event_time": 1_795_000_000,
        "event": event | {"channel_type": "channel"},
    }
    request = AsyncBoltRequest(body=json.dumps(body), mode="socket_mode")
    started = time.perf_counter()
    response = await door.app.async_dispatch(request)
    taken = (time.perf_counter() - started) * 1000
    assert response.status == 200
    return taken
