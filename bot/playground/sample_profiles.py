"""What the demo's team knows of its customers beyond the usual: own fields, segments, changes."""

from datetime import timedelta

from handlers.actions import custom_fields, fields, profiles, segments
from storage.queries import contacts
from storage.records import Contact, Member
from storage.work import Actor, Work

FIELDS = (
    ("plan", "choice", "free|pro|gold", "Plan | 套餐"),
    ("seats", "number", "1..500", "Seats | 席位"),
    ("renewal", "date", "", "Renewal | 续约日"),
)
# Of each known customer: birthday, gender, phone, and the team's own fields.
KNOWN: tuple[tuple[str | None, str | None, str | None, dict[str, str]], ...] = (
    ("1990-05-03", "female", "+44 20 7946 0958", {"plan": "gold", "seats": "24"}),
    ("1984-11-27", "male", "+971 4 123 4567", {"plan": "pro", "seats": "60"}),
    (None, None, None, {"plan": "free"}),
    ("1979-02-14", "female", "+234 803 123 4567", {"plan": "gold", "renewal": "2027-01-31"}),
    ("1992-08-08", "male", "+86 10 6552 9988", {"plan": "pro", "seats": "12"}),
    (None, "female", None, {}),
)


def enrich(work: Work, admin: Member, language: str) -> None:
    """Fields, what stands in them with its history, and two segments."""
    chief = work.acting_as(Actor(admin.name, admin))
    for key, kind, more, label in FIELDS:
        custom_fields.add(chief, key, kind, more, label)
    for contact, about in zip(contacts.every(work), KNOWN, strict=False):
        _fill(chief, contact, *about)
    names = ("重要客户", "沉默的重要客户") if language == "zh" else ("VIPs", "Quiet VIPs")
    segments.add(chief, names[0], "tag:vip")
    segments.add(chief, names[1], f'segment:"{names[0]}" silent>1d -tag:wholesale')


def _fill(
    work: Work,
    contact: Contact,
    birthday: str | None,
    gender: str | None,
    phone: str | None,
    own: dict[str, str],
) -> None:
    usual = {"birthday": birthday, "gender": gender, "phone": phone}
    for name, said in (usual | own).items():
        if said:
            saved = profiles.set_field(work, contact, fields.named(work, name), said, "form")
            if saved.entry is not None:
                saved.entry.at = work.now - timedelta(days=6, hours=contact.id % 20)
