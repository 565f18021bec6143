"""What may stand in a customer's record: every field with its type, and how a text becomes one."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from handlers import amounts
from handlers.actions import contacts, moments, whereabouts
from handlers.actions.access import Permission, action
from handlers.actions.policies import policy
from handlers.countries import canonical
from handlers.message import clean, clean_name
from handlers.suggest import nearest
from handlers.texts import LANGUAGES, Voice
from handlers.when import find
from storage.errors import Refused
from storage.queries import profiles
from storage.records import CustomField, FieldKind, Gender, Stage
from storage.work import Work

# What every record has, in the order in which a form asks for it.
USUAL = (
    *("name", "first_name", "company", "phone", "email", "address", "birthday", "gender"),
    *("language", "zone", "stage", "owner", "tags"),
)
LONGEST_TEXT = 500
OLDEST = 120

_CLEAR = frozenset({"-", "–", "none", "nothing", "clear", "无", "空", "清空"})
_YES = frozenset("yes y true 1 on ja oui si да 是 有 对 ✓ x".split())
_NO = frozenset("no n false 0 off nein non нет 否 没有 不 不是 ✗".split())
_GENDERS = {
    Gender.FEMALE: ("female", "f", "w", "woman", "weiblich", "ms", "mrs", "女", "女士", "女性"),
    Gender.MALE: ("male", "m", "man", "männlich", "mr", "男", "先生", "男性"),
    Gender.OTHER: ("other", "x", "divers", "non-binary", "nonbinary", "其他", "其它"),
}
_NUMBER = re.compile(r"[-+]?\d[\d,.'’ \u00a0\u202f]*", re.ASCII)
_LINK = re.compile(r"https?://[^\s/?#]+\.[^\s/?#]+[^\s]*|https?://localhost[^\s]*", re.IGNORECASE)

Value = Any


def is_nothing(text: str) -> bool:
    """Whether somebody says that a field is to be empty."""
    return text.strip().casefold() in _CLEAR or not text.strip()


@action(Permission.READ)
def custom(work: Work) -> list[CustomField]:
    """The team's own fields in order, without those that are retired."""
    return [each for each in profiles.custom_fields(work) if each.retired_at is None]


@action(Permission.READ)
def every(work: Work) -> list[CustomField]:
    """The same with those that are retired: what was kept in them is still to be read."""
    return profiles.custom_fields(work)


@action(Permission.READ)
def named(work: Work, word: str) -> str | CustomField:
    """The field that a word means: the name of a usual one, or one of the team's own.

    Raises Refused("field.unknown") with the nearest one.
    """
    own = custom(work)
    known: dict[str, str | CustomField] = {}
    for name in USUAL:
        for language in LANGUAGES:
            known[folded(Voice(language).say(f"field.{name}"))] = name
        known[folded(name)] = name
    known |= {folded(word): name for word, name in _ALSO.items()}
    for each in own:
        for label in (each.key, *each.labels.values()):
            known.setdefault(folded(str(label)), each)
    found = known.get(folded(word))
    if found is None:
        alike = nearest(word, [*USUAL, *(each.key for each in own)])
        names = ", ".join([*USUAL, *(each.key for each in own)])
        if alike:
            raise Refused("field.meant", name=word[:40], nearest=alike[0], names=names)
        raise Refused("field.unknown", name=word[:40], names=names)
    return found


_ALSO = {
    "born": "birthday", "dob": "birthday", "mail": "email", "e-mail": "email", "tel": "phone",
    "mobile": "phone", "firm": "company", "timezone": "zone", "lang": "language",
    "sex": "gender", "tag": "tags", "street": "address", "手机": "phone", "邮件": "email",
    "时区": "zone", "出生日期": "birthday", "单位": "company", "昵称": "first_name",
}  # fmt: skip


def folded(word: str) -> str:
    """A field's name as it is compared."""
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", word)).casefold()


def folded_key(word: str) -> str:
    """A word as a field's key: "Number of seats" is "number_of_seats"."""
    return re.sub(r"[\s-]+", "_", unicodedata.normalize("NFKC", word).strip()).casefold()


# A text becomes a value


def parse(work: Work, field: str | CustomField, text: str) -> Value:
    """The value that a text means, as it is kept; None for "nothing".

    One function for every way in: commands, forms, imports. Raises Refused with what is wrong.
    """
    text = clean(text).strip()
    if is_nothing(text):
        return _nothing(field)
    if isinstance(field, str):
        return _usual(work, field, text)
    return _own(work, field, text)


