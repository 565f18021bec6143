"""Fields of the team's own: added, renamed, given another type, retired."""

import re
from collections.abc import Iterator
from typing import Any

from handlers.actions import fields
from handlers.actions.access import Permission, action
from handlers.message import clean_name
from handlers.suggest import nearest
from storage.errors import Refused
from storage.finding.filters import is_taken
from storage.queries import profiles
from storage.records import Contact, CustomField, FieldKind
from storage.work import Work

MOST_FIELDS = 40
MOST_CHOICES = 100
AT_A_TIME = 500
# So many contacts whose values do not fit a new type are named.
MOST_NAMED = 3

_KEY = re.compile(r"(?!\d)\w{1,32}")
_BOUNDS = re.compile(r"(-?\d+(?:\.\d+)?)?\s*(?:\.\.|–|…|~)\s*(-?\d+(?:\.\d+)?)?")
_REQUIRED = re.compile(r"(?:^|\s)(?:required|必填)(?=\s|$)", re.IGNORECASE)
_KINDS = {
    "text": FieldKind.TEXT, "string": FieldKind.TEXT, "文本": FieldKind.TEXT,
    "number": FieldKind.NUMBER, "integer": FieldKind.NUMBER, "数字": FieldKind.NUMBER,
    "date": FieldKind.DATE, "day": FieldKind.DATE, "日期": FieldKind.DATE,
    "choice": FieldKind.CHOICE, "select": FieldKind.CHOICE, "单选": FieldKind.CHOICE,
    "choices": FieldKind.CHOICES, "multi": FieldKind.CHOICES, "多选": FieldKind.CHOICES,
    "yesno": FieldKind.YES_NO, "yes/no": FieldKind.YES_NO, "yes_no": FieldKind.YES_NO,
    "bool": FieldKind.YES_NO, "checkbox": FieldKind.YES_NO, "是否": FieldKind.YES_NO,
    "link": FieldKind.LINK, "url": FieldKind.LINK, "链接": FieldKind.LINK,
    "money": FieldKind.MONEY, "amount": FieldKind.MONEY, "金额": FieldKind.MONEY,
}  # fmt: skip
_BETWEEN = re.compile(r"[|｜\n,，、;；/]")
_CHOOSING = (FieldKind.CHOICE, FieldKind.CHOICES)


def kind_of(word: str) -> FieldKind:
    """The type that a word means. Raises Refused("field.no_kind")."""
    kind = _KINDS.get(word.casefold())
    if kind is None:
        alike = nearest(word, _KINDS)
        raise Refused("field.no_kind", kind=word[:32], nearest=alike[0] if alike else "text")
    return kind


@action(Permission.SET_UP, audited=True)
def add(work: Work, key: str, kind: str, more: str = "", label: str = "") -> CustomField:
    """Add a field: `more` are its choices ("free|pro|gold") or bounds ("1..500"), and "required".

    One of that name that was retired comes back with what was kept in it.
    """
    typed = kind_of(kind)
    key = fields.folded_key(key)
    if not _KEY.fullmatch(key):
        raise Refused("field.no_key", name=key[:32])
    former = profiles.custom_field(work, key)
    if former is not None and former.retired_at is None:
        raise Refused("field.is_there", name=key)
    if key in fields.USUAL or is_taken(key):
        raise Refused("field.is_usual", name=key)
    everything = profiles.custom_fields(work)
    if len([each for each in everything if each.retired_at is None]) >= MOST_FIELDS:
        raise Refused("field.too_many", most=MOST_FIELDS)
    if former is not None:
        former.retired_at = None
        if former.kind is not typed:
            set_kind(work, former, kind, more)
        return former
    required, choices, least, most = _described(typed, more)
    return work.add(
        CustomField(
            key=key,
            labels=_labels(label or key.replace("_", " ").capitalize()),
            kind=typed,
            choices=choices,
            required=required,
            least=least,
            most=most,
            position=len(everything),
            created_at=work.now,
        )
    )


