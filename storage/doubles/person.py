"""A person as they are compared: plain values from wherever, and the same made ready once."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from storage.doubles.naming import Name, name_of
from storage.finding.folding import folded

# So many digits at the end of a phone say whose it is, however its beginning is written.
TAIL = 9
_SHORTEST_PHONE = 5
_NOT_DIGITS = re.compile(r"\D+")
# Mailboxes that many people share say little about one of them.
SHARED_MAILBOXES = frozenset(
    "info office sales contact support hello admin mail service team help billing accounts "
    "enquiries post kontakt buero noreply".split()
)
# Where dots in the local part mean nothing.
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})
# Legal forms, as little part of a company's name as "the".
_FORMS = frozenset(
    "ltd limited inc incorporated llc gmbh ag kg ohg ug co corp corporation plc sa sas sarl srl "
    "spa bv nv ab oy as aps kft sp zoo the and company group holding pty pte".split()
)
_FORMS_ZH = ("股份有限公司", "有限责任公司", "有限公司", "公司")
# How streets and such are shortened.
_STREETS = {
    "st": "street", "str": "street", "strasse": "street", "rd": "road", "ave": "avenue",
    "av": "avenue", "pl": "place", "crt": "court", "ct": "court", "cl": "close", "dr": "drive",
    "cr": "crescent", "cres": "crescent", "tce": "terrace", "ln": "lane", "blvd": "boulevard",
    "sq": "square", "hwy": "highway", "apt": "flat", "fl": "floor", "nr": "number", "no": "number",
    "rtrmnt": "retirement", "vlge": "village", "mt": "mount", "nth": "north", "sth": "south",
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """What is known of somebody, as it was given; every field may be empty.

    `birthday` is a date, or text such as "1980-02-03", "19800203" or "3.2.1980"; `ids` are numbers
    of the person alone (a customer number, a social security number, a messenger's user id);
    an address is one text, its parts in any order.
    """

    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    birthday: date | str | None = None
    addresses: tuple[str, ...] = ()
    company: str | None = None
    ids: tuple[str, ...] = ()
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An e-mail address: as it is compared, its local part as letters, and its domain."""

    whole: str
    local: str
    domain: str


@dataclass(frozen=True, slots=True)
class Known:
    """A person made ready for comparing; the work of it is done once for many pairs."""

    called: tuple[str, ...]
    phones: tuple[str, ...]
    mailboxes: tuple[Mailbox, ...]
    birthday: str
    addresses: tuple[tuple[str, ...], ...]
    company: str
    ids: tuple[str, ...]
    gender: str

    @property
    def names(self) -> tuple[Name, ...]:
        """The names made ready, which is done when they are asked for: most pairs never do."""
        names = map(name_of, self.called)
        return tuple(name for name in names if name.tokens or name.chinese)


def known(person: Person) -> Known:
    """Make a person ready for comparing."""
    return Known(
        called=person.names,
        phones=tuple(filter(None, map(digits_of_phone, person.phones))),
        mailboxes=tuple(filter(None, map(mailbox, person.emails))),
        birthday=day_digits(person.birthday),
        addresses=tuple(filter(None, map(address_tokens, person.addresses))),
        company=company_text(person.company or ""),
        ids=tuple(text for text in map(plain_id, person.ids) if text),
        gender=person.gender if person.gender in ("female", "male") else "",
    )


def digits_of_phone(text: str) -> str:
    """The digits of a phone that are compared: the last nine, or all that there are."""
    digits = _NOT_DIGITS.sub("", text)
    return digits[-TAIL:] if len(digits) >= _SHORTEST_PHONE else ""


def mailbox(text: str) -> Mailbox | None:
    """An e-mail address without what does not matter: case, +tags, the dots of Gmail."""
    local, at, domain = text.strip().lower().rpartition("@")
    if not at or not local or not domain:
        return None
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return Mailbox(f"{local}@{domain}", re.sub(r"[^a-z0-9]", "", folded(local)), domain)


def day_digits(day: date | str | None) -> str:
    """A day as eight digits, the year first; what is no whole date stays as its digits."""
    if day is None:
        return ""
    if isinstance(day, date):
        return f"{day:%Y%m%d}"
    parts = [part for part in _NOT_DIGITS.split(day.strip().partition("T")[0]) if part]
    if len(parts) >= 3 and len(parts[0]) == 4:
        return f"{parts[0]}{parts[1]:>02}{parts[2]:>02}"[:8]
    if len(parts) >= 3 and len(parts[2]) == 4:
        return f"{parts[2]}{parts[1]:>02}{parts[0]:>02}"[:8]
    return "".join(parts)


def address_tokens(text: str) -> tuple[str, ...]:
    """The words and numbers of an address, long forms for short ones."""
    return tuple(_STREETS.get(word, word) for word in folded(text).split())


@lru_cache(maxsize=16384)
def company_text(text: str) -> str:
    """A company's name without its legal form."""
    plain = folded(text)
    for form in _FORMS_ZH:
        plain = plain.removesuffix(form)
    words = [word for word in plain.split() if word not in _FORMS]
    return " ".join(words) or plain


def plain_id(text: str) -> str:
    """A number of somebody's own: letters and digits only."""
    return re.sub(r"[\W_]+", "", text).lower()
