"""Files as strangers bring them: what a program or a person has made of them is understood."""

from datetime import date
from pathlib import Path

import pytest

from handlers.actions.import_rows import _addresses_of
from handlers.importing import survey as surveys
from handlers.importing.opening import opened
from handlers.importing.persons import Person

TODAY = date(2026, 11, 18)


def read(folder: Path, content: str | bytes, region: str = "DE") -> list[Person]:
    """Everybody in a file."""
    path = folder / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = surveys.survey(opened(path))
    return list(surveys.people(found, found.reading(region, TODAY)))


def card(*lines: str) -> str:
    """A card of version 3.0 with these lines."""
    return "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""))


def test_every_address_of_a_card_arrives(tmp_path: Path) -> None:
    """The first one in its parts, all of them as lines."""
    (anna,) = read(
        tmp_path,
        card(
            "FN:Anna Lee",
            "ADR;TYPE=HOME:;;4 Mill Street;Milton;NSW;2117;Australia",
            "item1.ADR:;;2 Second St;Leeds;;LS1 4AP;United Kingdom",
        ),
    )

    assert anna.custom["city"] == "Milton"
    assert _addresses_of(anna) == [
        "4 Mill Street, 2117 Milton, NSW, Australia",
        "2 Second St, LS1 4AP Leeds, United Kingdom",
    ]


def test_every_address_of_a_table_arrives(tmp_path: Path) -> None:
    """Business and home are two; who has only the second one has it as the first."""
    anna, bob = read(
        tmp_path,
        "Name,Business Street,Business City,Home Street,Home City\n"
        "Anna Lee,4 Mill St,Leeds,Hauptstr. 2,Berlin\n"
        "Bob Bell,,,Ring 1,Graz\n",
    )

    assert _addresses_of(anna) == ["4 Mill St, Leeds", "Hauptstr. 2, Berlin"]
    assert (bob.custom["street"], bob.custom["city"]) == ("Ring 1", "Graz")
    assert _addresses_of(bob) == ["Ring 1, Graz"]


def test_an_extension_a_zone_and_a_second_website_arrive(tmp_path: Path) -> None:
    """What there is twice has a number behind its name."""
    (anna,) = read(
        tmp_path,
        card(
            "FN:Anna Lee",
            "TEL;VALUE=uri:tel:+33-1-40-20-50-50;ext=12",
            "URL:https://one.example",
            "URL:https://two.example",
            "TZ:Europe/Paris",
            "TITLE:Lead; Sales",
        ),
    )

    assert anna.phones == [("+33140205050", "+33-1-40-20-50-50 ext. 12")]
    assert anna.zone == "Europe/Paris"
    assert anna.custom == {
        "website": "https://one.example",
        "website_2": "https://two.example",
        "job_title": "Lead; Sales",
    }


def test_events_and_groups_of_android(tmp_path: Path) -> None:
    """A birthday is one, whatever it is called there; a group is a tag."""
    (li,) = read(
        tmp_path,
        card(
            "FN:小明",
            "X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;1990-04-12;3;;;;",
            "X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2015-06-01;1;;;;",
            "X-GROUP-MEMBERSHIP:Friends",
        ),
    )

    assert li.birthday == date(1990, 4, 12)
    assert (li.custom, li.tags) == ({"anniversary": "2015-06-01"}, ["friends"])


def test_a_card_that_is_a_group_is_nobody(tmp_path: Path) -> None:
    """It is named with its line and the reason."""
    group, anna = read(
        tmp_path, card("KIND:group", "FN:Family", "MEMBER:urn:uuid:1") + card("FN:Anna Lee")
    )

    assert group.is_bad and group.problems == [("import.is_group", "", "")]
    assert (group.line, group.cells, anna.full_name) == (1, ["Family"], "Anna Lee")


def test_a_title_above_the_headings(tmp_path: Path) -> None:
    """Lines that no customer stands in are passed by, and lines are counted all the same."""
    anna, bob = read(
        tmp_path,
        "Customers 2026,,\n,,\nName,Phone,E-mail\nAnna Lee,0170 1234567,\nBob,,b@b.example\n",
    )

    assert (anna.line, anna.full_name, anna.phones[0][0]) == (4, "Anna Lee", "+491701234567")
    assert bob.emails == [("b@b.example", "b@b.example")]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Name;Vorname;Telefon\nMüller;Jörg;030 1234567\n", "Jörg Müller"),
        ("Nom;Prénom;Téléphone\nMartin;Élodie;030 1234567\n", "Élodie Martin"),
        ("Apellidos,Nombres,Teléfono\nGarcía,José,030 1234567\n", "José García"),
        ("Фамилия,Имя,Телефон\nИванов,Сергей,030 1234567\n", "Сергей Иванов"),
        ("姓名,電話\n王小明,030 1234567\n", "王小明"),
        ("昵称,备注名,电话\n小王,王小明,030 1234567\n", "王小明"),
        ("Name,First Name,Phone\nAnna Lee,Anna,030 1234567\n", "Anna Lee"),
    ],
)
def test_headings_in_other_languages(tmp_path: Path, content: str, name: str) -> None:
    """A "name" beside a first name is the family's, unless the first one is in it."""
    (person,) = read(tmp_path, content)

    assert person.full_name == name
    assert person.phones == [("+49301234567", "030 1234567")]


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("491701234567", "DE", "+491701234567"),
        ("1701234567.0", "DE", "+491701234567"),
        ("8613800138000", "CN", "+8613800138000"),
        ("79161234567", "RU", "+79161234567"),
        ("15552345678", "US", "+15552345678"),
        ("5552345678", "US", "+15552345678"),
        ("030 4912345", "DE", "+49304912345"),
    ],
)
def test_what_a_spreadsheet_makes_of_a_phone(
    tmp_path: Path, text: str, region: str, number: str
) -> None:
    """It takes the plus away, and adds a fraction."""
    (person,) = read(tmp_path, f"Name,Phone\nAnna Lee,{text}\n", region)

    assert [each for each, _ in person.phones] == [number]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("big5", "王小明"),
        ("cp932", "山田太郎"),
        ("cp1251", "Сергей Иванов"),
        ("cp1252", "Jörg Müller"),
        ("gb18030", "王小明"),
    ],
)
def test_old_encodings(tmp_path: Path, encoding: str, name: str) -> None:
    """Each is told by the bytes that its usual letters have."""
    (person,) = read(tmp_path, f"Name;Note\n{name};{name}\n".encode(encoding))

    assert person.full_name == name


def test_a_stray_nought_and_a_half_day(tmp_path: Path) -> None:
    """A sign that no text has is left out; the hours of a birthday do not count."""
    anna, bob = read(
        tmp_path, b"Name,Phone,Birthday\nAn\x00na,0170\x00 1234567,32874\nBob,,32875.5\n"
    )

    assert (anna.full_name, anna.phones[0][0]) == ("Anna", "+491701234567")
    assert (anna.birthday, bob.birthday) == (date(1990, 1, 1), date(1990, 1, 2))
