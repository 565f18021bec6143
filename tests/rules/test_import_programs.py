"""Address books as the programs themselves write them: every readable field arrives."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from handlers.importing.opening import opened
from handlers.importing.persons import Person
from handlers.importing.survey import people, survey

TODAY = date(2026, 11, 18)


def quoted(text: str, encoding: str = "utf-8") -> str:
    """Every byte as quoted-printable writes it."""
    return "".join(f"={byte:02X}" for byte in text.encode(encoding))


@dataclass(frozen=True)
class Told:
    """A file, and what somebody reads in it with their own eyes."""

    content: bytes
    name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    company: str = ""
    birthday: date | None = None
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    custom: dict[str, str] = field(default_factory=dict)
    region: str = "DE"


def card(*lines: str, version: str = "2.1", encoding: str = "utf-8", mark: str = "\r\n") -> bytes:
    """A card of these lines."""
    whole = ("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", "")
    return mark.join(whole).encode(encoding)


FILES = {
    "outlook 2003": Told(
        card(
            "N:Grüning;Jürgen",
            "FN:Jürgen Grüning",
            "ORG:Müßig & Söhne;Einkauf",
            "TITLE:Einkäufer",
            "NOTE;ENCODING=QUOTED-PRINTABLE:Zahlt p=FCnktlich=0D=0A=0D=0Aimmer=",
            "=20bar",
            "TEL;WORK;VOICE:+49 (30) 901820",
            "TEL;CELL;VOICE:0170 1234567",
            "ADR;WORK;ENCODING=QUOTED-PRINTABLE:;;Stra=DFe 1=0D=0AHof;Berlin;;10115;Deutschland",
            "BDAY:19610708",
            "EMAIL;PREF;INTERNET:juergen@muessig.example",
            "REV:20040101T120000Z",
            encoding="cp1252",
        ),
        "Jürgen Grüning",
        ("+4930901820", "+491701234567"),
        ("juergen@muessig.example",),
        "Müßig & Söhne",
        date(1961, 7, 8),
        notes=("Zahlt pünktlich\n\nimmer bar",),
        custom={
            "department": "Einkauf",
            "job_title": "Einkäufer",
            "street": "Straße 1, Hof",
            "city": "Berlin",
            "postcode": "10115",
            "country": "Germany",
        },
    ),
    "samsung": Told(
        card(
            f"N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:{quoted('Müller')};{quoted('Zoë')};;;",
            f"FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:{quoted('Zoë Müller')}",
            "TEL;CELL:+49-170-1234567",
            "TEL;X-Private:+4930111222",
            "EMAIL;HOME:zoe@example.org",
            "BDAY:1990-05-17",
            "X-SAMSUNGADR:ignored",
            "X-GROUP:Family",
            "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQEASABIAAD",
            " /2wBDAAEBAQEBAQEBAQEBAQ==",
            "",
        ),
        "Zoë Müller",
        ("+491701234567", "+4930111222"),
        ("zoe@example.org",),
        birthday=date(1990, 5, 17),
        custom={"group": "Family"},
    ),
    "huawei": Told(
        card(
            f"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;{quoted('陈晓')};;;",
            f"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{quoted('陈晓')}",
            "TEL;CELL:139 1234 5678",
            f"ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{quoted('深圳某公司')}",
            "X-QQ:12345678",
        ),
        "陈晓",
        ("+8613912345678",),
        company="深圳某公司",
        custom={"qq": "12345678"},
        region="CN",
    ),
    "symbian": Told(
        card(
            "REV:20080101T000000Z",
            "UID:1",
            "N:Virtanen;Aino;;;",
            "TEL;CELL:+358401234567",
            "TEL;HOME;VOICE:+358912345",
            "EMAIL;INTERNET;HOME:aino@virtanen.example",
            "X-CLASS:private",
        ),
        "Aino Virtanen",
        ("+358401234567", "+358912345"),
        ("aino@virtanen.example",),
    ),
    "evolution": Told(
        card(
            "URL:http://smith.example",
            "TITLE:CTO",
            "X-EVOLUTION-FILE-AS:Smith\\, John",
            "FN:John Smith",
            "N:Smith;John;;;",
            "X-EVOLUTION-SPOUSE:Jane",
            "EMAIL;X-EVOLUTION-UI-SLOT=1;TYPE=WORK:john@smith.example",
            'TEL;X-EVOLUTION-UI-SLOT="1";TYPE="WORK,VOICE":+442079460958',
            "CATEGORIES:Business,Key Customer",
            version="3.0",
        ),
        "John Smith",
        ("+442079460958",),
        ("john@smith.example",),
        tags=("business", "key-customer"),
        custom={"website": "http://smith.example", "job_title": "CTO"},
    ),
    "kde": Told(
        card(
            "EMAIL;TYPE=PREF:lars@hansen.example",
            "EMAIL:lars@work.example",
            "FN:Lars Hansen",
            "N:Hansen;Lars;Ole;;",
            "NOTE:Line one\\nline two\\, with a comma\\; and more",
            "TEL;TYPE=CELL:+4520123456",
            "UID:abc",
            "X-KADDRESSBOOK-X-Profession:Carpenter",
            version="3.0",
            mark="\n",
        ),
        "Lars Hansen",
        ("+4520123456",),
        ("lars@hansen.example", "lars@work.example"),
        notes=("Line one\nline two, with a comma; and more",),
    ),
    "whatsapp": Told(
        card(
            "N:;Priya;;;",
            "FN:Priya",
            "item1.TEL;waid=919876543210:+91 98765 43210",
            "item1.X-ABLabel:Mobile",
            "X-WA-BIZ-NAME:Priya Sarees",
            version="3.0",
            mark="\n",
        ),
        "Priya",
        ("+919876543210",),
        custom={"wa_biz_name": "Priya Sarees"},
    ),
    "thunderbird": Told(
        card(
            "FN:Eva Nová",
            "N:Nová;Eva;;;",
            "EMAIL;PREF=1:eva@nova.example",
            "TEL;TYPE=work;VALUE=TEXT:+420601123456",
            "ADR;TYPE=home:;;Dlouhá 1;Praha;;110 00;Česko",
            "BDAY;VALUE=DATE:19700229",
            "UID:urn:uuid:1",
            version="4.0",
        ),
        "Eva Nová",
        ("+420601123456",),
        ("eva@nova.example",),
        custom={"street": "Dlouhá 1", "city": "Praha", "postcode": "110 00", "country": "Czechia"},
    ),
    "foxmail": Told(
        (
            "姓名,电子邮件地址,手机,公司,部门,职位,生日,备注\r\n"
            '王芳,wangfang@example.cn,13800138000,上海某公司,销售部,经理,1988-08-08,"老客户,常来"\r\n'
        ).encode("gb18030"),
        "王芳",
        ("+8613800138000",),
        ("wangfang@example.cn",),
        "上海某公司",
        date(1988, 8, 8),
        notes=("老客户,常来",),
        custom={"department": "销售部", "job_title": "经理"},
        region="CN",
    ),
    "hubspot": Told(
        (
            '"Record ID","First Name","Last Name","Email","Phone Number","Contact owner",'
            '"Lead Status","Create Date","Associated Company","Job Title","City"\n'
            '"5301","Maria","Johnson","emailmaria@hubspot.example","+1 617-555-0123","",'
            '"NEW","2024-03-01 10:15","HubSpot","Salesperson","Cambridge"\n'
        ).encode("utf-8-sig"),
        "Maria Johnson",
        ("+16175550123",),
        ("emailmaria@hubspot.example",),
        "HubSpot",
        custom={"job_title": "Salesperson", "city": "Cambridge"},
    ),
    "outlook 2016": Told(
        (
            '"Title","First Name","Middle Name","Last Name","Suffix","Company","Department",'
            '"Job Title","Business Street","Business City","Business Postal Code",'
            '"Business Country/Region","Business Fax","Business Phone","Mobile Phone","Birthday",'
            '"Categories","E-mail Address","E-mail 2 Address","Notes","Web Page"\r\n'
            '"","Nora","","Berg","","Berg AS","Sales","Head","Storgata 1","Oslo","0155",'
            '"Norway","+47 22 12 34 56","+47 22 12 34 57","+47 400 12 345","0/0/00","Key;North",'
            '"nora@berg.example","nora@home.example","two\r\nlines","http://berg.example"\r\n'
        ).encode("cp1252"),
        "Nora Berg",
        ("+4722123457", "+4740012345"),
        ("nora@berg.example", "nora@home.example"),
        "Berg AS",
        tags=("key", "north"),
        notes=("two\nlines",),
        custom={"department": "Sales", "city": "Oslo", "fax": "+47 22 12 34 56"},
    ),
}


def read(tmp_path: Path, told: Told) -> Person:
    """Who a file speaks of."""
    file = tmp_path / "contacts"
    file.write_bytes(told.content)
    found = survey(opened(file))
    (who,) = people(found, found.reading(told.region, TODAY))
    return who


@pytest.mark.parametrize("program", list(FILES))
def test_every_readable_field_arrives(tmp_path: Path, program: str) -> None:
    """As somebody would read it with their own eyes."""
    told = FILES[program]
    who = read(tmp_path, told)

    assert who.full_name == told.name
    assert tuple(value for value, _ in who.phones) == told.phones
    assert tuple(value for value, _ in who.emails) == told.emails
    assert (who.company, who.birthday) == (told.company, told.birthday)
    assert (tuple(who.tags), tuple(note.replace("\r\n", "\n") for note in who.notes)) == (
        told.tags,
        told.notes,
    )
    assert {key: who.custom.get(key) for key in told.custom} == told.custom
    assert not who.is_bad
    # The only value that cannot be: a 29th of February in a year that has none.
    assert [each[1] for each in who.problems] == ["birthday"] * (program == "thunderbird")
