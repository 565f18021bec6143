"""Who stands among the first of a list, when a million names are searched."""

from storage.finding.judging import Verdict, in_places, judge


def ranked(typed: str, texts: list[str]) -> list[tuple[str, Verdict]]:
    """These texts as they are judged, best first."""
    found = [(text, judge(typed, text)) for text in texts]
    return sorted(found, key=lambda pair: -pair[1].score)


def names(found: list[tuple[str, Verdict]]) -> list[str]:
    """Only the texts."""
    return [text for text, _ in found]


BEGUN = [f"jerome beau{rest}" for rest in ("fermeauville", "lavrandonne", "champsurmer")]
NEAR = ["jerome moreau", "jerome bea", "jerom beau", "jerome braun", "gerome beau"]


def test_whoever_is_nearest_as_a_whole_is_among_the_first_five() -> None:
    """Others whose names begin so come behind, and nobody is lost."""
    before = ranked("jerome beau", BEGUN + NEAR)
    after = in_places("jerome beau", before)
    assert set(names(after)[:5]) == set(NEAR)
    assert sorted(names(after)) == sorted(names(before))


def test_every_word_or_another_name_is_first_all_the_same() -> None:
    """Bob Smith is found as Robert, and a whole name with more words before a likely slip."""
    texts = [
        "robert smith",
        "bob alexander smith",
        "rob smit",
        "bo smith",
        "bob smythe",
        "bob mith",
    ]
    after = names(in_places("bob smith", ranked("bob smith", texts)))
    assert {"robert smith", "bob alexander smith"} <= set(after[:5])


def test_a_single_word_is_a_part_of_a_name() -> None:
    """Its own order stands: those with a word like it, however long the rest is."""
    before = ranked("bachburgr", ["peter bachburger", "bachburg", "ana burgr"])
    assert in_places("bachburgr", before) == before
