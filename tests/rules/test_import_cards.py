"""vCards as a dozen programs write them: every readable field arrives, what is wrong is named."""

from datetime import date
from pathlib import Path

import pytest

from handlers.importing.opening import opened
from handlers.importing.persons import Person
from handlers.importing.survey import people, survey
from storage.records import Gender

TODAY = date(2026, 11, 18)


def read(tmp_path: Path, content: bytes, region: str | None = "DE") -> list[Person]:
    """Everybody whom a file speaks of."""
    file = tmp_path / "contacts.vcf"
    file.write_bytes(content)
    found = survey(opened(file))
    return list(people(found, found.reading(region, TODAY)))


NOKIA = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:M=C3=BCller;J=C3=B6rg\r\n"
    "TEL;CELL;PREF:+491701234567\r\nTEL;HOME;VOICE:030 1234567\r\nTEL;WORK;FAX:+49301234569\r\n"
    "EMAIL:joerg@mueller.example\r\n"
    "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Erste Zeile=0D=0A=\r\n"
    "zweite Zeile mit Gr=C3=BC=\r\n=C3=9Fen\r\n"
    "BDAY:19800403\r\nEND:VCARD\r\n"
)
OUTLOOK = (
    'BEGIN:VCARD\r\nVERSION:2.1\r\nX-MS-OL-DESIGN;CHARSET=utf-8:<card xmlns="http://x"/>\r\n'
    "N;LANGUAGE=en-us:Lee;Anna;M.;Dr.;PhD\r\nFN:Dr. Anna M. Lee PhD\r\nORG:Acme Ltd;Sales\r\n"
    "TITLE:Head of Sales\r\nTEL;WORK;VOICE:+44 20 7946 0958\r\nTEL;CELL;VOICE:+44 7700 900123\r\n"
    "ADR;WORK;PREF:;;1 High Street;London;;SW1A 1AA;United Kingdom\r\n"
    "LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:1 High Street=0D=0A=\r\nLondon\r\n"
    "X-MS-OL-DEFAULT-POSTAL-ADDRESS:2\r\nURL;WORK:http://acme.example\r\n"
    "EMAIL;PREF;INTERNET:anna@acme.example\r\nX-MS-CARDPICTURE;TYPE=JPEG;ENCODING=BASE64:\r\n"
    " /9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB\r\n"
    " AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB\r\n\r\nREV:20260101T000000Z\r\nEND:VCARD\r\n"
)
GOOGLE = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bob Bell\r\nN:Bell;Bob;;;\r\n"
    "item1.EMAIL;TYPE=INTERNET:bob@bell.example\r\nitem1.X-ABLabel:Private\r\n"
    "TEL;TYPE=CELL:+1 (202) 555-0173\r\nitem2.ORG:Bell\\, Book & Co\r\n"
    "item3.URL:https\\://bell.example\r\nitem3.X-ABLabel:_$!<HomePage>!$_\r\n"
    "BDAY:1975-12-24\r\nCATEGORIES:myContacts,VIP,Book club\r\n"
    "PHOTO:https://lh3.example/photo.jpg\r\nNOTE:Likes tea\\nand cake\r\nEND:VCARD\r\n"
)
ICLOUD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iOS 17.0//EN\r\nN:Rossi;Giulia;;;\r\n"
    "FN:Giulia Rossi\r\nitem1.EMAIL;type=INTERNET;type=pref:giulia@rossi.example\r\n"
    "item1.X-ABLabel:_$!<Home>!$_\r\nTEL;type=CELL;type=VOICE;type=pref:+39 06 698 82000\r\n"
    "item2.ADR;type=HOME:;;Via Roma 1\\nScala B;Roma;RM;00184;Italia\r\nitem2.X-ABADR:it\r\n"
    "BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-12\r\nitem3.X-ABDATE;type=pref:2010-06-19\r\n"
    "item3.X-ABLabel:_$!<Anniversary>!$_\r\n"
    "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wCEAAEBAQEBAQEBAQEB\r\n"
    "  AQEBAQEBAQEBAQEBAQEBAQEB\r\nEND:VCARD\r\n"
)
ANDROID = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E5=B0=8F=E6=98=8E;;;\r\n"
    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B=E5=B0=8F=E6=98=8E\r\n"
    "TEL;CELL;PREF:13800138000\r\n"
    "X-ANDROID-CUSTOM;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:vnd.android.cursor.item/nickname;=E5=B0=8F=E7=8E=8B;1;;;;;;;;;;;;;\r\n"
    "BDAY:1985-06-17\r\nEND:VCARD\r\n"
)
VERSION_4 = (
    "BEGIN:VCARD\nVERSION:4.0\nFN:Zoë Ångström\nN:Ångström;Zoë;;;\nGENDER:F\nLANG:sv\n"
    'TEL;VALUE=uri;TYPE="voice,home":tel:+46-8-123-456-78;ext=2\nEMAIL:zoe@angstrom.example\n'
    'BDAY:19900517\nADR;LABEL="Storgatan 1\\nUppsala":;;Storgatan 1;Uppsala;;753 31;Sweden\n'
    "RELATED;TYPE=spouse;VALUE=text:Åke\nIMPP;PREF=1:xmpp:zoe@chat.example\nEND:VCARD\n"
)


