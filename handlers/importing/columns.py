"""What the columns of a table mean: guessed from their headings, then from what stands in them.

The headings of Google Contacts, Outlook, HubSpot, Salesforce, EspoCRM, Shopify and of ours are
known, in English, and in Chinese what people write at the top of a table.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from unicodedata import normalize

from handlers.importing import places
from handlers.importing.headings import (
    ABROAD,
    HEADINGS,
    HEADINGS_BESIDE,
    IGNORED,
    ORDER_HEADINGS,
)
from handlers.importing.persons import LABEL
from handlers.importing.rows import Row
from handlers.importing.vcards import key_of

# Fields that a column may be told to be, in the order in which they are offered.
FIELDS = tuple(
    "name first_name last_name middle_name company phone email street more_street city region "
    "postcode country "
    "address birthday gender language zone source owner tags stage note marketing no_marketing "
    "created external rapport_id order_number order_of order_at order_kind order_status payment "
    "order_amount currency product sku quantity price".split()
)
_OF_ORDERS, _IN_ORDERS = (
    {heading.strip(): name for name, all_ in each.items() for heading in all_.split(",")}
    for each in (ORDER_HEADINGS, HEADINGS_BESIDE)
)
_FIELD_OF = {
    heading.strip(): field
    for table in (ABROAD, HEADINGS)
    for field, headings in table.items()
    for heading in headings.split(",")
}
# Words that say which of several, or whose: the rest says what it is.
_WHICH = re.compile(
    r"\b(?:home|work|business|private|personal|primary|main|default address|default|mailing|billing|"
    r"shipping|other|secondary|geschaftlich|privat|weitere[rs]?|商务地址|住宅地址|其他地址|first(?= phone| email)|contact(?= phone| email)|value|\d+|mobile(?= 1))"
    r"\b|\b[a-z]\b(?= mail)(?<!e)"
)
# Programs whose plain "id" is one of a customer, and the same in each of their exports.
_WITH_IDS = frozenset(("stripe", "pipedrive", "woocommerce"))
_FAX = re.compile(r"\bfax\b|传真|pager|telex|isdn|tty")
_ACCENTS = re.compile("([a-z])[\u0300-\u036f]+")
_PUNCTUATION = re.compile(r"[^\w]+|_+")
_BRACKETS = re.compile(r"[(（\[].*?[)）\]]")

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_PHONE = re.compile(r"\+?[\d][\d\s().\-/]{6,20}")
_DATE = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T].*)?|\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})"
)
_LETTERS = re.compile(r"[^\W\d_]")


def plain(heading: str) -> str:
    """A heading as it is compared: lower case, single spaces, no marks and no accents."""
    bare = (_BRACKETS.sub(" ", heading) or heading).replace("\ufeff", "").casefold()
    if not bare.isascii():
        bare = _ACCENTS.sub(r"\1", normalize("NFD", bare))
        bare = normalize("NFC", bare)
    return " ".join(_PUNCTUATION.sub(" ", bare).split())


def field_of(heading: str) -> str | None:
    """The field that a heading names; None for one that is not known."""
    text = plain(heading)
    if not text:
        return None
    if text in _FIELD_OF:
        return _FIELD_OF[text]
    if _FAX.search(text):
        return "custom:fax"
    # "phone 1 label" and "phone 1 type" say what kind of phone the next column holds.
    if re.search(r"\b(?:label|type)$", text) and re.search(r"\d", text):
        return IGNORED
    rest = " ".join(_WHICH.sub(" ", text).split())
    found = _FIELD_OF.get(rest)
    if found is None and rest.startswith("address "):
        found = _FIELD_OF.get(rest.removeprefix("address ").strip())
    return found


def _labels(header: Sequence[str], found: list[str]) -> None:
    """Columns that say what the next one holds: "Custom Field 1 - Type" and its "Value"."""
    for at, (heading, following) in enumerate(pairwise(map(plain, header))):
        said = _LABEL_OF.fullmatch(heading)
        if said and following == f"{said[1]} value":
            found[at] = LABEL


_LABEL_OF = re.compile(r"((?:custom field|relation|event|phone) \d+) (?:label|type)")


def without_prefix(header: Sequence[str]) -> list[str]:
    """The headings without what all of them begin with, as in "Person - Name"."""
    begun = [each.partition(" - ")[0] for each in header if " - " in each]
    prefix = max(set(begun), key=begun.count, default="")
    if not prefix or begun.count(prefix) < max(3, 0.9 * sum(map(bool, header))):
        return list(header)
    return [each.removeprefix(f"{prefix} - ") for each in header]


def has_header(rows: Sequence[Row]) -> bool:
    """Whether the first row says what the columns are, rather than who somebody is."""
    if not rows:
        return False
    cells = [cell.strip() for cell in rows[0].cells]
    if any(_EMAIL.fullmatch(cell) or _looks_like_a_phone(cell) for cell in cells):
        return False
    known = sum(1 for cell in cells if field_of(cell) is not None)
    if known:
        return True
    below = [
        guess([row.cells[at] for row in rows[1:] if at < len(row.cells)])
        for at in range(len(cells))
    ]
    # Nothing in it is known. When the columns below hold e-mail addresses or phones, it is no row
    # of theirs.
    return any(below) or len(rows) < 2 or not any(_DATE.fullmatch(cell) for cell in cells)


def titles_above(rows: Sequence[Row]) -> int:
    """How many rows stand above the one that says what the columns are: a title, a date, a line."""
    if not rows or known_in(rows[0]) > 1:
        return 0
    for at, row in enumerate(rows[:MOST_TITLES]):
        if known_in(row) > 1:
            return at
        if sum(1 for cell in row.cells if cell.strip()) > 1 and at:
            return 0
    return 0


# More lines than that nobody writes above a table.
MOST_TITLES = 10


def known_in(row: Row) -> int:
    """How many different fields a row names, read as headings."""
    return len({field_of(cell) for cell in row.cells} - {None, IGNORED})


def _looks_like_a_phone(text: str) -> bool:
    return (
        bool(_PHONE.fullmatch(text))
        and 7 <= sum(map(str.isdigit, text)) <= 15
        and not (_DATE.fullmatch(text))
    )


def guess(values: Sequence[str]) -> str:
    """What values look like: an e-mail address, a phone, a date; "" when like nothing special."""
    filled = [value.strip() for value in values if value.strip()]
    if not filled:
        return ""
    for field, fits in (
        ("email", lambda text: bool(_EMAIL.fullmatch(text))),
        ("phone", _looks_like_a_phone),
    ):
        if sum(1 for value in filled if fits(value)) >= 0.7 * len(filled):
            return field
    return ""


def mapping(header: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """What each column is: a field, "custom:…", or "" for one that is left out."""
    system = system_of(header)
    header = without_prefix(header)
    width = len(header) or max((len(row.cells) for row in rows), default=0)
    samples = [[row.cells[at] for row in rows if at < len(row.cells)] for at in range(width)]
    found = [
        _column(header[at] if at < len(header) else "", samples[at], bool(header))
        for at in range(width)
    ]
    if "name" not in found and "first_name" not in found and "last_name" not in found:
        _name_by_looks(found, samples, bool(header))
    for at, heading in enumerate(header):
        if not heading.strip() and found[at] == IGNORED and _says_something(samples[at]):
            found[at] = f"custom:column_{at + 1}"
        elif found[at] == IGNORED and system in _WITH_IDS and plain(heading) == "id":
            found[at] = "external"
    _labels(header, found)
    _titles(header, found)
    _keep_apart(found)
    _family_names(found, samples)
    found = _orders(header, found)
    if "rapport_id" in found:
        # Our own export: who writes to us from which account is not a file's to say.
        found = [
            IGNORED if at < len(header) and plain(header[at]) == "telegram" else each
            for at, each in enumerate(found)
        ]
    return _not_twice(header, found)


def _orders(header: Sequence[str], found: list[str]) -> list[str]:
    """In a table of orders some headings mean the order, and not its customer."""
    headings = [plain(each) for each in header]
    if not any(each in _OF_ORDERS for each in headings):
        return found
    meant = [
        _OF_ORDERS.get(heading, _IN_ORDERS.get(heading, known))
        for heading, known in zip(headings, found, strict=False)
    ]
    if "lineitem quantity" in headings and "order_number" not in meant and "name" in headings:
        # A shop calls its orders so.
        meant[headings.index("name")] = "order_number"
    return meant


def _column(heading: str, values: Sequence[str], is_headed: bool) -> str:
    known = field_of(heading) if heading else None
    if known is not None:
        return known
    looks = guess(values)
    if looks:
        return looks
    if heading.strip():
        return f"custom:{key_of(plain(heading))}"
    if not is_headed and sum(1 for v in values if _DATE.fullmatch(v.strip())) > len(values) / 2:
        return "birthday"
    return IGNORED


def _name_by_looks(found: list[str], samples: list[list[str]], is_headed: bool) -> None:
    """The first column of words is the name, when none is called so."""
    for at, values in enumerate(samples):
        free = found[at] == IGNORED or found[at].startswith("custom:")
        filled = [value for value in values if value.strip()]
        wordy = [v for v in filled if _LETTERS.search(v) and not any(map(str.isdigit, v))]
        if free and filled and len(wordy) >= 0.8 * len(filled):
            if is_headed and found[at].startswith("custom:") and len(set(filled)) < len(filled) / 2:
                continue
            found[at] = "name"
            return


def _keep_apart(found: list[str]) -> None:
    """A whole address beside its parts says nothing more."""
    if "address" in found and "city" in found and "street" not in found:
        found[found.index("address")] = "street"
    if "address" in found and "street" in found:
        found[:] = [IGNORED if each == "address" else each for each in found]


def _family_names(found: list[str], samples: list[list[str]]) -> None:
    """Beside a first name, "name" is the last one, unless the first is in it."""
    if not {"name", "first_name"} <= set(found) or "last_name" in found:
        return
    whole, first = found.index("name"), found.index("first_name")
    both = [pair for pair in zip(samples[whole], samples[first], strict=False) if all(pair)]
    if both and not any(given.strip() in name for name, given in both):
        found[whole] = "last_name"


def _says_something(values: Sequence[str]) -> bool:
    """Whether a column without a heading holds more than the numbers of its rows."""
    filled = [value.strip() for value in values if value.strip()]
    if not filled or not all(map(str.isdecimal, filled)):
        return bool(filled)
    return any(int(b) - int(a) != 1 for a, b in pairwise(filled))


def _titles(header: Sequence[str], found: list[str]) -> None:
    """Beside a job title, a "title" is what stands before the name."""
    titled = [plain(heading) for heading in header]
    if found.count("custom:job_title") > 1 and "title" in titled and "custom:title" not in found:
        found[titled.index("title")] = "custom:title"


def _not_twice(header: Sequence[str], found: list[str]) -> list[str]:
    """Of two columns with one meaning: a custom one gets a number, an address is another one."""
    seen: dict[str, int] = {}
    kept = []
    found = places.apart([plain(heading) for heading in header], found)
    for each in found:
        seen[each] = seen.get(each, 0) + 1
        if seen[each] > 1 and each.startswith("custom:"):
            kept.append(f"{each[:36]}_{seen[each]}")
        else:
            kept.append(each)
    return kept


def read_map(text: str, header: Sequence[str], found: Sequence[str]) -> list[str] | None:
    """A mapping changed by "Heading=field, 3=phone, X=-"; None when something in it is unknown."""
    changed = list(found)
    for part in re.split(r"[,;\n]", text):
        if not part.strip():
            continue
        heading, is_given, field = part.rpartition("=")
        at = _position(heading.strip(), header, len(changed))
        meant = meaning(field.strip())
        if not is_given or at is None or meant is None:
            return None
        changed[at] = meant
    return changed


def meaning(text: str) -> str | None:
    """The field that somebody means: its key, what a heading of it would be, or "custom:x"."""
    if text in ("-", "", "ignore", "忽略"):
        return IGNORED
    if text in FIELDS or text == LABEL or places.is_of_another(text):
        return text
    if text.startswith("custom:") and len(text) > 7:
        return f"custom:{key_of(text[7:])}"
    return _FIELD_OF.get(plain(text))


def _position(heading: str, header: Sequence[str], width: int) -> int | None:
    if heading.isdecimal() and 1 <= int(heading) <= width:
        return int(heading) - 1
    wanted = plain(heading)
    return next((at for at, each in enumerate(header) if plain(each) == wanted), None)


def system_of(header: Sequence[str]) -> str:
    """The program that a table comes from, as far as its headings tell; for ids of its own."""
    headings = {plain(each) for each in header}
    # What an id means in each of them, that program alone knows.
    signs = (
        ("rapport", {"rapport id"}),
        ("shopify", {"accepts email marketing", "total spent"}),
        ("zoho", {"contact owner id"}),
        ("hubspot", {"record id"}),
        ("pipedrive", {"person id", "person name"}),
        ("stripe", {"id", "delinquent"}),
        ("woocommerce", {"username", "date registered"}),
        ("mailchimp", {"leid", "euid"}),
        ("intercom", {"user id", "signed up"}),
        ("salesforce", {"contact id", "account name"}),
    )
    return next((name for name, needed in signs if needed <= headings), "external")
