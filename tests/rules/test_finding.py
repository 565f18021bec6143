"""Finding a name by what somebody typed: what must hold whatever the names are."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import Refused
from storage.finding import files, filters
from storage.finding.building import built
from storage.finding.folding import folded, ways_to_type
from storage.finding.index import Index
from storage.finding.judging import ALIKE, judge_name
from storage.finding.pinyin import initials, split, spoken

LETTERS = st.text("abcdefghijklmnoprstuvwyzéüßćłжя", min_size=2, max_size=9)
CHINESE = st.text("张三李四王五赵六陈明华伟芳欣怡子轩欧阳", min_size=2, max_size=4)
NAMES = st.one_of(st.lists(LETTERS, min_size=1, max_size=3).map(" ".join).map(str.title), CHINESE)
RUBBISH = st.text(max_size=140)


def index_of(names: list[str]) -> Index:
    return built((text, n) for n, name in enumerate(names) for text in ways_to_type(name))


@given(st.lists(NAMES, min_size=1, max_size=40), st.data())
def test_an_exact_name_is_found_first(names: list[str], data: st.DataObject) -> None:
    """Also in capitals, and with its words in another order."""
    index = index_of(names)
    name = data.draw(st.sampled_from(names))
    typed = " ".join(reversed(folded(name.upper()).split()))
    found = index.nearest(typed, 5)
    assert found.scores[0] == 100


@given(
    st.lists(st.lists(LETTERS, min_size=2, max_size=2).map(" ".join), min_size=1, max_size=40),
    st.data(),
)
def test_one_typo_is_forgiven(names: list[str], data: st.DataObject) -> None:
    """A name of some length is among the best with one letter wrong."""
    name = folded(data.draw(st.sampled_from(names)))
    at = data.draw(st.integers(0, len(name) - 1))
    typed = folded(f"{name[:at]}q{name[at + 1 :]}")
    index = index_of(names)
    found = index.nearest(typed, 40)
    if len(name) > 8:
        assert name in [index.texts[number] for number in found.texts.tolist()]


@given(st.lists(RUBBISH, max_size=8), RUBBISH)
def test_rubbish_is_never_an_error(names: list[str], query: str) -> None:
    """Neither as a name nor as a question."""
    index = index_of(names)
    typed = folded(query)
    if typed:
        for number in index.candidates(typed, 8):
            judge_name(typed, [index.texts[number]])
    with suppress(Refused):
        filters.parse(query)


@given(RUBBISH)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.lists(NAMES, min_size=1, max_size=20))
@settings(max_examples=20, deadline=None)
def test_an_index_comes_from_disk_as_it_was(names: list[str]) -> None:
    """And a damaged one does not come at all."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "names"
        index = index_of(names)
        files.save(place, index, {"seen": 7, "whose": 3})
        loaded = files.load(place)
        assert loaded is not None and loaded[1]["whose"] == 3
        typed = folded(names[0]) or "x"
        before, after = index.nearest(typed, 5), loaded[0].nearest(typed, 5)
        assert before.texts.tolist() == after.texts.tolist()
        del loaded
        damaged = place / "columns.npy"
        content = bytearray(damaged.read_bytes())
        content[-1] ^= 1
        damaged.unlink()
        damaged.write_bytes(content)
        assert files.load(place) is None


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        ("Robert Smith", "bob smith", "nickname"),
        ("Elizabeth Stone", "liz stone", "nickname"),
        ("Екатерина Иванова", "катя иванова", "nickname"),
        ("Сергей Волков", "серёжа волков", "nickname"),
        ("Олександр Шевченко", "саша шевченко", "nickname"),
        ("Anna Lee", "a lee", "name"),
        ("John Doe", "jd", "initials"),
        ("张三", "zhang san", "sound"),
        ("张三", "zhangsan", "sound"),
        ("张三", "zs", "initials"),
        ("张三丰", "zsf", "initials"),
        ("张三丰", "三丰", "name"),
        ("欧阳修", "ouyang xiu", "sound"),
        ("José Núñez", "jose nunez", "name"),
        ("Łukasz Żak", "lukasz zak", "name"),
        ("Jürgen Groß", "jurgen gross", "name"),
        ("Anna Lee", "lee, anna", "name"),
        ("Anna Lee", "annalee", "name"),
    ],
)
def test_how_people_type_names(name: str, typed: str, why: str) -> None:
    verdict = judge_name(folded(typed), ways_to_type(name))
    assert verdict.score > 80 and verdict.why == why


@pytest.mark.parametrize("typed", ["anan", "anma", "annna", "baeur", "baur", "bauerr"])
def test_one_word_with_one_typo_is_enough(typed: str) -> None:
    """Also where the word is short and the name is long."""
    assert judge_name(typed, ways_to_type("Anna Bauer-Lindenthal")).score >= ALIKE


def test_chinese_names_have_a_sound() -> None:
    """Family names by their reading as family names."""
    assert spoken("曾国藩") == ("zeng", "guofan")
    assert initials("单田芳") == "stf"
    assert split("zhangsanfeng") == ["zhang", "san", "feng"]
    assert spoken("Anna") is None


def test_filters_are_read_out_of_a_line() -> None:
    text, found = filters.parse('anna tag:vip -city:"new york" spent>1,000 silent>30d 语言:zh x:y')
    assert text == "anna x:y"
    assert [(f.key, f.sign, f.negated) for f in found] == [
        ("tag", ":", False),
        ("city", ":", True),
        ("spent", ">", False),
        ("silent", ">", False),
        ("lang", ":", False),
    ]


@pytest.mark.parametrize("line", ["spent>much", "silent>soon", "created>2026-13", "tag>vip"])
def test_a_filter_that_cannot_be_meant_is_refused(line: str) -> None:
    with pytest.raises(Refused):
        filters.parse(line)
