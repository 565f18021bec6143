"""A country is one name, however people write it."""

from pathlib import Path

import pytest

from handlers.countries import canonical, code_of
from tests.rules.test_import_strangers import card, read


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("USA", "United States"),
        ("U.S.A.", "United States"),
        ("united states of america", "United States"),
        ("UK", "United Kingdom"),
        ("Deutschland", "Germany"),
        ("DEU", "Germany"),
        ("Россия", "Russia"),
        ("Czech Republic", "Czechia"),
        ("Côte d'Ivoire", "Côte d’Ivoire"),
        ("德国", "德国"),
        ("德國", "德国"),
        ("中华人民共和国", "中国"),
        ("香港", "香港"),
        ("Hong Kong", "Hong Kong"),
        ("Atlantis", "Atlantis"),
        ("", ""),
    ],
)
def test_one_name_for_each(written: str, name: str) -> None:
    """English, and Chinese where it is written in Chinese; what is no country stays."""
    assert canonical(written) == name
    assert canonical(name) == name


def test_a_country_in_two_languages_has_one_code() -> None:
    """So that both can be compared."""
    assert code_of("Germany") == code_of("德国") == code_of("Allemagne") == "DE"
    assert code_of("Atlantis") is None


def test_a_file_brings_the_one_name(tmp_path: Path) -> None:
    """In a table and in a card."""
    (anna,) = read(tmp_path, "Name,Street,City,Country\nAnna Lee,4 Mill St,Leeds,U.K.\n")
    (bob,) = read(tmp_path, card("FN:Bob", "ADR:;;Ring 1;Graz;;8010;Österreich"))

    assert anna.custom["country"] == "United Kingdom"
    assert bob.custom["country"] == "Austria"
