"""Files as programs and countries make them odd: labels, addresses, alphabets, sheets, rubbish."""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from handlers.actions.import_rows import _addresses_of
from handlers.importing import columns
from handlers.importing import survey as surveys
from handlers.importing.encodings import encoding_of
from handlers.importing.opening import opened
from handlers.importing.persons import Person
from handlers.importing.rows import Unreadable
from tests.rules.test_import_strangers import TODAY, card, read


def _keys(person: Person) -> list[str]:
    return [key for key, _, _ in person.problems]


def test_labels_name_what_stands_beside_them(tmp_path: Path) -> None:
    """As Google writes fields of one's own, events, relations, and a fax among the phones."""
    (tom,) = read(
        tmp_path,
        "First Name,Last Name,Name Suffix,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,"
        "Phone 2 - Value,Event 1 - Label,Event 1 - Value,Relation 1 - Label,Relation 1 - Value,"
        "Custom Field 1 - Label,Custom Field 1 - Value,Custom Field 2 - Label,"
        "Custom Field 2 - Value\n"
        "Tom,Baker,Jr.,* Mobile,0170 1234567,Work Fax,030 1234567,Anniversary,1999-01-02,,Ann,"
        "Size,XL,Tier,\n",
    )

    assert [number for number, _ in tom.phones] == ["+491701234567"]
    assert tom.custom == {
        "suffix": "Jr.",
        "fax": "030 1234567",
        "anniversary": "1999-01-02",
        "relation_1_value": "Ann",
        "size": "XL",
    }


def test_an_address_is_told_by_whose_it_is(tmp_path: Path) -> None:
    """Second lines of a street belong to it, and a lonely place is not where somebody lives."""
    anna, bob = read(
        tmp_path,
        "Name,Location,Business Street,Business Street 2,Business City,Home Street,Home Street 2,"
        "Home City\n"
        "Anna,Delhi,4 Mill St,Floor 2,Leeds,Ring 1,,Graz\n"
        "Bob,,,,,Ring 2,Tür 3,Graz\n",
    )

    assert _addresses_of(anna)[0] == "4 Mill St, Floor 2, Leeds"
    assert sorted(_addresses_of(anna)[1:]) == ["Delhi", "Ring 1, Graz"]
    assert _addresses_of(bob) == ["Ring 2, Tür 3, Graz"]


def test_headings_of_outlook_in_german_and_chinese(tmp_path: Path) -> None:
    """Whose each is stands behind it, or before it."""
    (german,) = read(
        tmp_path,
        "Anrede;Vorname;Nachname;Abteilung;Straße geschäftlich;Ort geschäftlich;"
        "Postleitzahl geschäftlich;Land/Region geschäftlich;Straße privat;Ort privat;"
        "Telefon geschäftlich;Kategorien;Webseite\n"
        "Frau;Käthe;Groß;Einkauf;Markt 1;Ulm;89073;Deutschland;Weg 2;Bonn;0731 123456;Kunde;x.de\n",
    )
    (chinese,) = read(
        tmp_path,
        "称谓,姓,名,商务地址 街道,商务地址 市/县,商务地址 邮政编码,住宅电话,附注\n"
        "先生,诸葛,亮,武侯祠大街231号,成都,610041,028-85551234,很聪明\n",
        "CN",
    )

    assert _addresses_of(german) == ["Markt 1, 89073 Ulm, Germany", "Weg 2, Bonn"]
    assert (german.custom["title"], german.custom["department"]) == ("Frau", "Einkauf")
    assert (german.tags, german.custom["website"]) == (["kunde"], "x.de")
    assert (chinese.full_name, chinese.notes) == ("诸葛亮", ["很聪明"])
    assert _addresses_of(chinese) == ["武侯祠大街231号, 610041 成都"]
    assert chinese.phones[0][0] == "+862885551234"


