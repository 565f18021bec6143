"""Rapport as its own process: `python -m tests.kill.rapport`, with the environment as usual.

It is the product's own command line; only Slack's one message a second in a channel is lifted,
because these tests put hours of a team's work into seconds. Two words in a text are dangerous
when the environment says so, to have an update that no process survives.
"""

import os
import signal
import sys

from handlers import router
from handlers.message import Incoming, Reply
from jobs.pace import SlackPace
from storage.work import Work

DEADLY = os.environ.get("DEADLY_TEXT")

_answer = router.answer


def deadly(work: Work, incoming: Incoming) -> Reply | None:
    """Handle as usual, but for the one text that takes the process along."""
    if incoming.text == DEADLY:
        os.kill(os.getpid(), signal.SIGABRT)
    return _answer(work, incoming)


def main() -> None:
    """Serve, as `rapport run` does."""
    for name in ("BURST", "CALLS_BURST", "CALLS_A_SECOND"):
        setattr(SlackPace, name, 10_000.0)
    if DEADLY:
        router.answer = deadly
    from bot.__main__ import main as command_line

    sys.argv = ["rapport", "run"]
    command_line()


if __name__ == "__main__":
    main()
