"""The one place where the event loop and the plain functions below it meet."""

import asyncio
from typing import TypeVar

from storage.engine import Store
from storage.work import SYSTEM, Actor, Piece

T = TypeVar("T")


async def write(store: Store, piece: Piece[T], actor: Actor = SYSTEM) -> T:
    """Have a piece of work done by the writer; answers after its commit."""
    return await store.ask(piece, actor)


async def read(store: Store, piece: Piece[T], actor: Actor = SYSTEM) -> T:
    """Have a question answered on a reading connection, in a thread."""
    return await asyncio.to_thread(store.read, piece, actor)