def test_what_all_headings_begin_with_is_passed_by(tmp_path: Path) -> None:
    """And an id is one of the program that the table comes from."""
    (lars,) = read(
        tmp_path,
        "Person - ID,Person - Name,Person - Organization,Person - Phone - Work,"
        "Person - Email - Home,Person - Owner\n"
        '7,Lars Berg,Berg AS,"+47 22 33 44 55, +47 22 33 44 56",lars@berg.example,Mia\n',
    )

    assert (lars.externals, lars.company, lars.owner) == (["pipedrive:7"], "Berg AS", "Mia")
    assert [number for number, _ in lars.phones] == ["+4722334455", "+4722334456"]


def test_a_column_without_a_heading_arrives(tmp_path: Path) -> None:
    """Unless it only numbers the rows."""
    ann, _ = read(tmp_path, ",Name,\n0,Ann,gold\n1,Bob,tin\n")

    assert (ann.full_name, ann.custom) == ("Ann", {"column_3": "gold"})


@pytest.mark.parametrize(
    ("text", "numbers", "problems"),
    [
        ("+49 (0)30 / 12 34 56", ["+4930123456"], []),
        ("030 123456 / 030 123457", ["+4930123456", "+4930123457"], []),
        ("+49 170 1234567 (mobile)", ["+491701234567"], []),
        ("Mobil: 0170 1234567", ["+491701234567"], []),
        ("'0170 1234567", ["+491701234567"], []),
        ("n/a", [], []),
        ("-", [], []),
        ("#N/A", [], []),
        ("1.7E+11", [], ["import.bad_phone"]),
    ],
)
def test_numbers_with_words_around_them(
    tmp_path: Path, text: str, numbers: list[str], problems: list[str]
) -> None:
    """What stands for nothing is nothing, and no mistake."""
    (ann,) = read(tmp_path, f"Name;Phone\nAnn;{text}\n")

    assert ([number for number, _ in ann.phones], _keys(ann)) == (numbers, problems)


def test_what_stands_below_a_table_is_nobody(tmp_path: Path) -> None:
    """Sums and remarks are named with their lines."""
    found = read(
        tmp_path,
        "Customer ID,Name,Phone\nK-1,Ann,0170 1234567\n,Summe,1\nTotal:,,\n"
        '"Copyright (c) 2026 by a program, Inc.",,\n',
    )

    assert [(each.line, each.is_bad) for each in found] == [
        (2, False),
        (3, True),
        (4, True),
        (5, True),
    ]
    assert _keys(found[1])[-1] == "import.is_total"


def test_a_column_of_dates_that_tells_decides_for_one_that_does_not(tmp_path: Path) -> None:
    """A program writes all its dates in one way; a birthday may lack its year."""
    (ana,) = read(tmp_path, "Name,Birthdate,Created Date\nAna,3/4/1980,12/31/2022\n")
    (eve,) = read(tmp_path, "Name,Birthday\nEve,05/17\n")
    (nobody_knows,) = read(tmp_path, "Name,Birthday\nEve,05/07\n")

    assert ana.birthday == date(1980, 3, 4)
    assert eve.custom == {"birthday_without_year": "--05-17"}
    assert _keys(nobody_knows) == ["import.ambiguous_date"]


