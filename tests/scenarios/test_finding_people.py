"""`/crm find`: people found by whatever one remembers of them, and why."""

import pytest

from tests.world import World


async def test_somebody_is_found_the_second_they_are_added_or_renamed(both: World) -> None:
    """With a typo, too."""
    w = both
    await w.says(w.ann, "/crm add Wilhelmina Zorn")

    assert "Wilhelmina" in await w.says(w.ann, "/crm find wilhelmnia zron")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("zhang sanfeng", "by its sound"),
        ("zsf", "by the initials"),
        ("三丰", "张三丰"),
        ("bob smith", "by a short name"),
        ("0958", "by phone number"),
        ("#vip", "by tag"),
        ("tag:vip", "fits the filter"),
    ],
)
async def test_find_says_why(w: World, typed: str, why: str) -> None:
    """Unless it is plain from the name."""
    await w.says(w.ann, "/crm add 张三丰")
    await w.says(w.ann, "/crm add Robert Smith, Acme, +44 20 7946 0958 #vip")

    assert why in await w.says(w.ann, f"/crm find {typed}")


async def test_filters_narrow_a_name(w: World) -> None:
    """Those that fit and nobody else."""
    await w.says(w.ann, "/crm add Anna Lee #vip")
    await w.says(w.ann, "/crm add Anna Leigh")
    await w.says(w.bo, "/crm add Anna Lead")

    said = await w.says(w.ann, "/crm find anna tag:vip owner:me lang:en created<30d spent<1")
    assert "Anna Lee" in said and "Leigh" not in said and "Lead" not in said
    said = await w.says(w.ann, "/crm find anna -tag:vip owner:me silent<2d")
    assert "Leigh" in said and "Lead" not in said
    said = await w.says(w.ann, "/crm find spent>1000 city:berlin has:email company:acme")
    assert "nobody" in said


async def test_a_wrong_filter_is_explained(w: World) -> None:
    """With an example."""
    assert "spent>1000" in await w.says(w.ann, "/crm find spent>much")


@pytest.mark.parametrize("typed", ["parcel blue", "BLUE", "蓝色包裹", "包裹"])
async def test_messages_are_found_by_their_words(w: World, typed: str) -> None:
    """Also two characters of Chinese; not what has been erased, and patterns mean nothing."""
    await w.says(w.ann, "/crm add Anna Lee")
    await w.says(w.ann, "/crm log Anna Lee: the blue parcel 蓝色包裹 has not arrived")

    said = await w.says(w.ann, f"/crm find {typed}")
    assert "blue parcel" in said and "Anna Lee" in said
    assert "blue parcel" not in await w.says(w.ann, "/crm find b%e p_rcel")
    assert "blue parcel" not in await w.says(w.ann, "/crm find parcel green")
