"""A small Telegram on loopback: the real Bot API over HTTP, with people who write and read."""

from bot.playground.telegram.cloud import TelegramCloud
from bot.playground.telegram.faults import Fault, Faults
from bot.playground.telegram.ledger import Delivery, Ledger
from bot.playground.telegram.limits import Limits
from bot.playground.telegram.messages import Button, Media, Message
from bot.playground.telegram.people import Person

__all__ = [
    "Button",
    "Delivery",
    "Fault",
    "Faults",
    "Ledger",
    "Limits",
    "Media",
    "Message",
    "Person",
    "TelegramCloud",
]