def test_nokia_and_its_soft_line_breaks(tmp_path: Path) -> None:
    """2.1 with quoted-printable that goes on in the next line."""
    (who,) = read(tmp_path, NOKIA.encode())

    assert who.full_name == "Jörg Müller" and who.birthday == date(1980, 4, 3)
    assert [value for value, _ in who.phones] == ["+491701234567", "+49301234567"]
    assert who.custom["fax"] == "+49301234569"
    assert who.notes == ["Erste Zeile\nzweite Zeile mit Grüßen"]
    assert not who.problems


def test_outlook_with_a_picture_and_a_label(tmp_path: Path) -> None:
    """Everything that is about the person arrives, and nothing that is about the card."""
    (who,) = read(tmp_path, OUTLOOK.encode())

    assert (who.full_name, who.company) == ("Dr. Anna M. Lee PhD", "Acme Ltd")
    assert [value for value, _ in who.phones] == ["+442079460958", "+447700900123"]
    assert who.custom == {
        "title": "Dr.",
        "department": "Sales",
        "job_title": "Head of Sales",
        "street": "1 High Street",
        "city": "London",
        "postcode": "SW1A 1AA",
        "country": "United Kingdom",
        "website": "http://acme.example",
    }
    assert not who.problems


def test_google_with_groups_and_labels(tmp_path: Path) -> None:
    """item1.EMAIL is an e-mail; escaped commas are commas; the photo is left where it is."""
    (who,) = read(tmp_path, GOOGLE.encode())

    assert who.company == "Bell, Book & Co" and who.emails[0][0] == "bob@bell.example"
    assert who.tags == ["vip", "book-club"] and who.notes == ["Likes tea\nand cake"]
    assert who.custom["website"] == "https://bell.example"
    assert who.birthday == date(1975, 12, 24) and not who.problems


def test_icloud_with_a_birthday_that_has_no_year(tmp_path: Path) -> None:
    """Apple writes 1604 for a year that is not known."""
    (who,) = read(tmp_path, ICLOUD.encode())

    assert who.birthday is None and who.custom["birthday_without_year"] == "--05-12"
    assert who.phones[0][0] == "+390669882000" and who.custom["anniversary"] == "2010-06-19"
    assert who.custom["street"] == "Via Roma 1, Scala B" and not who.problems


def test_android_in_chinese(tmp_path: Path) -> None:
    """Quoted-printable Chinese, with the country of phones from our settings."""
    (who,) = read(tmp_path, ANDROID.encode(), "CN")

    assert who.full_name == "王小明" and who.phones[0][0] == "+8613800138000"
    assert who.custom["nickname"] == "小王" and not who.problems


def test_version_4(tmp_path: Path) -> None:
    """tel: addresses, quoted parameters with a comma in them, LANG and GENDER."""
    (who,) = read(tmp_path, VERSION_4.encode())

    assert who.full_name == "Zoë Ångström" and who.gender is Gender.FEMALE
    assert who.language == "sv" and who.phones[0][0] == "+46812345678"
    assert who.custom["city"] == "Uppsala" and who.custom["xmpp"] == "zoe@chat.example"
    assert not who.problems


def test_gbk_of_an_old_chinese_phone(tmp_path: Path) -> None:
    """No character set is told, and it is not UTF-8."""
    card = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN:李;雷\r\nFN:李雷\r\n"
        "ORG:北京某某公司\r\nTEL;CELL:13912345678\r\nEND:VCARD\r\n"
    )
    (who,) = read(tmp_path, card.encode("gbk"), "CN")

    assert (who.full_name, who.company) == ("李雷", "北京某某公司")


