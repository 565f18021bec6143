"""Long questions, answered beside the writer: in a thread, on a connection that only reads.

Whoever asks in a transaction does not wait there, but comes again until the answer is there.
"""

from collections.abc import Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from storage.engine import connect
from storage.work import Piece, Transaction, Work

T = TypeVar("T")

# What is being answered for each database, by what it is about.
_asked: WeakKeyDictionary[Any, dict[Hashable, Future[Any]]] = WeakKeyDictionary()
# Two at once: each reads as fast as the disk gives.
_beside = ThreadPoolExecutor(2, "aside")


def answered(work: Work, about: Hashable, piece: Piece[T]) -> T | None:
    """What a piece finds that only reads; None while it is being looked for.

    It sees the moment at which it was asked first. The answer is given once: who asks again after
    that has it looked for anew. Raises what the piece raised.
    """
    asked = _asked.setdefault(work.engine, {})
    question = asked.get(about)
    if question is None:
        url = work.engine.url.render_as_string(hide_password=False)
        asked[about] = _beside.submit(_answer, url, work.now, piece)
        return None
    if not question.done():
        return None
    answer: T = asked.pop(about).result()
    return answer


def _answer(url: str, now: datetime, piece: Piece[T]) -> T:
    # A connection of its own: the writer's begins with taking the lock.
    engine = connect(url)
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            answer = piece(Work(Transaction(connection), now))
            transaction.rollback()
            return answer
    finally:
        engine.dispose()
