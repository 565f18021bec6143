"""Rapport as its own process: `python -m tests.kill.rapport`, with the environment as usual.

It is the product's own command line; only Slack's one message a second in a channel is lifted,
because these tests put hours of a team's work into seconds. Two words in a text are dangerous
when the environment says so, to have an update that no process survives.
"""

import os

from bot.__main__ import _serve
from handlers import router
from handlers.message import Incoming, Reply
from jobs.pace import Tempo
from storage.work import Work

DEADLY = os.environ.get("DEADLY_TEXT")

BUSY_TEAM = Tempo(eager=10_000.0, burst=10_000.0, calls_burst=10_000.0, calls_a_second=10_000.0)


def deadly(work: Work, incoming: Incoming) -> Reply | None:
    """Handle as usual, but for the one text that takes the process along."""
    if incoming.text == DEADLY:
        # Not by a signal: another thread might take it, and this one commit before that.
        os._exit(1)
    return router.answer(work, incoming)


def main() -> None:
    """Serve, as `rapport run` does."""
    _serve(tempo=BUSY_TEAM, handle=deadly if DEADLY else router.answer)


if __name__ == "__main__":
    main()
