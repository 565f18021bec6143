"""Tables as people and programs write them: what a column is, and every broken row by its line."""

import csv
import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.importing import emails, phones
from handlers.importing.columns import field_of
from handlers.importing.dates import Order
from handlers.importing.opening import opened
from handlers.importing.persons import Person
from handlers.importing.rows import Unreadable
from handlers.importing.survey import Survey, people, survey
from storage.records import Stage

TODAY = date(2026, 11, 18)


def looked(tmp_path: Path, content: bytes, changes: str = "") -> Survey:
    """The file as it is understood."""
    file = tmp_path / "table"
    file.write_bytes(content)
    return survey(opened(file), changes)


def read(tmp_path: Path, content: bytes, region: str | None = "DE") -> list[Person]:
    """Everybody whom a file speaks of."""
    found = looked(tmp_path, content)
    return list(people(found, found.reading(region, TODAY)))


def problems(who: Person) -> list[str]:
    """What is wrong with a row, by key."""
    return [key for key, _, _ in who.problems]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_every_mark_in_every_encoding(tmp_path: Path, mark: str, encoding: str) -> None:
    """The mark and the encoding are found by themselves."""
    rows = [
        ["姓名", "手机", "邮箱"],
        ["王小明", "13800138000", "x@example.cn"],
        ["李雷", "", "l@example.cn"],
    ]
    text = "\r\n".join(mark.join(row) for row in rows)
    ming, lei = read(tmp_path, text.encode(encoding), "CN")

    assert (ming.full_name, ming.phones[0][0]) == ("王小明", "+8613800138000")
    assert (lei.full_name, lei.emails[0][0], lei.line) == ("李雷", "l@example.cn", 3)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-8"])
def test_western_letters(tmp_path: Path, encoding: str) -> None:
    """Umlauts and accents in what old programs write."""
    text = "Name;Ort;Telefon\nJörg Müller;Köln;0171 2345678\nZoé Núñez;Besançon;\nÄgidius;Öhringen;"
    first, second, third = read(tmp_path, text.encode(encoding))

    assert first.full_name == "Jörg Müller" and first.phones[0][0] == "+491712345678"
    assert (second.custom["city"], third.full_name) == ("Besançon", "Ägidius")


def test_broken_rows_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    """A quotation mark that is never closed costs its own line."""
    text = (
        'Name,Phone,Note\nAnna,+491701111111,"two\nlines"\n"Open,+491702222222,x\n'
        'Bob "Bobby" Bell,+491703333333,"says ""hi"""\nCy,+491704444444,a,b,c\n'
        "Dee,+491705555555\n,,\n,,only a note\n"
    )
    anna, broken, bob, cy, dee, nobody = read(tmp_path, text.encode())

    assert anna.notes == ["two\nlines"] and not anna.problems
    assert (broken.line, problems(broken)) == (4, ["import.not_closed"])
    assert bob.full_name == 'Bob "Bobby" Bell' and bob.notes == ['says "hi"'] and bob.line == 5
    assert (cy.line, problems(cy)) == (6, ["import.more_cells"])
    assert dee.phones[0][0] == "+491705555555" and not dee.problems
    assert (nobody.line, problems(nobody)) == (9, ["import.nobody"])


def test_a_line_of_megabytes_is_passed_by(tmp_path: Path) -> None:
    """It costs neither the memory nor the file."""
    text = "Name,Phone\nAnna,+491701111111\n" + "x" * 5_000_000 + "\nBob,+491703333333\n"
    found = read(tmp_path, text.encode())

    assert [problems(who) for who in found] == [[], ["import.line_too_long"], []]
    assert found[2].line == 4


def test_a_table_without_a_header(tmp_path: Path) -> None:
    """What stands in the columns says what they are."""
    text = "Anna Lee,anna@acme.example,+49 170 1234567\nBob Bell,bob@bell.example,+49 170 1234568\n"
    anna, bob = read(tmp_path, text.encode())

    assert (anna.full_name, anna.emails[0][0], anna.phones[0][0], anna.line) == (
        "Anna Lee",
        "anna@acme.example",
        "+491701234567",
        1,
    )
    assert bob.full_name == "Bob Bell"


