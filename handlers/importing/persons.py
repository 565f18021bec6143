"""A row becomes a person: every value in its normal form, or refused with a reason."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from handlers import countries
from handlers.importing import dates, emails, numbers
from handlers.importing.dates import Order
from handlers.importing.rows import Row
from handlers.importing.vcards import key_of
from storage.records import Gender, IdentityKind, Stage

if TYPE_CHECKING:
    from handlers.importing.buying import Buying

LONGEST_NAME = 256
LONGEST_CUSTOM = 500
LONGEST_NOTE = 20_000
# The parts of an address.
PLACE = ("street", "city", "region", "postcode", "country")
MOST_OF_A_KIND = 20
# A column that says what the next one holds; one with what does not fit into the street's line.
LABEL, MORE_STREET = "label", "more_street"

_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u001f\u007f-\u009f\ud800-\udfff]"
)
_UNSTORABLE = re.compile("[\u0000\ud800-\udfff]")
_TAG = re.compile(r"[\w-]{1,64}")
_BETWEEN_TAGS = re.compile(r"[,;|，；、]|:::")
_BETWEEN_EMAILS = re.compile(r"[\s,;|，；、]+|:::")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
# What programs write where there is nothing.
_NOTHING = frozenset(
    "- -- --- – — . / ? 0 n/a na nil null none unknown unspecified undefined keine kein 无 没有 暂无 未知".split()
)
_EMPTY = frozenset(
    "#N/A #REF! #VALUE! #NAME? #DIV/0! #NUM! #NULL! 0/0/00 0/0/0000 00/00/0000 0000-00-00".split()
)
# The last row of many tables.
_TOTAL = re.compile(
    r"(?:grand |sub ?)?totale?s?|sum|summe|(?:gesamt|zwischen)(?:summe)?|итого|всего|合计|总计|小计|总数",
    re.IGNORECASE,
)
# A spreadsheet's sign that a number is meant as text.
_AS_TEXT = re.compile(r"'(?=\+?\d[\d\s().\-/]*$)")
# What exports put before a value so that no program takes it for a formula.
_DEFUSED = re.compile(r"'(?=[\s']*[=+\-@\t\r＝＋－＠])")

_YES = frozenset(
    "yes y true 1 t on x subscribed granted opted-in opt-in accepted agreed ok ja oui si 是 同意 已同意 "
    "已订阅 订阅 接受 √ ✓".split()
)
_NO = frozenset(
    "no n false 0 f off unsubscribed denied opted-out opt-out refused rejected declined nein non 否 不 "
    "不同意 已退订 退订 拒绝 × ✗".split()
)
_GENDERS: dict[str, Gender | None] = {
    **dict.fromkeys(
        "female f w woman mrs ms miss frau weiblich 女 女士 女性 小姐".split(), Gender.FEMALE
    ),
    **dict.fromkeys("male m man mr herr männlich 男 先生 男性".split(), Gender.MALE),
    **dict.fromkeys("other o d diverse divers nonbinary non-binary x 其他".split(), Gender.OTHER),
    **dict.fromkeys("unknown u n none na n/a - 未知 保密 不详".split(), None),
}
_STAGES = {
    **dict.fromkeys(
        "lead prospect subscriber new open opportunity marketingqualifiedlead salesqualifiedlead mql "
        "sql working contacted qualified 潜在客户 线索 意向客户 潜客 新客户".split(),
        Stage.LEAD,
    ),
    **dict.fromkeys(
        "customer client active evangelist won converted 客户 老客户 成交客户 已成交 正式客户".split(),
        Stage.CUSTOMER,
    ),
    **dict.fromkeys(
        "former churned lost inactive ex-customer past 流失 流失客户 已流失 前客户".split(),
        Stage.FORMER,
    ),
}
_LANGUAGES = {
    **dict.fromkeys("english englisch anglais 英文 英语".split(), "en"),
    **dict.fromkeys("chinese mandarin 中文 汉语 普通话 简体中文 繁体中文 华语".split(), "zh"),
    **dict.fromkeys("german deutsch 德语".split(), "de"),
    **dict.fromkeys("french français francais 法语".split(), "fr"),
    **dict.fromkeys("spanish español espanol 西班牙语".split(), "es"),
    **dict.fromkeys("japanese 日本語 日语".split(), "ja"),
    **dict.fromkeys("russian русский 俄语".split(), "ru"),
    **dict.fromkeys("italian italiano 意大利语".split(), "it"),
    **dict.fromkeys("portuguese português 葡萄牙语".split(), "pt"),
}
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")


@dataclass(slots=True)
class Person:
    """What a row says about somebody, in normal form."""

    line: int
    cells: list[str]
    name: str = ""
    first: str = ""
    last: str = ""
    middle: str = ""
    company: str = ""
    # (E.164, as it was given), (lower case, as it was given), …
    phones: list[tuple[str, str]] = field(default_factory=list)
    emails: list[tuple[str, str]] = field(default_factory=list)
    externals: list[str] = field(default_factory=list)
    rapport_id: int = 0
    # As our own export tells them; None where they are put together from street and city.
    addresses: list[str] | None = None
    # The parts of a second address and further ones.
    places: dict[str, dict[str, str]] = field(default_factory=dict)
    birthday: date | None = None
    gender: Gender | None = None
    language: str = ""
    zone: str = ""
    source: str = ""
    owner: str = ""
    tags: list[str] = field(default_factory=list)
    stage: Stage | None = None
    notes: list[str] = field(default_factory=list)
    marketing: bool | None = None
    created: datetime | None = None
    custom: dict[str, str] = field(default_factory=dict)
    # What was refused: the key of a text, the field, and the value.
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    is_bad: bool = False
    # What they have bought or given back; the rows of one order end in this line.
    order: "Buying | None" = None
    ends: int = 0
    # What they are surely known by, once somebody has asked.
    keys: list[tuple[IdentityKind, str]] | None = None

    @property
    def full_name(self) -> str:
        """How they are called; whoever has no name of their own, as their company is."""
        return self.own_name or self.company

    @property
    def own_name(self) -> str:
        """Their name as the file says, or put together from its parts."""
        if self.name:
            return self.name
        parts = [self.first, self.middle, self.last]
        if self.last and _CHINESE.match(self.last) and _CHINESE.match(self.first or self.last):
            return f"{self.last}{self.middle}{self.first}"
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Reading:
    """How the values of one file are to be understood."""

    region: str | None = None
    # The order of day and month by field; the same for all where somebody has said so.
    orders: tuple[tuple[str, Order], ...] = ()
    today: date = date(2100, 1, 1)
    system: str = "external"

    def order_of(self, target: str) -> Order | None:
        """Whether the day comes first in a field."""
        return dict(self.orders).get(target) or dict(self.orders).get("")


def paired(row: Row, targets: Sequence[str]) -> list[tuple[str, str]]:
    """The fields of a row with their texts."""
    if row.pairs is not None:
        return row.pairs
    if LABEL in targets:
        return list(_labelled(row.cells, targets))
    return [
        (target, text) for target, text in zip(targets, row.cells, strict=False) if target and text
    ]


def _labelled(cells: Sequence[str], targets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The same where one column says what the next one holds."""
    label = ""
    for target, text in zip(targets, cells, strict=False):
        if target == LABEL:
            label = text.strip("* ")
            continue
        if target and text:
            yield _called(target, label), text
        label = ""


