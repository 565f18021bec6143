"""What comes in: kept first, then handled in one transaction, in order within a chat.

This is one of the two places that turn errors into words (the other runs the jobs). A rule's no
(Refused) becomes a sentence; everything unexpected is a bug: logged once under the row's number,
tried three times, then put aside for an admin, while the chat goes on.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from bot.crossing import read, write
from handlers import router
from handlers.actions import inbox, reactions
from handlers.message import Incoming, Reply
from storage.engine import Store
from storage.errors import Busy, Duplicate, Refused, Stale
from storage.records import MOST_TRIES, InboxRow, InboxState
from storage.work import Work

log = logging.getLogger(__name__)

# So many chats are handled side by side.
SIDE_BY_SIDE = 128
SUSPECTS_SIDE_BY_SIDE = 8
SECONDS_TO_STOP = 10.0
SECONDS_BETWEEN_TRIES = 0.5
SECONDS_WHEN_BUSY = 1.0
WAITS_UNTIL_SAID = 30
SECONDS_BEHIND_OTHERS = 0.1
# A row that two processes did not survive waits until this one has run so long: meanwhile all
# others are handled, and whoever kills us at random hardly ever hits the moment of its third try.
SECONDS_OF_QUIET = 5.0


class Unreadable(Exception):
    """What came in cannot be understood, today or tomorrow."""


class NotNow(Exception):
    """The platform must be asked first and does not answer; try again in a moment."""


class _NotYet(Exception):
    """Something else comes first: an earlier row of the chat, a line's place, quiet seconds."""


class Door(Protocol):
    """What the inbox needs of a platform."""

    name: str

    async def read(self, raw: bytes) -> Incoming:
        """Understand what came in. Raises Unreadable or NotNow."""

    async def answer(self, incoming: Incoming, reply: Reply | None) -> None:
        """Answer whoever asked; called after the commit, and never raises."""


# Rows to be kept, and who waits for those of them that were new.
_Arriving = tuple[Sequence[InboxRow], "asyncio.Future[list[InboxRow]]"]


# What is done about something that was said.
Handler = Callable[[Work, Incoming], Reply | None]