def _nothing(field: str | CustomField) -> Value:
    if field == "name":
        raise Refused("contact.no_name")
    return [] if field in LISTS else None


# What a person may have several of.
LISTS = frozenset({"phone", "email", "address", "tags"})


def _usual(work: Work, field: str, text: str) -> Value:
    match field:
        case "name" | "first_name" | "company":
            return clean_name(text) or _nothing(field)
        case "phone":
            region = whereabouts.home_region(work)
            found = [contacts.phone(each, region) for each in split(text)]
            return [[each.value, each.shown] for each in found]
        case "email":
            mails = [contacts.email(each) for each in split(text)]
            return [[each.value, each.shown] for each in mails]
        case "address":
            lines = [" ".join(each.split())[:LONGEST_TEXT] for each in re.split(r"[\n;；]", text)]
            return [[each.casefold(), each] for each in lines if each]
        case "tags":
            words = re.split(r"[\s,，、;；]+", text)
            return sorted({contacts.tag_of(each) for each in words if each})
        case "birthday":
            return birthday(work, text)
        case "gender":
            return _gender(text)
        case "language":
            return language(text)
        case "zone":
            return zone(text)
        case "stage":
            return _stage(text)
        case _:
            return _owner(work, text)


def split(text: str) -> list[str]:
    """Several phones or e-mails of one line."""
    return [each.strip() for each in re.split(r"[\n,，、;；]", text) if each.strip()]


def birthday(work: Work, text: str) -> str:
    """A birthday as "1990-05-03". Raises Refused for one that cannot be."""
    day = _date(work, text)
    today = work.now.date()
    if day is None:
        raise Refused("field.no_date", text=text[:40])
    if day > today or today.year - day.year > OLDEST:
        raise Refused("field.no_birthday", text=text[:40])
    return day.isoformat()


