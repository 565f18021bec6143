"""Those who came lately, compared with everybody: a few one by one, many in one look at all.

To search for one name costs as much as to gather the keys of a hundred contacts, so beyond one in a
hundred the look at all is the cheaper one. Either is done in a thread of its own, and the writer
only notes what was found. While a file is being written nobody is looked at: afterwards it is one
look.
"""

import queue
import weakref
from functools import partial
from typing import Any

from handlers.actions import imports, nightly_doubles
from handlers.actions.access import Permission, action
from handlers.actions.doubles import PROPOSED, propose
from storage.engine import connect
from storage.queries import doubles as pairs
from storage.queries import knowledge
from storage.queries.arrivals import REST, Arrivals
from storage.queries.looking import Broken
from storage.records import ImportState, ReadingMark
from storage.work import Work

# How far the contacts that came have been looked at.
MARK = "doubles"
# So many contacts are all looked at as if they had just come.
FEW = 1000
# So many, and one of so many contacts, are looked at one by one.
ONE_BY_ONE, ONE_OF = 200, 100
# So few are written down at a time that a customer's message, which may wait, hardly does.
AT_A_TIME = 10

_running: "weakref.WeakKeyDictionary[Any, Arrivals]" = weakref.WeakKeyDictionary()


@action(Permission.SYSTEM)
def look_at_new(work: Work) -> bool:
    """Begin to look at those who came, or note what was found; whether there is more to note."""
    mark = knowledge.mark(work, MARK)
    if mark is None:
        mark = work.add(ReadingMark(name=MARK, last_id=_begin_behind(work)))
    look = _running.get(work.engine)
    if look is not None:
        return _take(work, mark, look)
    if pairs.new_contacts(work, mark.last_id, 1) and not _is_being_written(work):
        _begin(work, mark)
    return False


def _begin_behind(work: Work) -> int:
    # A large book that was there before is gone through at night.
    several = len(pairs.new_contacts(work, 0, FEW)) == FEW
    return pairs.newest_contact(work) if several else 0


def _is_being_written(work: Work) -> bool:
    return any(each.state is ImportState.RUNNING for each in imports.under_way(work))


def _begin(work: Work, mark: ReadingMark) -> None:
    last = pairs.last_pass(work)
    many = max(ONE_BY_ONE, last.contacts // ONE_OF if last is not None else 0)
    if len(pairs.new_contacts(work, mark.last_id, many)) < many:
        url = work.engine.url.render_as_string(hide_password=False)
        look = Arrivals(partial(connect, url), work.now, PROPOSED, after=mark.last_id, rest=REST)
        _running[work.engine] = look
        look.start()
    elif nightly_doubles.begin_now(work, since=mark.last_id):
        mark.last_id = pairs.newest_contact(work)


def _take(work: Work, mark: ReadingMark, look: Arrivals) -> bool:
    is_over, at = look.is_over, look.at
    if is_over and look.is_broken:
        # It is begun anew, from where it was, when the job is tried again.
        del _running[work.engine]
        raise Broken
    for _ in range(AT_A_TIME):
        try:
            a, b, verdict = look.found.get_nowait()
        except queue.Empty:
            # Another process may have looked further.
            mark.last_id = max(mark.last_id, at)
            if is_over:
                del _running[work.engine]
            return False
        propose(work, a, b, verdict)
    return True