HEADINGS = {
    "Google": (
        (
            "First Name,Middle Name,Last Name,Organization Name,Birthday,Notes,Labels,"
            "E-mail 1 - Label,"
            "E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Value,Address 1 - City"
        ),
        "first_name,middle_name,last_name,company,birthday,note,tags,,email,label,phone,phone,city",
    ),
    "Outlook": (
        (
            "Title,First Name,Last Name,Company,Job Title,Business Street,Business City,"
            "Business Phone,"
            "Mobile Phone,E-mail Address,E-mail 2 Address,Categories,Web Page,Business Fax"
        ),
        (
            "custom:title,first_name,last_name,company,custom:job_title,street,city,phone,phone,"
            "email,email,tags,custom:website,custom:fax"
        ),
    ),
    "HubSpot": (
        (
            "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,"
            "Create Date,"
            "Lifecycle Stage,Associated Company"
        ),
        "external,first_name,last_name,email,phone,owner,stage,created,stage,company",
    ),
    "Salesforce": (
        (
            "Contact ID,First Name,Last Name,Account Name,Mailing Street,Mailing City,"
            "Mailing Zip/Postal Code,Mailing Country,Phone,Email,Contact Owner,Lead Source,"
            "Email Opt Out"
        ),
        (
            "external,first_name,last_name,company,street,city,postcode,country,phone,email,owner,source,"
            "no_marketing"
        ),
    ),
    "EspoCRM": (
        (
            "Name,Account Name,Email Address,Phone Number,Address Street,Address City,"
            "Address Country,"
            "Assigned User,Created At,Description"
        ),
        "name,company,email,phone,street,city,country,owner,created,note",
    ),
    "Shopify": (
        (
            "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,"
            "Default Address Company,"
            "Default Address Address1,Default Address City,Default Address Zip,Phone,"
            "Total Spent,Note,Tags"
        ),
        (
            "external,first_name,last_name,email,marketing,company,street,city,postcode,phone,"
            "custom:total_spent,note,tags"
        ),
    ),
    "Chinese": (
        "姓名,性别,出生日期,手机号码,电子邮箱,公司名称,职位,微信号,城市,地址,客户来源,负责人,标签,备注",
        (
            "name,gender,birthday,phone,email,company,custom:job_title,custom:wechat,city,street,source,"
            "owner,tags,note"
        ),
    ),
}


@pytest.mark.parametrize("program", HEADINGS)
def test_the_headings_of_other_programs(tmp_path: Path, program: str) -> None:
    """Each column is what it is called, and nothing has to be told."""
    headings, fields = HEADINGS[program]
    content = f"{headings}\n" + ",".join("x" for _ in headings.split(",")) + "\n"
    found = looked(tmp_path, content.encode())

    assert list(found.targets) == fields.split(",")


def test_unknown_columns_become_fields_of_their_own(tmp_path: Path) -> None:
    """And what somebody says of a column counts."""
    content = b"Name,Favourite Colour,Shoe size\nAnna,blue,41\n"
    assert looked(tmp_path, content).targets == (
        "name",
        "custom:favourite_colour",
        "custom:shoe_size",
    )
    changed = looked(tmp_path, content, "Shoe size=-, 2=custom:colour")
    assert changed.targets == ("name", "custom:colour", "")
    with pytest.raises(Unreadable, match="bad_map"):
        looked(tmp_path, content, "Hat size=name")


def test_one_value_decides_the_dates_of_a_column(tmp_path: Path) -> None:
    """13/4 can only be the thirteenth, so 3/4 is the third of April in that file."""
    content = "Name,Birthday\nA,3/4/1980\nB,13/4/1981\nC,04/05/82\nD,5.6.1983\nE,1984-07-08\n"
    found = read(tmp_path, content.encode())

    assert [who.birthday for who in found] == [
        date(1980, 4, 3),
        date(1981, 4, 13),
        date(1982, 5, 4),
        date(1983, 6, 5),
        date(1984, 7, 8),
    ]
    american = read(tmp_path, content.replace("13/4", "4/13").encode())
    assert american[0].birthday == date(1980, 3, 4)


def test_dates_that_nothing_decides_are_asked_about(tmp_path: Path) -> None:
    """Until somebody says, they are left out and named."""
    found = looked(tmp_path, b"Name,Birthday\nA,3/4/1980\nB,1/2/1981\n")
    assert found.open_dates == ("birthday",)
    first, _ = people(found, found.reading(None, TODAY))
    assert problems(first) == ["import.ambiguous_date"]
    first, _ = people(found, found.reading(None, TODAY, Order.MONTH_FIRST))
    assert first.birthday == date(1980, 3, 4)


def test_values_that_cannot_be_are_refused_with_a_reason(tmp_path: Path) -> None:
    """The rest of the row arrives."""
    content = (
        "Name,Phone,Email,Birthday,Gender,Language,Time Zone,Marketing,Stage\n"
        "A,999,not an address,2030-01-01,alien,Klingon,Mars/Olympus,perhaps,customer\n"
    )
    (who,) = read(tmp_path, content.encode())

    assert who.full_name == "A" and who.stage is Stage.CUSTOMER and not who.is_bad
    assert problems(who) == [
        "import.bad_phone",
        "import.bad_email",
        "import.impossible_date",
        *["import.bad_word"] * 4,
    ]


