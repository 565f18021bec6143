"""The look at all contacts for doubles: begun, written down bit by bit, gone on with.

It is due at night, and in between when so many came at once that they are not looked at one by one.
"""

import queue
import weakref
from datetime import timedelta
from functools import partial
from typing import Any

from handlers.actions.access import Permission, action
from handlers.actions.doubles import PROPOSED, propose
from storage.engine import connect
from storage.queries import doubles as pairs
from storage.queries.looking import Broken
from storage.queries.sweeping import Sweep
from storage.records import DoublesPass
from storage.work import Work

# Between which hours (UTC) it may begin, and how long after the one before: once in a night.
HOURS = range(2, 5)
BETWEEN = timedelta(hours=len(HOURS))
# So few are written down at a time that a customer's message, which may wait, hardly does.
AT_A_TIME = 20

_running: "weakref.WeakKeyDictionary[Any, Sweep]" = weakref.WeakKeyDictionary()


@action(Permission.SYSTEM)
def look_at_all(work: Work) -> bool:
    """Begin, go on or end; whether there is more to write down at once."""
    made = pairs.last_pass(work)
    sweep = _running.get(work.engine)
    if sweep is None:
        if made is None or made.finished_at is not None:
            if not _is_due(work, made):
                return False
            made = work.add(DoublesPass(started_at=work.now))
        # One that was interrupted goes on where it was.
        begin(work, made)
        return False
    if made is None:
        # What began it was undone.
        _running.pop(work.engine).stop()
        return False
    return _take(work, made, sweep)


def _is_due(work: Work, last: DoublesPass | None) -> bool:
    if work.now.hour not in HOURS:
        return False
    return last is None or work.now - last.started_at >= BETWEEN


@action(Permission.SYSTEM)
def begin_now(work: Work, since: int) -> bool:
    """Begin with those who came after a contact, whatever the hour; not while another goes on."""
    made = pairs.last_pass(work)
    if made is not None and made.finished_at is None:
        return False
    begin(work, work.add(DoublesPass(started_at=work.now)), since)
    return True


def begin(work: Work, made: DoublesPass, since: int = 0) -> None:
    """Have a thread look at everybody."""
    url = work.engine.url.render_as_string(hide_password=False)
    sweep = Sweep(partial(connect, url), work.now, PROPOSED, after=made.at_pair, since=since)
    _running[work.engine] = sweep
    sweep.start()


def _take(work: Work, made: DoublesPass, sweep: Sweep) -> bool:
    over, at = sweep.is_over, sweep.at
    if over and sweep.is_broken:
        # It is begun anew, from where it was, when the job is tried again.
        del _running[work.engine]
        raise Broken
    for _ in range(AT_A_TIME):
        try:
            a, b, verdict = sweep.found.get_nowait()
        except queue.Empty:
            made.contacts, made.pairs, made.at_pair = sweep.contacts, sweep.pairs, at
            if over:
                made.finished_at = work.now
                _running.pop(work.engine, None)
            return False
        if propose(work, a, b, verdict) is not None:
            made.found += 1
    return True
