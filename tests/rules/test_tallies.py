"""What is kept with each change is what somebody would count who looks at everybody."""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select as sa_select
from sqlmodel import SQLModel, col, select

from handlers.actions import campaign_answers, campaigns, feeding, journeys, merging
from handlers.actions.trials import CONTROL
from storage import tallies as kept
from storage.engine import Store
from storage.errors import Refused
from storage.queries import campaigns as campaign_queries
from storage.queries import journeys as journey_queries
from storage.queries import privacy, tallies
from storage.records import (
    Campaign,
    CampaignState,
    Contact,
    ContactTag,
    Identity,
    IdentityKind,
    Journey,
    JourneyState,
    Member,
    Merge,
    OutboxRow,
    Recipient,
    RecipientState,
    RecipientTally,
    Record,
    Role,
    Timing,
    Traveller,
    TravellerState,
    TravellerTally,
)
from storage.work import Actor, Clock, Work
from tests.conftest import POSTGRESQL, SQLITE
from tests.rules.driven import equal_to_a_recount

R = TypeVar("R", bound=Record)

START = datetime(2026, 11, 18, 10, tzinfo=UTC)
PEOPLE = 12

# A failing run names its seed; making it smaller would take minutes and no seed is smaller.
many = settings(
    phases=[Phase.generate],
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
seeds = st.integers(min_value=0, max_value=2**32)


class House:
    """Campaigns and journeys, and everything that may happen to the people on them."""

    def __init__(self, store: Store, clock: Clock, dice: random.Random) -> None:
        self.store, self.clock, self.dice = store, clock, dice
        self.mia = store.write(self._fill)

    def _fill(self, work: Work) -> Member:
        for number in range(PEOPLE):
            contact = work.add(Contact(name=f"Person {number}", created_at=work.now))
            work.add(ContactTag(contact_id=contact.id, tag="vip"))
            value = f"{number}"
            work.add(
                Identity(
                    contact_id=contact.id,
                    kind=IdentityKind.TELEGRAM,
                    value=value,
                    shown=value,
                    created_at=work.now,
                )
            )
        return work.add(
            Member(slack_team="T", slack_user="U", name="Mia", role=Role.ADMIN, created_at=work.now)
        )

    def does(self, step: str) -> None:
        """One step; what a rule refuses is no step."""
        self.clock.push(timedelta(minutes=self.dice.randrange(20)))
        act: Callable[[Work], object] = getattr(self, step)
        try:
            self.store.write(act, Actor(name="Mia", member=self.mia))
        except Refused:
            return

    def _one(self, work: Work, model: type[R]) -> R:
        table: Any = model
        found: list[R] = work.all(select(table).order_by(table.id))
        if not found:
            raise Refused("nothing there")
        return self.dice.choice(found)

    def campaign(self, work: Work) -> None:
        """A new one, to all or at each one's own hour, and its people written down."""
        made = campaigns.draft(work, "vip", "Hello", "C1")
        if self.dice.random() < 0.3:
            made.timing, made.wall = Timing.LOCAL, "2026-11-19T09:00"
        campaigns.set_going(work, made)
        made.started_at = work.now
        system = work.as_system()
        while feeding.freeze_more(system, made):
            pass

    def feed(self, work: Work) -> None:
        for each in campaign_queries.running(work):
            feeding.feed(work.as_system(), each, self.dice.randrange(1, 6))

    def settle(self, work: Work) -> None:
        """One person's message ends so, or goes back: then it is on its way no more."""
        each = self._one(work, Recipient)
        on_its_way = col(OutboxRow.subject_id) == each.id
        for row in work.all(select(OutboxRow).where(on_its_way)):
            work.delete(row)
        each.state = self.dice.choice(list(RecipientState))
        waits = each.state in campaigns.WAITS
        each.settled_at = None if waits else work.now
        each.reason = self.dice.choice((None, "ticket", "wrote"))
        each.variant = self.dice.choice((None, "A", "B+", CONTROL))
        each.edit = self.dice.choice((None, 0, 1))

    def cancel(self, work: Work) -> None:
        campaign = self._one(work, Campaign)
        campaigns.cancel(work, campaign)

    def expire(self, work: Work) -> None:
        for each in campaign_queries.running(work):
            campaigns.end_waiting(work, each)

    def recall(self, work: Work) -> None:
        campaign = self._one(work, Campaign)
        if campaign.state is CampaignState.RUNNING:
            campaigns.pause(work, campaign)
        campaign_answers.recall(work, campaign)
        campaign_answers.recall_more(work.as_system())

    def journey(self, work: Work) -> None:
        made = journeys.write(work, f"j{work.now:%d%H%M%S%f}", "for: tag:vip\nsay: Hi", "C1")
        journeys.start(work, made)
        journey_queries.put_on(work, made, [col(Contact.id) > 0])

    def walk(self, work: Work) -> None:
        """One person is a step on, through, or has left."""
        each = self._one(work, Traveller)
        each.state = self.dice.choice(list(TravellerState))
        each.position = self.dice.randrange(3)
        each.reason = self.dice.choice((None, "reply", "stop"))

    def end_journey(self, work: Work) -> None:
        journey = self._one(work, Journey)
        if journey.state is not JourneyState.DRAFT:
            journeys.end(work, journey)

    def merge(self, work: Work) -> None:
        survivor, gone = self._one(work, Contact), self._one(work, Contact)
        merging.merge(work, survivor, gone)

    def unmerge(self, work: Work) -> None:
        made = self._one(work, Merge)
        merging.undo(work, made)

    def forget(self, work: Work) -> None:
        contact = self._one(work, Contact)
        privacy.erase_belongings(work, contact, work.now)

    def drop(self, work: Work) -> None:
        each = self._one(work, Recipient)
        work.delete(each)

    def fail(self, work: Work) -> None:
        """A transaction that has changed much is taken back whole."""
        self.settle(work)
        self.walk(work)
        work.count_up()
        raise Refused("taken back")


STEPS = {
    "campaign": 2,
    "feed": 8,
    "settle": 12,
    "cancel": 1,
    "expire": 1,
    "recall": 1,
    "drop": 1,
    "journey": 1,
    "walk": 8,
    "end_journey": 1,
    "merge": 2,
    "unmerge": 2,
    "forget": 1,
    "fail": 2,
}


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def fresh(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path
) -> Callable[[int], AbstractContextManager[str]]:
    """The URL of a new database for each example, once on SQLite and once on PostgreSQL."""
    server = request.getfixturevalue("postgres") if request.param == POSTGRESQL else None
    if isinstance(server, str):
        pytest.skip(server)

    @contextmanager
    def make(seed: int) -> Iterator[str]:
        if server is None:
            shutil.copyfile(sqlite_template, tmp_path / f"{seed}.db")
            yield f"sqlite:///{tmp_path / f'{seed}.db'}"
            return
        url = server.migrated()
        yield url
        server.drop(url)

    return make


@many
@given(seed=seeds)
def test_whatever_happens_the_counts_are_what_a_recount_finds(
    fresh: Callable[[int], AbstractContextManager[str]], seed: int
) -> None:
    """Frozen, fed, settled, cancelled, recalled, merged, forgotten: after every step."""
    with fresh(seed) as url:
        _driven(url, seed)


def _driven(url: str, seed: int) -> None:
    dice, clock = random.Random(seed), Clock(START)
    store = Store(url, clock)
    try:
        house = House(store, clock, dice)
        chosen = dice.choices(list(STEPS), list(STEPS.values()), k=48)
        for number, step in enumerate(["campaign", "journey", *chosen]):
            house.does(step)
            if number % 5 == 0:
                store.read(_equal)
        _counted_from_nothing(store)
    finally:
        store.close()


def _equal(work: Work) -> None:
    equal_to_a_recount(work)
    table = SQLModel.metadata.tables["travellers"]
    names = table.columns.keys()
    rows = [dict(zip(names, row, strict=True)) for row in work.rows(sa_select(*table.columns))]
    counts = {
        tuple(getattr(each, name) for name in TravellerTally.kinds): each.many
        for each in work.all(select(TravellerTally).where(col(TravellerTally.many) != 0))
    }
    assert counts == dict(Counter(map(Traveller.kind_of, rows)))
    for campaign in work.all(select(Campaign)):
        by_hand = Counter(
            str(each.state)
            for each in work.all(select(Recipient).where(col(Recipient.campaign_id) == campaign.id))
        )
        assert tallies.by_state(work, campaign) == dict(by_hand)


def _counted_from_nothing(store: Store) -> None:
    """A database from before there were counts gets the same ones."""

    def forget(work: Work) -> None:
        for model in (RecipientTally, TravellerTally):
            work.execute(SQLModel.metadata.tables[model.__tablename__].delete())

    store.write(forget)
    with store.engine.connect() as connection, connection.begin():
        kept.install(connection)
        kept.install(connection)
    store.read(_equal)