class Inbox:
    """Keeps what comes in and has it handled."""

    def __init__(self, store: Store, owner: str, handle: Handler = router.answer) -> None:
        self.owner = owner
        self._store = store
        self._handle = handle
        self._doors: dict[str, Door] = {}
        self._chats: dict[str, deque[InboxRow]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        # Rows that are being handled or wait for it.
        self._waiting = 0
        # Chats of which nothing is being handled, in the order in which they get a place.
        self._turns: deque[str] = deque()
        self._places_taken = 0
        self._answers: dict[int, asyncio.Future[Reply | None]] = {}
        self._arriving: list[_Arriving] = []
        self._keeping: asyncio.Task[None] | None = None
        # Rows that another process left behind; one of them may be what ended it.
        self._suspects: set[int] = set()
        self._few_suspects = asyncio.Semaphore(SUSPECTS_SIDE_BY_SIDE)
        self._one_suspect = asyncio.Semaphore(1)
        self._quiet_at = time.monotonic() + SECONDS_OF_QUIET
        self._stopping = False

    def open(self, door: Door) -> None:
        """Handle what comes in through this door."""
        self._doors[door.name] = door

    async def keep(self, rows: Sequence[InboxRow]) -> list[InboxRow]:
        """Store rows; when this returns they are on disk. Those that were new are handled soon.

        Raises Busy when the database cannot take them: then nothing may be confirmed.
        """
        answer: asyncio.Future[list[InboxRow]] = asyncio.get_running_loop().create_future()
        self._arriving.append((rows, answer))
        if self._keeping is None or self._keeping.done():
            self._keeping = self._begin(self._keep_arriving())
        return await answer

    async def _keep_arriving(self) -> None:
        """Store what arrived while the last was stored: one question and one insert for all."""
        while self._arriving:
            together, self._arriving = self._arriving, []
            await self._keep_or_refuse(together)

    async def _keep_or_refuse(self, together: list[_Arriving]) -> None:
        rows = [row for some, _ in together for row in some]
        while True:
            kept = self._store.ask(lambda work: inbox.keep(work, rows))
            await asyncio.wait([kept])
            failure = kept.exception()
            if not isinstance(failure, Duplicate):
                break
            # Another process took one of them between our look and our insert.
        if failure is None:
            self._tell_kept(together, kept.result())
        elif len(together) == 1 or isinstance(failure, Busy):
            for _, answer in together:
                if not answer.done():
                    answer.set_exception(failure)
        else:
            # One of them cannot be stored; the others can.
            for each in together:
                await self._keep_or_refuse([each])

    def _tell_kept(self, together: list[_Arriving], new: list[InboxRow]) -> None:
        for row in new:
            self.handle_soon(row)
        ids = {row.id for row in new}
        for some, answer in together:
            if not answer.done():
                answer.set_result([row for row in some if row.id in ids])

    async def keep_and_wait(self, row: InboxRow, seconds: float) -> Reply | None:
        """Store a row and wait for what is answered to it; None when that takes longer."""
        answer: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        self._answers[row.id] = answer
        try:
            if not await self.keep([row]):
                return None
            return await asyncio.wait_for(answer, seconds)
        except TimeoutError:
            return None
        finally:
            self._answers.pop(row.id, None)

    def handle_soon(self, row: InboxRow) -> None:
        """Put a kept row behind the others of its chat."""
        self._waiting += 1
        rows = self._chats.get(row.chat_key)
        if rows is not None:
            rows.append(row)
            return
        self._chats[row.chat_key] = deque([row])
        self._give_turn(row.chat_key)

    def _give_turn(self, chat_key: str) -> None:
        """Put a chat behind the others that wait for a place."""
        self._turns.append(chat_key)
        if self._places_taken < SIDE_BY_SIDE:
            self._places_taken += 1
            self._begin(self._take_turns())

    def _begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def take_over(self, row: InboxRow) -> None:
        """Handle what another process left behind, at its place among the rows of its chat."""
        self._suspects.add(row.id)
        self.handle_soon(row)
        waiting = self._chats[row.chat_key]
        if len(waiting) > 1:
            in_order = sorted(waiting, key=lambda each: each.id)
            waiting.clear()
            waiting.extend(in_order)

    @property
    def busy(self) -> int:
        """How many rows are being handled or wait for it."""
        return self._waiting

    async def stop(self) -> None:
        """Finish what is being handled; what waits stays in the table for the next start."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=SECONDS_TO_STOP)

    async def _take_turns(self) -> None:
        """One of the places: a row of one chat, then of the next, as long as any wait."""
        try:
            while self._turns and not self._stopping:
                chat_key = self._turns.popleft()
                row = self._chats[chat_key][0]
                if row.id in self._suspects:
                    self._begin(self._suspect(chat_key, row))
                elif await self._first(chat_key, row):
                    self._turns.append(chat_key)
        finally:
            self._places_taken -= 1

    async def _suspect(self, chat_key: str, row: InboxRow) -> None:
        """Suspects have places of their own: they do not stand in the way of what comes in now."""
        last_try = row.tries + 1 >= MOST_TRIES
        async with self._one_suspect if last_try else self._few_suspects:
            if not self._stopping and await self._first(chat_key, row):
                self._give_turn(chat_key)

    async def _first(self, chat_key: str, row: InboxRow) -> bool:
        """Handle what is first in a chat; whether the chat wants another turn for what follows."""
        try:
            await self._row(row)
        except _NotYet:
            loop = asyncio.get_running_loop()
            loop.call_later(SECONDS_BEHIND_OTHERS, self._give_turn, chat_key)
            return False
        except Exception:
            # Not even its failure could be noted. The row stays in the table; the chat goes on.
            log.exception("inbox %s is left for the next start", row.id)
        rows = self._chats[chat_key]
        # Not always the first any more: what was taken over meanwhile stands before it.
        rows.remove(row)
        self._waiting -= 1
        if not rows:
            del self._chats[chat_key]
        return bool(rows)

    async def _row(self, row: InboxRow) -> None:
        """Handle one row to its end: done, or dead. Raises _NotYet when others come first."""
        if row.id in self._suspects and row.tries > 1 and time.monotonic() < self._quiet_at:
            raise _NotYet
        waits = 0
        while not self._stopping:
            incoming: Incoming | None = None
            try:
                incoming = await self._doors[row.door].read(row.raw)
                if row.id in self._suspects:
                    reply = await self._handled_alone(row, incoming)
                else:
                    reply = await self._handled(row, incoming)
            except (Busy, NotNow) as reason:
                waits += 1
                # A platform that is asked in vain for long is not passed over in silence.
                is_news = isinstance(reason, Busy) or waits % WAITS_UNTIL_SAID == 0
                level = logging.WARNING if is_news else logging.DEBUG
                # What a database says may hold what people wrote; a door only names an error.
                why = type(reason).__name__ if isinstance(reason, Busy) else f"NotNow: {reason}"
                log.log(level, "inbox %s waits: %s", row.id, why)
                await asyncio.sleep(SECONDS_WHEN_BUSY)
                continue
            except Stale:
                if await self._is_mine(row):
                    # Something else that it concerns was changed at the same time, again and again.
                    await asyncio.sleep(SECONDS_BETWEEN_TRIES)
                    continue
                log.warning("inbox %s was taken by another process", row.id)
                return
            except _NotYet:
                raise
            except Exception as failure:  # noqa: BLE001 (one of the two places, see above)
                if await self._failed(row, incoming, failure):
                    return
                await asyncio.sleep(SECONDS_BETWEEN_TRIES)
                continue
            await self._answer(row, incoming, reply)
            return

    async def _handled(self, row: InboxRow, incoming: Incoming) -> Reply | None:
        """The effects and `done` are one transaction; a rule's no rolls back all but `done`."""

        def handle(work: Work) -> Reply | None:
            if inbox.must_wait(work, row) or reactions.is_early(work, incoming, row.received_at):
                raise _NotYet
            reply = self._handle(work, incoming)
            inbox.mark_done(work, row)
            return reply

        try:
            if router.only_looks(incoming):
                could, seen = await read(self._store, lambda work: router.look(work, incoming))
                if could:
                    await write(self._store, lambda work: inbox.mark_done(work, row))
                    return seen
            return await write(self._store, handle)
        except Refused as refused:
            said_no = refused
            return await write(self._store, lambda work: self._refuse(work, row, incoming, said_no))

    def _refuse(
        self, work: Work, row: InboxRow, incoming: Incoming, refused: Refused
    ) -> Reply | None:
        inbox.mark_done(work, row)
        return router.refusal(work, incoming, refused)

    async def _handled_alone(self, row: InboxRow, incoming: Incoming) -> Reply | None:
        """Handle a row that may be what ended another process.

        The try is noted before the work. Few such rows are in hand at a time, and only one in its
        last try: whoever comes after us must not blame the others for what one of them does.
        """
        kept = row

        def begin(work: Work) -> None:
            nonlocal kept
            if inbox.must_wait(work, row) or reactions.is_early(work, incoming, row.received_at):
                raise _NotYet
            kept = inbox.begin(work, row)

        def handle(work: Work) -> Reply | None:
            reply = self._handle(work, incoming)
            inbox.mark_done(work, kept)
            return reply

        try:
            return await self._store.ask_after(begin, handle)
        except Refused as refused:
            said_no = refused
            return await write(
                self._store, lambda work: self._refuse(work, kept, incoming, said_no)
            )
        finally:
            if kept is not row:
                row.__dict__.update(kept.content())
                self._suspects.discard(row.id)

    async def _is_mine(self, row: InboxRow) -> bool:
        try:
            return await write(self._store, lambda work: inbox.is_as_it_was(work, row))
        except Busy:
            # Then the next try will tell.
            return True

    async def _failed(self, row: InboxRow, incoming: Incoming | None, failure: Exception) -> bool:
        """Note a failure; whether the row is dead now."""
        hopeless = isinstance(failure, Unreadable)
        # Where it broke, and never what was said.
        reason = str(failure) if hopeless else type(failure).__name__
        log.error("inbox %s failed: %s", row.id, reason, exc_info=None if hopeless else failure)

        def note(work: Work) -> InboxRow:
            if hopeless:
                work.sure(InboxRow, row.id).tries = MOST_TRIES
            return inbox.note_failure(work, row.id, reason)

        try:
            noted = await write(self._store, note)
        except (Busy, Stale) as trouble:
            log.warning("inbox %s failed, and %s", row.id, type(trouble).__name__)
            return False
        # What is handled from here on is the row as it stands now.
        row.__dict__.update(noted.content())
        if noted.state is not InboxState.DEAD:
            return False
        if incoming is not None:
            number = row.id
            sorry = await write(self._store, lambda work: router.apology(work, incoming, number))
            await self._answer(row, incoming, sorry)
        return True

    async def _answer(self, row: InboxRow, incoming: Incoming, reply: Reply | None) -> None:
        waiter = self._answers.get(row.id)
        if waiter is not None and not waiter.done():
            waiter.set_result(reply)
            if reply is None or reply.wrong:
                return
        await self._doors[row.door].answer(incoming, reply)