def test_workbooks_with_dates_numbers_and_empty_sheets(tmp_path: Path) -> None:
    """Phones as numbers, dates as dates; the first sheet with anything in it is read."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("People")
    sheet.append(["Name", "Phone", "Birthday", "Since"])
    sheet.append(["Anna", 491701234567, datetime(1990, 5, 17), 2.5])
    sheet.append([None, None, None, None])
    sheet.append(["Bob", "+49 170 1234568", "17.6.1985", True])
    file = tmp_path / "book"
    book.save(file)
    anna, bob = read(tmp_path, file.read_bytes(), None)

    assert anna.birthday == date(1990, 5, 17) and anna.custom["since"] == "2.5"
    assert problems(anna) == ["import.bad_phone"]
    assert (bob.line, bob.phones[0][0], bob.birthday) == (4, "+491701234568", date(1985, 6, 17))


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    """It says so itself, and is not unpacked."""
    import zipfile

    file = tmp_path / "bomb"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    with pytest.raises(Unreadable, match="too_large"):
        opened(file)


REFUSED = {
    b"": "empty",
    b"   \n": "empty",
    b"%PDF-1.7 ...": "not_a_table",
    b"<!DOCTYPE html><html>": "not_a_table",
    b"PK\x03\x04 no archive": "not_a_workbook",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "old_workbook",
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR": "not_a_table",
}


@pytest.mark.parametrize("content", REFUSED)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    """With a reason that says what to do."""
    with pytest.raises(Unreadable, match=REFUSED[content]):
        read(tmp_path, content)


@settings(
    max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=200).map(str.encode),
        st.text('",;\n\r\t=|aä王+4917@.', max_size=200).map(str.encode),
        st.text(":;=\n\r ABEGINDVCR", max_size=200).map(lambda t: f"BEGIN:VCARD\n{t}".encode()),
        st.binary(max_size=200).map(lambda b: b"BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:" + b),
        st.binary(max_size=200).map(lambda b: b"PK\x03\x04" + b),
    )
)
def test_any_bytes_are_read_or_refused_kindly(tmp_path: Path, content: bytes) -> None:
    """Nothing in a file breaks the reader."""
    try:
        found = read(tmp_path, content)
    except Unreadable as refused:
        assert str(refused).startswith("import.")
    else:
        lines = [who.line for who in found]
        assert lines == sorted(set(lines))
        for who in found:
            assert who.is_bad or who.full_name or who.phones or who.emails or who.externals


_CELLS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=12),
    min_size=2,
    max_size=5,
)


@settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(rows=st.lists(_CELLS, max_size=6))
def test_what_a_program_writes_is_read_as_it_was(tmp_path: Path, rows: list[list[str]]) -> None:
    """Quotes, line breaks and marks inside cells are part of them."""
    width = max(map(len, rows), default=2)
    even = [[*row, *[""] * (width - len(row))] for row in rows]
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["Name", *["X"] * (width - 1)], *even])
    path = tmp_path / "table"
    path.write_bytes(file.getvalue().encode("utf-8-sig"))
    source = opened(path)
    found = [row.cells for row in source.first_rows(100)][1:]

    assert found == [row for row in even if any(row)]


_NUMBERS = st.one_of(
    st.from_regex(r"\+[0-9]{5,16}", fullmatch=True),
    st.from_regex(
        r"\+(49|86|1|44|39|54|55|7|225|82) ?\(?[0-9]{2,4}\)?[ -]?[0-9]{3,9}", fullmatch=True
    ),
    st.from_regex(r"0?[0-9]{2,5}[ -]?[0-9]{3,9}", fullmatch=True),
    st.text("0123456789+-() .ext", min_size=4, max_size=20),
)


@settings(max_examples=500)
@given(
    text=_NUMBERS, region=st.sampled_from([None, *"US DE CN GB FR IT BR AR MX RU SG CI AU".split()])
)
def test_quick_phones_are_what_the_library_says(text: str, region: str | None) -> None:
    """The short way is only taken where it leads to the same."""
    assert phones.e164(text, region) == phones.by_library(text.strip(), region)


@settings(max_examples=300)
@given(
    text=st.one_of(
        st.emails(),
        st.text("ab.@-_+1Ü ", max_size=20),
        st.builds(
            "{}@{}".format,
            st.text("ab.-_+'", max_size=8),
            st.sampled_from("example.org a.b x localhost xn--p1ai.test -a.de".split()),
        ),
    )
)
def test_quick_addresses_are_what_the_library_says(text: str) -> None:
    """Each domain is asked about once."""
    assert emails.normal(text) == emails.by_library(text)


def test_words_in_brackets_and_marks_do_not_matter() -> None:
    """What stands at the top of a column is written in many ways."""
    assert field_of("E-Mail-Address (work)") == "email"
    assert field_of("\ufeffFull_Name") == "name"
    assert field_of("Tel.") == "phone"
    assert field_of("something else") is None