def _date(work: Work, text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    found = find(text, work.now.replace(tzinfo=None))
    if found is None or text[: found.start].strip() or text[found.end :].strip(" ."):
        return None
    return found.wall.date()


def _gender(text: str) -> str:
    word = text.casefold().strip(" .")
    for gender, words in _GENDERS.items():
        if word in words:
            return gender.value
    raise Refused("field.one_of", text=text[:40], choices=", ".join(Gender))


def _stage(text: str) -> str:
    for stage in Stage:
        words = {stage.value, *(Voice(each).say(f"stage.{stage}") for each in LANGUAGES)}
        if text.casefold() in {each.casefold() for each in words}:
            return stage.value
    raise Refused("field.one_of", text=text[:40], choices=", ".join(Stage))


def language(text: str) -> str:
    """A language by its code or its name in any language that we speak: "de", "German", "德语"."""
    from babel import Locale, UnknownLocaleError

    word = text.strip().casefold().replace("_", "-")
    code = word.partition("-")[0]
    if code.isascii() and len(code) in (2, 3):
        try:
            return str(Locale.parse(code).language)
        except (UnknownLocaleError, ValueError):
            pass
    for speaker in (*LANGUAGES, "de", "fr", "es", "ru"):
        for known, name in Locale.parse(speaker).languages.items():
            if len(known) <= 3 and name.casefold() == word:
                return str(known)
    own = {"中文": "zh", "汉语": "zh", "普通话": "zh", "deutsch": "de", "español": "es"}
    if word in own:
        return own[word]
    raise Refused("field.no_language", text=text[:40])


def zone(text: str) -> str:
    """A zone by its name or its city: "Europe/Berlin", "Berlin"."""
    try:
        return moments.zone_named(text).key
    except Refused:
        from zoneinfo import available_timezones

        wanted = text.strip().replace(" ", "_").casefold()
        for name in sorted(available_timezones()):
            if "/" in name and name.rpartition("/")[2].casefold() == wanted:
                return name
        raise


def _owner(work: Work, text: str) -> int:
    # Imported here: the grammar knows this module's neighbours.
    from handlers.actions.members import team

    word = text.strip().lstrip("@").casefold()
    if word in ("me", "我") and work.actor.member is not None:
        return work.actor.member.id
    for member in team(work):
        said = text.strip("<@> ").partition("|")[0]
        if str(member.id) == word or member.slack_user == said:
            return member.id
    for member in team(work):
        if member.name.casefold().startswith(word):
            return member.id
    raise Refused("member.unknown", name=text[:40])


# The team's own


def _own(work: Work, field: CustomField, text: str) -> Value:
    match field.kind:
        case FieldKind.NUMBER:
            return _within(field, number(text), text)
        case FieldKind.DATE:
            day = _date(work, text)
            if day is None:
                raise Refused("field.no_date", text=text[:40])
            return day.isoformat()
        case FieldKind.CHOICE:
            return _choice(field, text)
        case FieldKind.CHOICES:
            chosen = {_choice(field, each) for each in split(text)}
            return [each for each in field.choices if each in chosen]
        case FieldKind.YES_NO:
            return yes_or_no(text)
        case FieldKind.LINK:
            return link(text)
        case FieldKind.MONEY:
            return _money(work, field, text)
        case _:
            # A country has one name, however it is written.
            return (canonical(text) if field.key == "country" else text)[:LONGEST_TEXT]


def number(text: str) -> float:
    """A number as people write it: "1,250.5", "1.250,5". Raises Refused("field.no_number")."""
    plain = text.strip()
    if _NUMBER.fullmatch(plain):
        sign = -1 if plain.startswith("-") else 1
        digits = plain.lstrip("+-")
        found = amounts.whole(digits)
        if found is not None and found.currency is None:
            value = sign * found.value
            return int(value) if value == value.to_integral_value() else float(value)
    raise Refused("field.no_number", text=text[:40])


def _within(field: CustomField, value: float, text: str) -> float:
    low, high = field.least, field.most
    if (low is not None and value < low) or (high is not None and value > high):
        raise Refused("field.not_within", text=text[:40], bounds=bounds(field))
    return value


def bounds(field: CustomField) -> str:
    """Within which bounds a value must be: "1–500", "≥ 1"; empty when there are none."""
    low, high = (None if each is None else f"{each:g}" for each in (field.least, field.most))
    if low is not None and high is not None:
        return f"{low}–{high}"
    return f"≥ {low}" if low is not None else f"≤ {high}" if high is not None else ""


def _choice(field: CustomField, text: str) -> str:
    word = folded(text)
    for each in field.choices:
        if folded(each) == word:
            return each
    alike = nearest(text, field.choices)
    if alike:
        raise Refused("field.choice_meant", text=text[:40], nearest=alike[0])
    raise Refused("field.one_of", text=text[:40], choices=", ".join(field.choices))


def yes_or_no(text: str) -> bool:
    """Raises Refused("field.no_yes")."""
    word = text.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Refused("field.no_yes", text=text[:40])


def link(text: str) -> str:
    """An address in the web; without https:// it is put before. Raises Refused("field.no_link")."""
    plain = text.strip()
    if "://" not in plain and "." in plain and not re.search(r"\s", plain):
        plain = f"https://{plain}"
    if not _LINK.fullmatch(plain):
        raise Refused("field.no_link", text=text[:40])
    return plain[:LONGEST_TEXT]


def _money(work: Work, field: CustomField, text: str) -> dict[str, Any]:
    found = amounts.whole(text)
    if found is None:
        raise Refused("field.no_amount", text=text[:40])
    _within(field, float(found.value), text)
    amount = found.value
    whole = amount == amount.to_integral_value()
    currency = found.currency or str(policy(work, "currency"))
    return {"amount": int(amount) if whole else float(amount), "currency": currency}


# A value becomes words


def text_of(field: CustomField, value: Value) -> str:
    """A value of the team's own field as a person would type it; what came by other ways, as is."""
    if value is None:
        return ""
    match field.kind, value:
        case FieldKind.CHOICES, list():
            return ", ".join(map(str, value))
        case FieldKind.YES_NO, bool():
            return "yes" if value else "no"
        case FieldKind.MONEY, {"amount": amount, "currency": currency}:
            return f"{amount} {currency}"
    return str(value)


def words_of(voice: Voice, field: CustomField, value: Value) -> str:
    """The same as it is shown: dates, amounts and yes or no in the reader's language."""
    match field.kind, value:
        case FieldKind.YES_NO, bool():
            return voice.say("field.yes" if value else "field.no")
        case FieldKind.MONEY, {"amount": int() | float() as amount, "currency": str(currency)}:
            if amounts.is_currency(currency):
                units = amounts.in_units(Decimal(str(amount)), currency)
                return voice.money(units, currency)
        case FieldKind.DATE, str():
            return day_words(voice, value)
    return text_of(field, value)


def day_words(voice: Voice, iso: str) -> str:
    """A day with its year in the reader's language; what is no day, as it stands."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return voice.whole_date(day)


def age(birthday: date, now: datetime) -> int:
    """How old somebody is."""
    today = now.date()
    return today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))
