"""Run this Slack alone: `python -m bot.playground.slack --port 8099`."""

import argparse
import asyncio
import json

from bot.playground.slack.cloud import SlackCloud
from bot.playground.slack.limits import Limits


async def serve(port: int, latency: float, unlimited: bool) -> None:
    cloud = SlackCloud(limits=Limits.off() if unlimited else Limits())
    cloud.faults.latency = latency
    await cloud.start(port=port)
    tokens = {"bot_token": cloud.bot_token, "app_token": cloud.app_token}
    ready = {"url": cloud.url, "api_url": cloud.api_url, **tokens}
    # One line, so that whoever started this process knows where it is and that it is ready.
    print(json.dumps({**ready, "signing_secret": cloud.signing_secret}), flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await cloud.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.playground.slack", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds added to every call")
    parser.add_argument("--unlimited", action="store_true", help="no rate limits")
    options = parser.parse_args()
    try:
        asyncio.run(serve(options.port, options.latency, options.unlimited))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