def _called(target: str, label: str) -> str:
    """A field by its label: a number called a fax is one, "Anniversary" is what an event is."""
    key = key_of(label) if label else ""
    if target == "phone":
        return "fax" if "fax" in key else target
    if not key or not target.startswith("custom:"):
        return target
    return key if key == "birthday" else f"custom:{key}"


def person_of(row: Row, targets: Sequence[str], reading: Reading) -> Person:
    """What a row says. What is wrong stands in it as problems."""
    person = Person(row.line, row.cells, ends=row.line)
    if reading.system == "rapport":
        person.addresses = []
    if row.problem:
        person.problems.append((row.problem, "", ""))
        person.is_bad = True
        return person
    if row.pairs is None and any(cell.strip() for cell in row.cells[len(targets) :]):
        person.problems.append(("import.more_cells", "", str(len(row.cells))))
        person.is_bad = True
        return person
    for target, text in paired(row, targets):
        given = text.strip()
        if not given:
            continue
        if given[0] == "'":
            given = _DEFUSED.sub("", given, count=1)
            if reading.system != "rapport":
                given = _AS_TEXT.sub("", given, count=1)
        elif given[0] in "#0" and given in _EMPTY:
            continue
        take = _TAKERS.get(target)
        if take is not None:
            take(person, given, reading)
        elif target.startswith("custom:"):
            _take_another(person, target[7:], given)
        elif ":" in target:
            part, _, place = target.partition(":")
            said = tidy(given, LONGEST_CUSTOM)
            said = countries.canonical(said) if part == "country" else said
            put = person.places.setdefault(place, {})
            if part == MORE_STREET:
                put["street"] = _with_more(put.get("street", ""), said)
            else:
                put.setdefault(part, said)
    _settle_places(person)
    if person.order is not None and (person.order.number or person.order.of):
        # Whoever it belongs to, the order says so.
        return person
    if not (person.phones or person.emails or person.externals):
        _must_be_somebody(person, is_table=row.pairs is None)
    return person


