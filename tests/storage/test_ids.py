"""Ids of one process: never twice, always growing, and without a gap where that was asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.columns import IN_A_ROW, Ids


@given(st.integers(0, 4095), st.lists(st.integers(1, IN_A_ROW), min_size=1, max_size=40))
def test_ids_in_a_row_are_nobody_elses(node: int, sizes: list[int]) -> None:
    """However many are asked for at once, each is greater than all before it, without a gap."""
    ids = Ids(node)
    last = 0
    for many in sizes:
        first = ids.next() if many == 1 else ids.in_a_row(many)
        assert first > last
        last = first + many - 1
        # All of them are of this process.
        assert {(each >> 10) & 4095 for each in (first, last)} == {node}
        assert first >> 22 == last >> 22


def test_too_many_in_a_row_are_refused() -> None:
    """They would go over into another process's ids."""
    with pytest.raises(ValueError, match="1025 ids"):
        Ids(7).in_a_row(IN_A_ROW + 1)
