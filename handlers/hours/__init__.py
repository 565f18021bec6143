"""Opening hours: sums over working time, and how people write them; knows nothing of the rest."""

from handlers.hours.said import Said, Unclear, leading_times, read, read_times
from handlers.hours.week import ALWAYS, DAY, Block, Hours, Opened, first_instant

__all__ = [
    "ALWAYS",
    "DAY",
    "Block",
    "Hours",
    "Opened",
    "Said",
    "Unclear",
    "first_instant",
    "leading_times",
    "read",
    "read_times",
]