def _must_be_somebody(person: Person, *, is_table: bool) -> None:
    """Who cannot be reached has a name at least, and it is not that of a sum."""
    name = person.full_name
    if name and not (
        is_table and not person.rapport_id and _TOTAL.fullmatch(name.partition(":")[0].strip())
    ):
        return
    person.problems.append(("import.is_total" if name else "import.nobody", "", ""))
    person.is_bad = True


def _with_more(street: str, more: str) -> str:
    return f"{street}, {more}"[:LONGEST_CUSTOM] if street and more != street else more


def _settle_places(person: Person) -> None:
    """Who has only a second address has a first one."""
    if person.places and not any(person.custom.get(part) for part in PLACE):
        person.custom |= person.places.pop(min(person.places))


def tidy(text: str, longest: int = LONGEST_NAME) -> str:
    """One line of visible characters, single spaces."""
    if not (text.isascii() and text.isprintable()):
        text = _INVISIBLE.sub("", text.replace("\n", " ").replace("\t", " "))
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
    return text[:longest]


def _refuse(person: Person, key: str, target: str, text: str) -> None:
    if text.strip().lower() in _NOTHING:
        return
    person.problems.append((key, target, text[:80]))


# One way for each field


def _text(name: str, longest: int = LONGEST_NAME) -> "Taker":
    def take(person: Person, text: str, reading: Reading) -> None:
        if not getattr(person, name):
            setattr(person, name, tidy(text, longest))

    return take


def _name(person: Person, text: str, reading: Reading) -> None:
    if not person.name:
        person.name = tidy(text)


def _phone(person: Person, text: str, reading: Reading) -> None:
    if len(person.phones) >= MOST_OF_A_KIND:
        return
    for part in numbers.each(text, reading.region):
        number = numbers.dialled(part, reading.region)
        if number is None:
            _refuse(person, "import.bad_phone", "phone", part)
        elif all(number != each for each, _ in person.phones):
            person.phones.append((number, tidy(part, 64)))


def _email(person: Person, text: str, reading: Reading) -> None:
    if len(person.emails) >= MOST_OF_A_KIND:
        return
    found = emails.normal(text)
    if found is not None:
        if all(found != each for each, _ in person.emails):
            person.emails.append((found, text))
        return
    # "Anna Lee <anna@example.org>", or several in one cell.
    inside = re.findall(r"<([^<>\s]+@[^<>\s]+)>", text)
    parts = inside or [part for part in _BETWEEN_EMAILS.split(text) if part]
    if not all("@" in part for part in parts):
        # Words with a space between, and not several addresses.
        parts = [text]
    for part in parts if len(parts) > 1 or inside else ():
        _email(person, part.removeprefix("mailto:"), reading)
    if len(parts) <= 1 and not inside:
        _refuse(person, "import.bad_email", "email", text)


def _birthday(person: Person, text: str, reading: Reading) -> None:
    # Programs write a date of noughts for none.
    if person.birthday is not None or not text.strip("0/.- "):
        return
    try:
        partial = dates.without_year(text, reading.order_of("birthday"))
    except dates.Ambiguous:
        _refuse(person, "import.ambiguous_date", "birthday", text)
        return
    if partial:
        person.custom["birthday_without_year"] = partial
        return
    found = _date(person, "birthday", text, reading)
    if found is None:
        return
    if found.year < dates.EARLIEST or found > reading.today:
        _refuse(person, "import.impossible_date", "birthday", text)
        return
    person.birthday = found