def test_gbk_told_for_one_property(tmp_path: Path) -> None:
    """CHARSET=GBK in quoted-printable, as QQ's and Huawei's phone books wrote it."""
    name = "".join(f"={byte:02X}" for byte in "韩梅梅".encode("gbk"))
    card = (
        f"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:{name}\r\n"
        "TEL:13912345679\r\nEND:VCARD\r\n"
    )
    (who,) = read(tmp_path, card.encode(), "CN")

    assert who.full_name == "韩梅梅"


def test_a_charset_that_is_not_true(tmp_path: Path) -> None:
    """UTF-8 is promised and Latin-1 is written."""
    card = (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8:J\xfcrgen Wei\xdf\r\n"
        b"TEL:+491701112223\r\nEND:VCARD\r\n"
    )
    (who,) = read(tmp_path, card)

    assert who.full_name == "Jürgen Weiß"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_wide_encodings(tmp_path: Path, encoding: str) -> None:
    """With a mark at the front or without."""
    (who,) = read(tmp_path, GOOGLE.encode(encoding))

    assert who.full_name == "Bob Bell"


def test_old_macs_end_lines_with_a_carriage_return(tmp_path: Path) -> None:
    """And nothing else."""
    (who,) = read(tmp_path, GOOGLE.replace("\r\n", "\r").encode())

    assert who.full_name == "Bob Bell" and len(who.emails) == 1


def test_a_card_that_never_ends_is_named_and_read(tmp_path: Path) -> None:
    """What it says counts, and so does the card behind it."""
    cut = GOOGLE.replace("END:VCARD\r\n", "")
    first, second = read(tmp_path, (cut + ICLOUD).encode())

    assert first.full_name == "Bob Bell" and first.line == 1
    assert [key for key, _, _ in first.problems] == ["import.card_not_ended"]
    assert second.full_name == "Giulia Rossi" and not second.problems


def test_a_card_inside_a_card_is_somebody_else(tmp_path: Path) -> None:
    """The agent's name and phone are not the customer's."""
    card = (
        "BEGIN:VCARD\nVERSION:2.1\nFN:The Boss\nAGENT:\nBEGIN:VCARD\nVERSION:2.1\n"
        "FN:The Secretary\nTEL:+491709999999\nEND:VCARD\nTEL:+491701111111\nEND:VCARD\n"
    )
    (who,) = read(tmp_path, card.encode())

    assert who.full_name == "The Boss" and [v for v, _ in who.phones] == ["+491701111111"]


def test_what_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    """A line without a colon, a phone that is none, a card about nobody, an end without a start."""
    cards = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:Half Read\nthis is nothing\nTEL:12\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nNOTE:nobody\nEND:VCARD\nEND:VCARD\n"
    )
    half, nobody, loose = read(tmp_path, cards.encode())

    assert {key for key, _, _ in half.problems} == {"import.unread_line", "import.bad_phone"}
    assert (nobody.line, nobody.is_bad, nobody.problems[0][0]) == (7, True, "import.nobody")
    assert loose.problems[0][0] == "import.card_without_begin"


def test_lines_folded_in_the_middle_of_a_character(tmp_path: Path) -> None:
    """Some programs count bytes and not letters."""
    whole = "NOTE:" + "ä" * 60
    raw = whole.encode()
    folded = raw[:74] + b"\r\n " + raw[74:]
    card = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:X Y\r\n" + folded + b"\r\nEND:VCARD\r\n"
    (who,) = read(tmp_path, card)

    assert who.notes == ["ä" * 60]


def test_a_photo_of_a_megabyte_is_passed_by(tmp_path: Path) -> None:
    """In one line, or in many that are not folded as they should be."""
    long = b"PHOTO;ENCODING=b;TYPE=JPEG:" + b"A" * 3_000_000
    card = (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:X Y\r\n"
        + long
        + b"\r\nTEL:+491701112224\r\nEND:VCARD\r\n"
    )
    loose = card.replace(b"A" * 3_000_000, b"AAAA\r\nBBBB\r\nCCCC==")

    for content in (card, loose):
        (who,) = read(tmp_path, content)
        assert [value for value, _ in who.phones] == ["+491701112224"] and not who.problems
