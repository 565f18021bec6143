"""Who is compared with whom in a look at the whole book, and that the short way is the same way."""

import random
from collections import Counter
from contextlib import closing
from itertools import combinations, pairwise

import pytest

from benchmarks.made_people import MadePeople
from storage.doubles.blocking import KINDS
from storage.doubles.judging import judge_if_likely, judge_known
from storage.doubles.pairing import BLOCKS, NEIGHBOURS, Pairing
from storage.doubles.person import known


@pytest.mark.parametrize("people", [0, 1, 300, 40_000])
def test_all_who_share_a_key_are_paired_once_and_in_order(people: int) -> None:
    """Few are held in memory, many go by the disk; nobody else is paired."""
    dice = random.Random(people)
    ids = sorted(dice.sample(range(2**50, 2**50 + 10 * people + 2), people))
    said = {
        id: [(kind, dice.randrange(1, 2**64)) for kind in range(len(KINDS))]
        + [(dice.randrange(len(KINDS)), dice.randrange(people // 2 + 1) << 32)]
        for id in ids
    }
    sharing: dict[tuple[int, int], list[int]] = {}
    for id, keys in said.items():
        for key in keys:
            sharing.setdefault(key, []).append(id)
    wanted = {
        pair
        for (kind, _), block in sharing.items()
        if len(block) <= BLOCKS[kind]
        for pair in combinations(block, 2)
    }
    since = ids[people // 2] if ids else 0
    everybody, newcomers = _pairs(said, 0), _pairs(said, since)
    assert everybody == sorted(wanted)
    assert newcomers == [pair for pair in everybody if pair[1] > since]
    assert bool(newcomers) == (people > 1)


def test_of_a_crowd_only_neighbours_are_paired() -> None:
    """A thousand with one phone are not half a million pairs; where a key says little, none."""
    for kind, neighbours in enumerate(NEIGHBOURS):
        found = _pairs({id: [(kind, 7)] for id in range(1, 1001)}, 0)
        apart = Counter(later - former for former, later in found)
        assert apart == {each: 1000 - each for each in range(1, neighbours + 1)}


def _pairs(said: dict[int, list[tuple[int, int]]], since: int) -> list[tuple[int, int]]:
    with closing(Pairing()) as pairing:
        for id, keys in said.items():
            pairing.add(id, keys)
        return [pair for part in pairing.pairs(since) for pair in part]


@pytest.mark.parametrize("least", [0.5, 0.8, 0.95])
def test_the_short_way_to_a_verdict_is_the_same_verdict(least: float) -> None:
    """Names are left out only where they could not change it."""
    made = [(known(a), known(b)) for a, b, _ in MadePeople(5).pairs(1500)]
    strangers = [(one[0], other[1]) for one, other in pairwise(made)]
    for a, b in made + strangers:
        whole = judge_known(a, b)
        assert judge_if_likely(a, b, least) == (whole if whole.score >= least else None)