def _date(person: Person, target: str, text: str, reading: Reading) -> date | None:
    try:
        found = dates.read(text, reading.order_of(target), reading.today)
    except dates.Ambiguous:
        _refuse(person, "import.ambiguous_date", target, text)
        return None
    if found is None:
        _refuse(person, "import.bad_date", target, text)
    return found


def _created(person: Person, text: str, reading: Reading) -> None:
    person.created = _moment(person, "created", text, reading) or person.created


def _ordered_at(person: Person, text: str, reading: Reading) -> None:
    from handlers.importing import buying

    known = len(person.problems)
    moment = _moment(person, "order_at", text, reading)
    said = person.order = person.order or buying.Buying()
    said.at = moment
    said.is_broken = said.is_broken or len(person.problems) > known


def _moment(person: Person, target: str, text: str, reading: Reading) -> datetime | None:
    try:
        moment = datetime.fromisoformat(re.sub(r" (?:UTC|([+-]\d\d):?(\d\d))$", _offset, text))
    except ValueError:
        found = _date(person, target, text, reading)
        if found is None:
            return None
        moment = datetime.combine(found, time(), UTC)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        _refuse(person, "import.impossible_date", target, text)
        return None
    if moment.year < 1970 or moment.date() > reading.today:
        _refuse(person, "import.impossible_date", target, text)
        return None
    return moment


def _offset(found: "re.Match[str]") -> str:
    return f"{found[1]}:{found[2]}" if found[1] else "+00:00"


def _gender(person: Person, text: str, reading: Reading) -> None:
    word = text.strip(". ").lower()
    if word not in _GENDERS:
        _refuse(person, "import.bad_word", "gender", text)
        return
    person.gender = _GENDERS[word]


def _stage(person: Person, text: str, reading: Reading) -> None:
    word = text.lower().replace(" ", "")
    if word not in _STAGES:
        person.custom.setdefault("status", tidy(text, LONGEST_CUSTOM))
        return
    person.stage = _STAGES[word]


def _language(person: Person, text: str, reading: Reading) -> None:
    named = _LANGUAGES.get(text.lower())
    found = _LANGUAGE.fullmatch(text)
    if named is None and (found is None or len(found[1]) > 2):
        _refuse(person, "import.bad_word", "language", text)
        return
    person.language = named or (found[1].lower() if found else "")


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _zone(person: Person, text: str, reading: Reading) -> None:
    found = _zones().get(text.lower().replace(" ", "_"))
    if found is None:
        _refuse(person, "import.bad_word", "zone", text)
        return
    person.zone = ZoneInfo(found).key


def _tags(person: Person, text: str, reading: Reading) -> None:
    for part in _BETWEEN_TAGS.split(text):
        tag = "-".join(part.strip().lstrip("#*").lower().split()).strip("-")
        # Google's own group that everybody is in.
        if not tag or tag == "mycontacts":
            continue
        tag = re.sub(r"[^\w-]+", "-", tag).strip("-")[:64]
        if _TAG.fullmatch(tag) and tag not in person.tags and len(person.tags) < 100:
            person.tags.append(tag)


def _note(person: Person, text: str, reading: Reading) -> None:
    said = _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)[:LONGEST_NOTE]
    if said not in person.notes and len(person.notes) < MOST_OF_A_KIND:
        person.notes.append(said)


def _consent(person: Person, text: str, reading: Reading) -> None:
    word = text.lower()
    if word in _YES:
        # Of several columns a no weighs more.
        person.marketing = person.marketing is not False
    elif word in _NO:
        person.marketing = False
    else:
        _refuse(person, "import.bad_word", "marketing", text)


def _no_consent(person: Person, text: str, reading: Reading) -> None:
    word = text.lower()
    if word in _YES:
        person.marketing = False
    elif word not in _NO:
        _refuse(person, "import.bad_word", "no_marketing", text)