def test_a_cell_of_megabytes_is_named_and_costs_its_row_alone(tmp_path: Path) -> None:
    """Whoever stands below it arrives; a note of hundreds of lines does, too."""
    ann, bob, cy = read(
        tmp_path,
        'Name,Phone,Notes\nAnn,0170 1234561,"' + "x" * 5_000_000 + '"\nBob,0170 1234562,ok\n'
        'Cy,0170 1234563,"' + "line\n" * 300 + '"\n',
    )

    assert (ann.line, _keys(ann)) == (2, ["import.line_too_long"])
    assert (bob.line, bob.notes, bob.problems) == (3, ["ok"], [])
    assert cy.notes[0].count("line") == 300


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Name;Ort\nJörg Müller;Köln\nFrançois Lefèvre;Besançon\n"),
        ("cp1252", "Name\nSimão Magalhães\nJoão Simões\n"),
        ("cp1250", "Imię;Nazwisko\nŁukasz;Żółć\nJoanna;Wójcik\n"),
        ("cp1250", "Jméno\nJiří Dvořák\nTomáš Černý\nŠárka Němcová\n"),
        ("cp1250", "Név\nGyőző Kovács\nErzsébet Szűcs\n"),
        ("cp1254", "Ad;Şehir\nÖzge Yıldız;İzmir\nÇağlar Güneş;Iğdır\n"),
        ("cp1251", "ФИО\nЩЕРБАКОВ ЮРИЙ\n"),
        ("koi8-r", "Имя;Город\nИван Петров;Москва\n"),
        ("cp1253", "Όνομα;Πόλη\nΓιώργος Παπαδόπουλος;Αθήνα\n"),
        ("cp1255", "שם;עיר\nדוד כהן;תל אביב\nשרה לוי;חיפה\n"),
        ("mac_roman", "Name;Ort\nJörg Müßig;Köln\nKäthe Groß;Düsseldorf\n"),
        ("cp949", "이름,전화\n김민준,1\n이서연,2\n박지훈,서울\n"),
        ("gb18030", "姓名,电话\n王小明,1\n李娜,2\n张伟,3\n"),
        ("big5", "姓名,電話\n陳小明,1\n林美玲,2\n"),
        ("cp932", "氏名,電話\n山田太郎,1\nヤマダ,2\n"),
    ],
)
def test_old_encodings_are_told_by_their_words(tmp_path: Path, encoding: str, text: str) -> None:
    """What makes words of a language is what it was."""
    path = tmp_path / "file"
    path.write_bytes(text.encode(encoding))

    assert path.read_bytes().decode(encoding_of(path)) == text


def test_cards_of_other_programs(tmp_path: Path) -> None:
    """A department without a company, and what KAddressBook and Evolution call by their names."""
    one, other = read(
        tmp_path,
        card("FN:Ann", "ORG:;Sales", "X-KADDRESSBOOK-X-Anniversary:2003-04-05")
        + card("FN : Bob", "X-EVOLUTION-SPOUSE:Maria", "X-PHONETIC-FIRST-NAME:Bop"),
    )

    assert (one.company, one.custom) == (
        "",
        {"department": "Sales", "anniversary": "2003-04-05"},
    )
    assert (other.full_name, other.custom) == (
        "Bob",
        {"spouse": "Maria", "phonetic_first_name": "Bop"},
    )


def _workbook(book: Workbook) -> bytes:
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_the_sheet_with_the_customers_is_taken(tmp_path: Path) -> None:
    """Not the page of remarks before it; postcodes keep their noughts, shares their sign."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.append(["Read me first"])
    first.append(["Here are our customers"])
    sheet = book.create_sheet("Customers")
    sheet.append(["Name", "Zip", "Discount", "Birthday", "Phone"])
    sheet.append(["Ann", 1067, 0.055, datetime(1980, 2, 1), "#N/A"])
    sheet["B2"].number_format = "00000"
    sheet["C2"].number_format = "0.0%"
    sheet["E2"].data_type = "e"
    (ann,) = read(tmp_path, _workbook(book))

    assert (ann.full_name, ann.birthday, ann.problems) == ("Ann", date(1980, 2, 1), [])
    assert ann.custom == {"postcode": "01067", "discount": "5.5%"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<table><tr><td>Name</td></tr></table>", "not_a_table"),
        (b'[{"name": "Ann"}]', "not_a_table"),
        (b'[\n  {\n    "name": "Ann"}]', "not_a_table"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "not_a_workbook",
        ),
    ],
)
def test_what_only_looks_like_a_table_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    """In the words that fit."""
    with pytest.raises(Unreadable, match=reason):
        read(tmp_path, content)


def test_what_the_form_shows_may_be_sent_again(tmp_path: Path) -> None:
    """Second addresses and labels are columns that one may leave as they are."""
    path = tmp_path / "file"
    path.write_text(
        "Name,Business Street,Business Street 2,Home Street,Relation 1 - Type,Relation 1 - Value\n"
        "A,1,2,3,x,y\n"
    )
    found = surveys.survey(opened(path))
    said = "\n".join(
        f"{heading}={target or '-'}"
        for heading, target in zip(found.source.header, found.targets, strict=True)
    )

    assert columns.read_map(said, found.source.header, found.targets) == list(found.targets)
    assert found.reading("DE", TODAY).order_of("birthday") is None
