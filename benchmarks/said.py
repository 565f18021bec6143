"""Updates as Telegram sends them: many customers who write, most of them not for the first time."""

import itertools
import random
from typing import Any

_update_ids = itertools.count(500_000_000)
_message_ids = itertools.count(1_000)

WORDS = (
    "Hi, my order {n} has not arrived yet, could you please have a look where it is?",
    "thanks!",
    "It says delivered on the tracking page, but nobody was here on Tuesday. Number {n}.",
    "Do you have the blue kettle in stock? I would take two of them for the office.",
    "你好，我的订单 {n} 还没有到，请帮我查一下。",
)


def update(person: int) -> dict[str, Any]:
    """One message of one customer, with the fields that a phone's user brings along."""
    number = next(_message_ids)
    who = {"id": person, "first_name": f"Person {person}", "last_name": "Example"}
    return {
        "update_id": next(_update_ids),
        "message": {
            "message_id": number,
            "from": {
                **who,
                "is_bot": False,
                "username": f"person_{person}",
                "language_code": "en",
            },
            "chat": {**who, "username": f"person_{person}", "type": "private"},
            "date": 1_795_000_000 + number,
            "text": WORDS[number % len(WORDS)].format(n=number),
        },
    }


class Crowd:
    """Customers by number; `strangers` of a hundred messages come from somebody new."""

    def __init__(self, size: int, strangers: int = 5, seed: int = 1) -> None:
        self.known = list(range(700_000_000, 700_000_000 + size))
        self._strangers = strangers
        self._dice = random.Random(seed)

    def first_messages(self) -> list[dict[str, Any]]:
        """Everybody says something."""
        return [update(person) for person in self.known]

    def says(self, count: int) -> list[dict[str, Any]]:
        """That many messages, in the order in which they come in."""
        return [update(self._somebody()) for _ in range(count)]

    def _somebody(self) -> int:
        if self._dice.randrange(100) < self._strangers:
            self.known.append(self.known[-1] + 1)
            return self.known[-1]
        return self._dice.choice(self.known)