def _described(kind: FieldKind, more: str) -> tuple[bool, list[str], float | None, float | None]:
    required = _REQUIRED.search(more) is not None
    rest = _REQUIRED.sub(" ", more).strip()
    if kind in _CHOOSING:
        return required, _choices(rest), None, None
    bounds = _BOUNDS.fullmatch(rest) if rest else None
    if bounds is None:
        return required, [], None, None
    least, most = (None if each is None else float(each) for each in bounds.groups())
    return required, [], least, most


def _choices(text: str) -> list[str]:
    parts = _BETWEEN.split(text) if _BETWEEN.search(text) else text.split()
    found = list(dict.fromkeys(clean_name(each) for each in parts if clean_name(each)))
    if len(found) < 2 or len(found) > MOST_CHOICES:
        raise Refused("field.no_choices", most=MOST_CHOICES)
    return found


def _labels(text: str) -> dict[str, Any]:
    """ "Plan | 套餐": the English words and the Chinese ones."""
    first, _, second = re.sub("｜", "|", text).partition("|")
    labels = {"": clean_name(first)}
    if clean_name(second):
        labels["zh"] = clean_name(second)
    return labels


@action(Permission.SET_UP, audited=True)
def rename(work: Work, field: CustomField, label: str) -> CustomField:
    """Have a field be called otherwise; its key, by which filters know it, stays."""
    labels = _labels(label)
    if not labels[""]:
        raise Refused("field.no_key", name="")
    field.labels = labels
    return field


@action(Permission.SET_UP, audited=True)
def set_choices(work: Work, field: CustomField, more: str) -> CustomField:
    """Other choices or bounds for a field; what is kept must fit them."""
    return set_kind(work, field, field.kind.value, more)


@action(Permission.SET_UP, audited=True)
def set_kind(work: Work, field: CustomField, kind: str, more: str = "") -> CustomField:
    """Give a field another type. Raises Refused, naming some, when a value does not fit it."""
    typed = kind_of(kind)
    required, choices, least, most = _described(typed, more)
    other = CustomField(
        key=field.key,
        labels=field.labels,
        kind=typed,
        choices=choices,
        required=required,
        least=least,
        most=most,
        position=field.position,
        created_at=field.created_at,
    )
    fitting, wrong = [], []
    for contact in _holding(work, field):
        text = fields.text_of(field, contact.custom[field.key])
        try:
            fitting.append((contact, fields.parse(work, other, text)))
        except Refused:
            wrong.append(f"{contact.name}: {text[:30]}")
    if wrong:
        names = "; ".join(wrong[:MOST_NAMED])
        raise Refused("field.does_not_fit", name=field.key, count=len(wrong), names=names)
    for contact, value in fitting:
        contact.custom = contact.custom | {field.key: value}
    field.kind, field.choices, field.required = typed, choices, required
    field.least, field.most = least, most
    return field


def _holding(work: Work, field: CustomField) -> Iterator[Contact]:
    last = 0
    while found := profiles.holding(work, field.key, last, AT_A_TIME):
        yield from found
        last = found[-1].id


@action(Permission.SET_UP, audited=True)
def retire(work: Work, field: CustomField) -> int:
    """Ask for a field no more; what is kept in it stays, for so many customers."""
    if field.retired_at is None:
        field.retired_at = work.now
    return profiles.holders(work, field.key)


@action(Permission.READ)
def known(work: Work, word: str) -> CustomField:
    """The field of the team's own that a word means. Raises Refused("field.not_own")."""
    wanted = fields.folded(word)
    own = fields.every(work)
    for each in own:
        if wanted in {fields.folded(str(label)) for label in (each.key, *each.labels.values())}:
            return each
    names = ", ".join(each.key for each in own) or "–"
    raise Refused("field.not_own", name=word[:32], names=names)
