"""Telegram: how updates come in, how replies look there, how they are sent."""

import os

# The library's own switch: lengths of time are timedeltas, as they all will be in its next major
# version. Without it each voice message and each rate limit warns.
os.environ.setdefault("PTB_TIMEDELTA", "true")  # noqa: TID251
