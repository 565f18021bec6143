"""What the page is told: both clouds cut into parts, each reader getting those that changed."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

# A page shows the end of a conversation; the whole of a bulk run would only make the browser slow.
SHOWN_MESSAGES = 300

# Changes that come together are shown together; people do not see forty milliseconds. A workspace
# so full that cutting it takes long is looked at less often, so that the clouds keep their time.
COALESCE = 0.04
SHARE_OF_TIME = 0.2

# Sent one record at a time, so that a word to one person does not resend all people.
LISTS = {"people", "channels"}
TABLES = {"homes", "modals"}


class Cloud(Protocol):
    """What the page needs of a cloud to follow it."""

    def snapshot(self) -> dict[str, Any]: ...

    def listen(self, callback: Callable[[], None]) -> object: ...


def parts_of(name: str, snapshot: Mapping[str, Any]) -> dict[str, str]:
    """One cloud's snapshot as path ("telegram/people/7") to JSON text."""
    parts: dict[str, str] = {}
    for part, value in snapshot.items():
        if part in LISTS:
            for record in value:
                shown = {**record, "messages": record["messages"][-SHOWN_MESSAGES:]}
                parts[f"{name}/{part}/{record['id']}"] = json.dumps(shown, ensure_ascii=False)
        elif part in TABLES:
            for key, record in value.items():
                parts[f"{name}/{part}/{key}"] = json.dumps(record, ensure_ascii=False)
        else:
            parts[f"{name}/{part}"] = json.dumps(value, ensure_ascii=False)
    return parts


def changes(sent: Mapping[str, str], parts: Mapping[str, str]) -> str:
    """One JSON object of what differs, gone parts as null."""
    fresh = {path: text for path, text in parts.items() if sent.get(path) != text}
    fresh.update({path: "null" for path in sent if path not in parts})
    return "{" + ",".join(f"{json.dumps(path)}:{text}" for path, text in fresh.items()) + "}"


class Feed:
    """Follows the clouds and wakes its readers.

    Each reader keeps what it was sent, so a slow one skips the states in between instead of
    queueing them.
    """

    def __init__(self, clouds: Mapping[str, Cloud]) -> None:
        self._clouds = clouds
        self._readers: set[asyncio.Event] = set()
        self._parts: dict[str, str] | None = None
        self.pause = COALESCE
        self.closed = False
        for cloud in clouds.values():
            cloud.listen(self._change)

    def _change(self, *_what: object) -> None:
        self._parts = None
        self.wake()

    def wake(self) -> None:
        """Readers look when they next come round, for a change of a cloud or of the clock."""
        for reader in self._readers:
            reader.set()

    def close(self) -> None:
        """Lets every reader finish."""
        self.closed = True
        self.wake()

    def enter(self) -> asyncio.Event:
        """A new reader's bell."""
        bell = asyncio.Event()
        self._readers.add(bell)
        return bell

    def leave(self, bell: asyncio.Event) -> None:
        self._readers.discard(bell)

    def parts(self) -> dict[str, str]:
        """The present state of both clouds, cut once however many readers ask."""
        if self._parts is None:
            began = time.perf_counter()
            self._parts = {
                path: text
                for name, cloud in self._clouds.items()
                for path, text in parts_of(name, cloud.snapshot()).items()
            }
            self.pause = max(COALESCE, (time.perf_counter() - began) / SHARE_OF_TIME)
        return self._parts