def _external(person: Person, text: str, reading: Reading) -> None:
    if reading.system == "rapport":
        # Our own export: of which system each is stands there already.
        person.externals += [tidy(each, 200) for each in text.split("; ") if ":" in each]
        return
    bare = tidy(text.lstrip("'"), 200)
    if _TOTAL.fullmatch(bare.partition(":")[0]):
        return
    if bare.count(" ") > 2:
        # A sentence below the table, and no number of anybody's.
        _refuse(person, "import.bad_word", "external", text)
        return
    if bare and len(person.externals) < MOST_OF_A_KIND:
        person.externals.append(f"{reading.system}:{bare}")


def _rapport_id(person: Person, text: str, reading: Reading) -> None:
    if text.isdecimal() and len(text) < 19:
        person.rapport_id = int(text)


def _address(person: Person, text: str, reading: Reading) -> None:
    _take_custom(
        person, "address", ", ".join(part.strip() for part in text.splitlines() if part.strip())
    )


def _addresses(person: Person, text: str, reading: Reading) -> None:
    parts = (tidy(part, 512) for part in re.split(r"[;；\n]", text))
    person.addresses = [part for part in parts if part]


def _part(name: str) -> "Taker":
    def take(person: Person, text: str, reading: Reading) -> None:
        _take_custom(person, name, text)

    return take


def _more_street(person: Person, text: str, reading: Reading) -> None:
    street = person.custom.get("street", "")
    person.custom["street"] = _with_more(street, tidy(text, LONGEST_CUSTOM))


def _country(person: Person, text: str, reading: Reading) -> None:
    _take_custom(person, "country", countries.canonical(tidy(text, LONGEST_CUSTOM)))


def _fax(person: Person, text: str, reading: Reading) -> None:
    _take_another(person, "fax", text)


def _ignored(person: Person, text: str, reading: Reading) -> None:
    """Noted by the reader, and nothing of the person's."""


def _problem(person: Person, text: str, reading: Reading) -> None:
    person.problems.append((text, "", ""))


def _unread(person: Person, text: str, reading: Reading) -> None:
    person.problems.append(("import.unread_line", "", text))


def _take_another(person: Person, key: str, text: str) -> None:
    """A value of no field of ours; a second one of that name gets a number."""
    said = tidy(text, LONGEST_CUSTOM)
    for number in range(1, MOST_OF_A_KIND + 1):
        name = key if number == 1 else f"{key[:36]}_{number}"
        if person.custom.get(name) == said:
            return
        if not person.custom.get(name):
            _take_custom(person, name, text)
            return


def _take_custom(person: Person, key: str, text: str) -> None:
    """A value of no field of ours; the first one counts."""
    if len(person.custom) < 100 and not person.custom.get(key):
        person.custom[key] = tidy(text, LONGEST_CUSTOM)


def _order(target: str) -> "Taker":
    def take(person: Person, text: str, reading: Reading) -> None:
        from handlers.importing import buying

        buying.take(person, target, text)

    return take


ORDER_FIELDS = tuple(
    "order_number order_of order_kind order_status payment currency order_amount price quantity "
    "sku product".split()
)

Taker = Callable[[Person, str, Reading], None]
_TAKERS: dict[str, Taker] = {
    "name": _name,
    "first_name": _text("first", 128),
    "last_name": _text("last", 128),
    "middle_name": _text("middle", 128),
    "company": _text("company"),
    "phone": _phone,
    "email": _email,
    "birthday": _birthday,
    "created": _created,
    "gender": _gender,
    "stage": _stage,
    "language": _language,
    "zone": _zone,
    "source": _text("source", 64),
    "owner": _text("owner", 254),
    "tags": _tags,
    "note": _note,
    "marketing": _consent,
    "no_marketing": _no_consent,
    "external": _external,
    "rapport_id": _rapport_id,
    "address": _address,
    "addresses": _addresses,
    "street": _part("street"),
    MORE_STREET: _more_street,
    "city": _part("city"),
    "region": _part("region"),
    "postcode": _part("postcode"),
    "country": _country,
    "fax": _fax,
    "photo": _ignored,
    "problem": _problem,
    "unread": _unread,
    "order_at": _ordered_at,
    **{name: _order(name) for name in ORDER_FIELDS},
}
