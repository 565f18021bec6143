"""What takes long to be counted is counted beside the writer, and comes to the same."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TypeVar

import pytest
from sqlmodel import select

from handlers.actions import campaign_results
from handlers.actions.digests import send_digest
from handlers.actions.members import DIGEST
from handlers.actions.trials import CONTROL
from handlers.message import Incoming, Kind, Person
from handlers.router import only_looks
from storage.aside import answered
from storage.engine import Store
from storage.errors import Refused
from storage.records import (
    Campaign,
    CampaignState,
    Contact,
    Direction,
    Interaction,
    Member,
    Metric,
    Order,
    OrderKind,
    OutboxRow,
    Recipient,
    RecipientState,
    Role,
    Schedule,
    Trial,
)
from storage.work import Clock, Work
from tests.rules.made import START, member

T = TypeVar("T")

WITHIN = 20.0
DAY = timedelta(days=1)
# What happened to one person: state, letter, when it was settled, [(what, when, amount)].
Fate = tuple[RecipientState, str, float, list[tuple[str, float, int]]]


def people(dice: random.Random, many: int = 60) -> list[Fate]:
    """Who got what, and what they did before and after it, some of it on the edge of a window."""
    found: list[Fate] = []
    for _ in range(many):
        state = dice.choice(
            [
                *(RecipientState.SENT, RecipientState.SENT, RecipientState.CONTROL),
                *(RecipientState.SKIPPED, RecipientState.FAILED),
            ]
        )
        letter = CONTROL if state is RecipientState.CONTROL else dice.choice("AB")
        settled = dice.randrange(50, 200) / 100
        did = [
            (
                dice.choice(("reply", "order", "refund")),
                settled + dice.choice((-0.2, 0, 0.1, 1, 2.9, 3, 6.9, 7, 8)),
                dice.randrange(1, 50),
            )
            for _ in range(dice.randrange(4))
        ]
        found.append((state, letter, settled, did))
    return found


def house(work: Work, found: list[Fate], metric: Metric) -> int:
    """A campaign that these people got, twenty days ago."""
    mia = member(work, "Mia", Role.ADMIN)
    begun = work.now - 20 * DAY
    campaign = work.add(
        Campaign(
            number=1,
            texts={"": "Hi"},
            audience={"filter": "", "except": "", "frozen_to": None},
            state=CampaignState.FINISHED,
            created_by=mia.id,
            created_at=begun,
            started_at=begun,
            finished_at=begun + 3 * DAY,
        )
    )
    texts = {"B": {"": "Ho"}}
    work.add(
        Trial(campaign_id=campaign.id, texts=texts, hold_out=30, metric=metric, decide_at=work.now)
    )
    for number, (state, letter, settled, did) in enumerate(found):
        contact = work.add(Contact(name=f"Person {number}", created_at=begun))
        given = {"campaign_id": campaign.id, "contact_id": contact.id, "state": state}
        work.add(
            Recipient(
                **given, variant=letter, settled_at=begun + settled * DAY, reason=None, edit=0
            )
        )
        for turn, (what, when, amount) in enumerate(did):
            does(work, contact, f"{number}-{turn}", what, begun + when * DAY, amount)
    return campaign.id


def does(work: Work, contact: Contact, name: str, what: str, at: object, amount: int) -> None:
    """They write, buy, or give something back."""
    if what == "reply":
        direction = Direction.IN
        work.add(Interaction(contact_id=contact.id, channel="telegram", direction=direction, at=at))
        return
    kind = OrderKind.PURCHASE if what == "order" else OrderKind.REFUND
    work.add(
        Order(
            number=name,
            contact_id=contact.id,
            kind=kind,
            amount=Decimal(amount),
            currency="EUR",
            at=at,
        )
    )


def first(did: list[tuple[str, float, int]], what: str, settled: float) -> float | None:
    """When somebody did something first, after they had it."""
    return min((at for name, at, _ in did if name == what and at >= settled), default=None)


def by_hand(found: list[Fate], what: str, days: float) -> dict[str, tuple[int, int]]:
    """How many got each text, and how many of them did it within so many days."""
    many: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for state, letter, settled, did in found:
        if state is RecipientState.SKIPPED:
            continue
        many[letter] += 1
        at = first(did, what, settled)
        done[letter] += at is not None and at - settled < days - 1e-9
    return {letter: (many[letter], done[letter]) for letter in many}


@pytest.mark.parametrize("seed", range(8))
def test_what_a_campaign_has_brought_is_what_a_plain_recount_finds(
    sqlite_url: str, seed: int
) -> None:
    """Person by person: replies within three days, orders within seven, money less returns."""
    found = people(random.Random(seed))
    store = Store(sqlite_url, Clock(START))
    try:
        id = store.write(partial(house, found=found, metric=Metric.REPLY))
        columns = store.read(
            lambda work: campaign_results.results(work, work.sure(Campaign, id)).columns
        )
    finally:
        store.close()

    replied = {letter: (each.people, each.replied) for letter, each in columns.items()}
    ordered = {letter: (each.people, each.ordered) for letter, each in columns.items()}
    assert replied == by_hand(found, "reply", 3)
    assert ordered == by_hand(found, "order", 7)
    for letter, column in columns.items():
        spent = sum(
            amount if what == "order" else -amount
            for state, its, settled, did in found
            for what, at, amount in did
            if its == letter and state is not RecipientState.SKIPPED and what != "reply"
            if settled <= at and at - settled < 7 - 1e-9
        )
        assert sum(column.spent.get("EUR", {}).values()) == spent


@pytest.mark.parametrize("metric", [Metric.REPLY, Metric.ORDER])
def test_a_trial_is_decided_by_what_a_plain_recount_finds(store: Store, metric: Metric) -> None:
    """The look is taken by a thread; the job comes again until it knows, and decides once."""
    found = people(random.Random(5))
    store.clock.push(START - store.clock.now())
    store.write(partial(house, found=found, metric=metric))
    what = "reply" if metric is Metric.REPLY else "order"
    decided = until(store, lambda: decide(store))

    # Nothing ends the time of a trial but its one look.
    counted = by_hand(found, what, 1_000)
    assert decided == {letter: list(counted[letter]) for letter in ("A", "B")}


def decide(store: Store) -> dict[str, list[int]] | None:
    """Have the job look; what was decided, if it was."""
    store.write(campaign_results.decide_trials)
    figures: dict[str, list[int]] | None = store.read(
        lambda work: work.all(select(Trial))[0].figures
    )
    return figures


def until(store: Store, look: Callable[[], T | None]) -> T:
    """Come again until it is there."""
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        found = look()
        if found is not None:
            return found
        time.sleep(0.02)
    raise AssertionError("it was not counted in time")


def test_nobody_who_writes_waits_for_a_long_count(store: Store) -> None:
    """While it goes on others write, and it sees the moment at which it was asked."""
    going, may_end = threading.Event(), threading.Event()

    def long(work: Work) -> tuple[object, int]:
        going.set()
        assert may_end.wait(WITHIN)
        return work.now, len(work.all(select(Contact)))

    def ask(work: Work) -> tuple[object, int] | None:
        return answered(work, "long", long)

    before = store.clock.now()
    assert store.write(ask) is None
    assert going.wait(WITHIN)
    after = store.clock.now()
    for number in range(5):
        store.write(
            lambda work, name=f"Person {number}": work.add(  # type: ignore[misc]
                Contact(name=name, created_at=work.now)
            )
        )
        assert store.write(ask) is None
    may_end.set()
    moment, _ = until(store, lambda: store.write(ask))

    assert before <= moment <= after  # type: ignore[operator]
    assert store.write(ask) is None


def test_what_goes_wrong_there_is_told_to_who_asked(store: Store) -> None:
    """Once; the next one who asks has it looked for anew."""

    def wrong(work: Work) -> int:
        raise Refused("nothing there")

    with pytest.raises(Refused):
        until(store, lambda: store.write(lambda work: answered(work, "wrong", wrong)))
    assert until(store, lambda: store.write(lambda work: answered(work, "wrong", lambda _: 1))) == 1


def test_a_digest_is_put_together_beside_the_writer_and_comes_once(store: Store) -> None:
    """However often the job looks for it while it is being counted, and after."""
    store.clock.push(START - store.clock.now())
    found = people(random.Random(3), 200)
    store.write(partial(house, found=found, metric=Metric.ORDER))

    def plan(work: Work) -> None:
        mia = work.all(select(Member))[0]
        moment = work.now.replace(hour=9, minute=0, second=0, microsecond=0)
        work.add(
            Schedule(job=DIGEST, member_id=mia.id, wall="09:00", zone="UTC", next_due_at=moment)
        )

    store.write(plan)

    def send(work: Work) -> None:
        for each in work.all(select(Schedule)):
            if each.next_due_at <= work.now:
                send_digest(work, each)

    def sent() -> list[OutboxRow] | None:
        store.write(send)
        return store.read(lambda work: work.all(select(OutboxRow))) or None

    (row,) = until(store, sent)
    assert "digest" in row.idem_key
    for _ in range(3):
        assert len(sent() or ()) == 1


@pytest.mark.parametrize(
    ("line", "looks"),
    [
        ("digest", True),
        ("  Report ", True),
        ("日报", True),
        ("digest 9:00", False),
        ("note anna digest", False),
        ("", False),
    ],
)
def test_a_digest_that_is_asked_for_only_looks(line: str, looks: bool) -> None:
    """Choosing its hour writes, so that waits for its turn."""
    asked = Incoming("slack", "T1", Kind.COMMAND, "C1", Person("U1", "Mia"), text=line)
    assert only_looks(asked) is looks
