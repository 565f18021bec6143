"""Whom a filter finds is the same by whichever way the database goes: as told by plain Python."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from storage.engine import Store
from storage.queries import segments
from storage.queries.filter_ways import Reach
from storage.records import (
    Contact,
    ContactTag,
    CustomerTotal,
    CustomField,
    Deal,
    DealStage,
    DealState,
    Feedback,
    FeedbackKind,
    FieldKind,
    Gender,
    Identity,
    IdentityKind,
    Member,
    Order,
    OrderLine,
    Pipeline,
    Product,
    Role,
    Segment,
    Stage,
    Ticket,
    TicketStatus,
)
from storage.work import Actor, Clock, Work

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
PEOPLE = 60
# Each is reached: where many fit and where few do, also where everybody is asked at once.
REACHES = {
    "as it is": Reach(),
    "near": Reach(7, 20, 2, 9),
    "all at once": Reach(1, 2, 0, 0),
    "few": Reach(1, 2, 8, 9),
}


@dataclass
class Known:
    """What Python knows of somebody."""

    id: int
    contact: Contact
    tags: set[str] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    spent: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    bought: str = ""
    tickets: int = 0
    deals: int = 0
    scores: list[int] = field(default_factory=list)

    def is_in(self, city: str) -> bool:
        own = str(self.contact.custom.get("city", "")).lower() == city
        return own or any(city in each.lower() for each in self.addresses)

    def silent(self) -> timedelta:
        return NOW - (self.contact.last_heard_at or self.contact.created_at)

    def born_until(self, day: date) -> bool:
        return self.contact.birthday is not None and self.contact.birthday <= day


Holds = Callable[[Known], bool]
HOLD: dict[str, Holds] = {
    "tag:vip": lambda k: "vip" in k.tags,
    "tag:#rare": lambda k: "rare" in k.tags,
    "tag:nobody": lambda k: False,
    "owner:me": lambda k: k.contact.owner_id == 1,
    "owner:none": lambda k: k.contact.owner_id is None,
    "owner:bo": lambda k: k.contact.owner_id == 2,
    "city:berlin": lambda k: k.is_in("berlin"),
    "city:paris": lambda k: k.is_in("paris"),
    "city:100%": lambda k: k.is_in("100%"),
    "company:acme": lambda k: "acme" in (k.contact.company or "").lower(),
    'company:"a_b"': lambda k: "a_b" in (k.contact.company or "").lower(),
    "lang:en": lambda k: k.contact.language.startswith("en"),
    "lang:z": lambda k: k.contact.language.startswith("z"),
    "lang:zh-": lambda k: k.contact.language.startswith("zh-"),
    "stage:customer": lambda k: k.contact.stage is Stage.CUSTOMER,
    "stage:former": lambda k: k.contact.stage is Stage.FORMER,
    "stage:rubbish": lambda k: False,
    "source:fair": lambda k: (k.contact.source or "").lower() == "fair",
    "has:phone": lambda k: "phone" in k.kinds,
    "has:address": lambda k: "address" in k.kinds,
    "has:owner": lambda k: k.contact.owner_id is not None,
    "has:company": lambda k: k.contact.company is not None,
    "has:birthday": lambda k: k.contact.birthday is not None,
    "has:tag": lambda k: bool(k.tags),
    "spent>100": lambda k: k.spent["EUR"] > 10_000,
    "spent>=100": lambda k: k.spent["EUR"] >= 10_000,
    "spent<100": lambda k: k.spent["EUR"] < 10_000,
    "spent<=0": lambda k: k.spent["EUR"] <= 0,
    "spent>=0": lambda k: k.spent["EUR"] >= 0,
    "spent>99.995": lambda k: k.spent["EUR"] >= 10_000,
    "bought:widget": lambda k: "widget" in k.bought,
    "bought:w1": lambda k: "widget" in k.bought,
    "bought:chairs": lambda k: "chairs" in k.bought,
    "tier:gold": lambda k: k.spent["EUR"] >= 200_000,
    "tier:silver": lambda k: 50_000 <= k.spent["EUR"] < 200_000,
    "tier:bronze": lambda k: 100 <= k.spent["EUR"] < 50_000,
    "tier:none": lambda k: k.spent["EUR"] < 100,
    "rfm:5xx": lambda k: False,
    "silent>30d": lambda k: k.silent() > timedelta(days=30),
    "silent<10d": lambda k: k.silent() < timedelta(days=10),
    "created>2026-05-01": lambda k: k.contact.created_at > datetime(2026, 5, 1, tzinfo=UTC),
    "created<20d": lambda k: NOW - k.contact.created_at < timedelta(days=20),
    "orders>2": lambda k: k.orders > 2,
    "orders>=3": lambda k: k.orders >= 3,
    "orders<1": lambda k: k.orders < 1,
    "orders>=0": lambda k: True,
    "tickets>0": lambda k: k.tickets > 0,
    "tickets>=2": lambda k: k.tickets >= 2,
    "tickets<=0": lambda k: k.tickets <= 0,
    "deals>0": lambda k: k.deals > 0,
    "deals<1": lambda k: k.deals < 1,
    "csat<=2": lambda k: bool(k.scores) and k.scores[-1] <= 2,
    "csat>=4": lambda k: bool(k.scores) and k.scores[-1] >= 4,
    "age>40": lambda k: k.born_until(date(1985, 6, 15)),
    "age<30": lambda k: k.contact.birthday is not None and not k.born_until(date(1996, 6, 15)),
    "gender:f": lambda k: k.contact.gender is Gender.FEMALE,
    "gender:other": lambda k: k.contact.gender is Gender.OTHER,
    "segment:good": lambda k: "vip" in k.tags and k.spent["EUR"] > 10_000,
    "hobby:chess": lambda k: "chess" in str(k.contact.custom.get("hobby", "")).lower(),
    "hobby:any": lambda k: "hobby" in k.contact.custom,
    "height>180": lambda k: int(k.contact.custom.get("height", 0)) > 180,
}


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url, Clock(NOW))
    yield made
    made.close()


def house(work: Work) -> None:
    for number, name in ((1, "Ann"), (2, "Bo")):
        work.add(
            Member(
                id=number,
                slack_team="T",
                slack_user=f"U{number}",
                name=name,
                role=Role.ADMIN,
                created_at=NOW,
            )
        )
    work.add(Product(id=1, sku="W1", name="Blue Widget", created_at=NOW))
    work.add(Pipeline(id=1, name="Sales", position=1, created_at=NOW))
    work.add(DealStage(id=1, pipeline_id=1, name="New", probability=10, position=1))
    for number, (key, kind) in enumerate((("hobby", FieldKind.TEXT), ("height", FieldKind.NUMBER))):
        work.add(CustomField(key=key, kind=kind, position=number, created_at=NOW))
    work.add(Segment(name="Good", filter="tag:vip spent>100", created_at=NOW))


def person(work: Work, dice: random.Random, id: int) -> Known:
    """Somebody, and all that stands about them."""
    born = date(1950, 1, 1) + timedelta(days=dice.randrange(20_000))
    custom: dict[str, object] = {}
    if dice.random() < 0.4:
        custom["city"] = dice.choice(["Berlin", "berlin", "Rome"])
    if dice.random() < 0.3:
        custom |= {"hobby": dice.choice(["Chess", "golf"]), "height": dice.randrange(150, 210)}
    created = NOW - timedelta(days=dice.randrange(1, 100), seconds=1)
    heard = NOW - timedelta(days=dice.randrange(100), seconds=1)
    contact = work.add(
        Contact(
            id=id,
            name=f"Person {id}",
            gender=dice.choice([None, None, Gender.FEMALE, Gender.OTHER]),
            birthday=dice.choice([None, born]),
            company=dice.choice([None, "ACME Ltd", "A_B", "axb", "Other"]),
            language=dice.choice(["en", "en", "zh", "zh-TW", "de"]),
            source=dice.choice([None, "Fair", "web"]),
            stage=dice.choice([Stage.LEAD, Stage.LEAD, Stage.CUSTOMER]),
            owner_id=dice.choice([None, None, 1, 2]),
            custom=custom,
            created_at=created,
            last_heard_at=dice.choice([None, heard]),
        )
    )
    known = Known(id, contact)
    _reach(work, dice, known)
    _tags(work, dice, known)
    _money(work, dice, known)
    _desk(work, dice, known)
    return known


def _reach(work: Work, dice: random.Random, known: Known) -> None:
    for kind, value in (
        (IdentityKind.PHONE, f"+49170{known.id:07}"),
        (
            IdentityKind.ADDRESS,
            f"{known.id} {dice.choice(['Rue, PARIS', 'Weg, Berlin', '100% Rd'])}",
        ),
    ):
        if dice.random() < 0.3:
            work.add(
                Identity(contact_id=known.id, kind=kind, value=value, shown=value, created_at=NOW)
            )
            known.kinds.add(kind)
            known.addresses += [value] if kind is IdentityKind.ADDRESS else []


def _tags(work: Work, dice: random.Random, known: Known) -> None:
    for tag, share in (("vip", 0.4), ("rare", 0.03)):
        if dice.random() < share:
            work.add(ContactTag(contact_id=known.id, tag=tag))
            known.tags.add(tag)


def _money(work: Work, dice: random.Random, known: Known) -> None:
    for currency in ("EUR", "USD"):
        if dice.random() < 0.4:
            known.spent[currency] = dice.choice([0, 50, 9_999, 10_000, 10_001, 60_000, 300_000])
            many = dice.choice([1, 1, 2, 3])
            known.orders += many
            work.add(
                CustomerTotal(
                    contact_id=known.id,
                    currency=currency,
                    orders=many,
                    spent=known.spent[currency],
                    first_at=NOW,
                    last_at=NOW,
                )
            )
            _order(work, dice, known, currency)


def _order(work: Work, dice: random.Random, known: Known, currency: str) -> None:
    status = dice.choice(["placed", "cancelled"])
    number = f"{known.id}-{currency}"
    order = work.add(
        Order(
            number=number, contact_id=known.id, status=status, amount=Decimal(1),
            currency=currency, at=NOW,
        )
    )  # fmt: skip
    product, words = dice.choice([(1, "one"), (None, "Chairs"), (None, "other")])
    work.add(
        OrderLine(
            order_id=order.id, product_id=product, description=words, quantity=Decimal(1),
            unit_price=Decimal(1), amount=Decimal(1),
        )
    )  # fmt: skip
    if status == "placed":
        known.bought += f" {'widget' if product else words.lower()}"


def _desk(work: Work, dice: random.Random, known: Known) -> None:
    for at in range(3):
        if dice.random() < 0.25:
            state = dice.choice([TicketStatus.OPEN, TicketStatus.CLOSED])
            number = 10 * known.id + at
            work.add(
                Ticket(number=number, contact_id=known.id, subject="s", status=state, opened_at=NOW)
            )
            known.tickets += state is TicketStatus.OPEN
            sale = dice.choice([DealState.OPEN, DealState.WON])
            work.add(
                Deal(
                    number=number, contact_id=known.id, owner_id=1, pipeline_id=1, stage_id=1,
                    title="t", currency="EUR", state=sale, opened_at=NOW, stage_since=NOW,
                    touched_at=NOW,
                )
            )  # fmt: skip
            known.deals += sale is DealState.OPEN
            score = dice.randint(1, 5)
            when = NOW - timedelta(days=9 - at)
            work.add(Feedback(contact_id=known.id, kind=FeedbackKind.CSAT, score=score, at=when))
            known.scores.append(score)


@pytest.mark.parametrize("reach", REACHES.values(), ids=REACHES.keys())
def test_a_filter_finds_whom_python_finds(store: Store, reach: Reach) -> None:
    """Each by itself, each not, and two or three of them together; the newest, and how many."""
    dice = random.Random(7)

    def made(work: Work) -> list[Known]:
        house(work)
        return [person(work, dice, id) for id in range(1, PEOPLE + 1)]

    everybody = store.write(made)
    lines: list[tuple[str, ...]] = [(each,) for each in HOLD]
    lines += [tuple(dice.sample(list(HOLD), dice.choice([2, 3]))) for _ in range(60)]
    me = store.read(lambda work: work.get(Member, 1))
    ann = Actor(name="ann", member=me)
    for names in lines:
        chosen = [(name, dice.random() < 0.3) for name in names]
        line = " ".join(f"{'-' * negated}{name}" for name, negated in chosen)
        fit = [
            known.id
            for known in reversed(everybody)
            if all(HOLD[name](known) is not negated for name, negated in chosen)
        ]
        limit = dice.choice([1, 4, PEOPLE])

        def asked(work: Work, line: str = line, limit: int = limit) -> tuple[list[int], ...]:
            _, filters = segments.parse(work, line)
            matching = [each.id for each in segments.matching(work, filters, limit, reach=reach)]
            some = [each.id for each in segments.some(work, line, limit, reach)]
            return matching, some, [segments.count(work, line, reach)]

        assert store.read(asked, ann) == (fit[:limit], fit[:limit], [len(fit)]), line
