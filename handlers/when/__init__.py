"""Dates as people say them, English and Chinese, found in a sentence, in local time."""

from handlers.when.reading import find, get_ready
from handlers.when.said import When

__all__ = ["When", "find", "get_ready"]
