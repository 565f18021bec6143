"""The laws of a campaign under random pauses, edits, kills and restarts, a short drive each."""

import pytest

from storage.engine import Store
from storage.work import Clock
from tests.rules.campaign_steps import START, drive


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_states_add_up_and_nobody_gets_it_twice(sqlite_url: str, seed: int) -> None:
    """Three hundred steps on three hundred people; `make soak` does ten thousand on as many."""
    clock = Clock(START)
    store = Store(sqlite_url, clock)
    try:
        found = drive(store, clock, seed, people=300, steps=300)
    finally:
        store.close()

    assert found["arrived"] > 50
