"""Laws of the outbox and of campaigns, held against random runs with an invented sender."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import col, func, select

from handlers.actions import campaigns, consents, feeding
from handlers.actions import delivery as rules
from handlers.actions.claiming import claim
from handlers.actions.outcomes import Claimed, Failed, Later, NotSure, Outcome, Sent
from handlers.actions.outgoing import TELEGRAM, send
from storage.engine import Store
from storage.errors import Refused, Stale
from storage.queries import campaigns as campaign_queries
from storage.queries import outbox
from storage.records import (
    CampaignState,
    Contact,
    ContactTag,
    Identity,
    IdentityKind,
    Member,
    OutboxRow,
    OutboxState,
    Recipient,
    RecipientState,
    Role,
    Unsure,
)
from storage.work import Actor, Clock, Work
from tests.rules.driven import ROOM, Driven

START = datetime(2026, 11, 18, 10, tzinfo=UTC)
OVER = {OutboxState.SENT, OutboxState.FAILED, OutboxState.UNSURE}

# A failing run names its seed; making it smaller would take minutes and no seed is smaller.
many = settings(
    phases=[Phase.generate],
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
seeds = st.integers(min_value=0, max_value=2**32)


@dataclass
class Postman:
    """Two processes' worth of senders: what they hold, and what truly arrived, in order."""

    store: Store
    dice: random.Random
    held: dict[str, list[Claimed]] = field(default_factory=lambda: defaultdict(list))
    # Answers that come after the row was taken over.
    late: list[tuple[Claimed, Outcome]] = field(default_factory=list)
    arrived: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def claims(self, owner: str) -> None:
        """Take what may go."""
        room = ROOM - len(self.held[owner])
        if room > 0:
            found = self.store.write(
                lambda work: claim(work, TELEGRAM, owner, room, lambda _: True)
            )
            self.held[owner] += found

    def hears_back(self, owner: str) -> None:
        """One answer comes."""
        if not self.held[owner]:
            return
        claimed = self.held[owner].pop(self.dice.randrange(len(self.held[owner])))
        outcome = self._sent_to_platform(claimed)
        assert self.store.write(lambda work: rules.settle(work, claimed, outcome))

    def _sent_to_platform(self, claimed: Claimed) -> Outcome:
        chance = self.dice.random()
        if chance < 0.15:
            return Later(timedelta(seconds=self.dice.choice((0, 1, 5))), "429")
        if chance < 0.2:
            return Later(timedelta(seconds=1), "no connection", counts=True)
        if chance < 0.25:
            return Failed("no")
        reached = chance >= 0.32 or self.dice.random() < 0.5
        if reached:
            self.arrived[claimed.row.line].append(claimed.row.id)
        return Sent(claimed.chat, "1") if chance >= 0.32 else NotSure("broken")

    def dies(self, owner: str, others: set[str]) -> None:
        """It is gone; some of what it held had arrived, and its answers come too late."""
        for claimed in self.held.pop(owner, []):
            if self.dice.random() < 0.5:
                self.arrived[claimed.row.line].append(claimed.row.id)
            self.late.append((claimed, Sent(claimed.chat, "1")))
        self.store.write(lambda work: rules.take_over(work, others))

    def late_answers(self) -> None:
        """What the dead heard back must change nothing."""
        for claimed, outcome in self.late:
            before = self.store.read(partial(_state_of, id=claimed.row.id))
            with pytest.raises(Stale):
                self.store.write(partial(rules.settle, claimed=claimed, outcome=outcome))
            again = partial(rules.settle_again, claimed=claimed, outcome=outcome)
            assert not self.store.write(again)
            assert self.store.read(partial(_state_of, id=claimed.row.id)) == before
        self.late.clear()


def _state_of(work: Work, id: int) -> tuple[OutboxState, int]:
    row = work.sure(OutboxRow, id)
    return row.state, row.token


def _queue(store: Store, dice: random.Random, count: int) -> list[OutboxRow]:
    def write(work: Work) -> list[OutboxRow]:
        rows: list[OutboxRow] = []
        for number in range(count):
            chat = str(1000 + dice.randrange(6))
            policy = dice.choice((Unsure.HOLD, Unsure.ASK, Unsure.RESEND))
            key = f"{len(rows)}:{dice.random()}:{number}"
            rows.append(
                send(work, TELEGRAM, chat, "say", {"parts": []}, key=key, when_unsure=policy)
            )
        return rows

    return store.write(write)


@many
@given(seed=seeds)
def test_lines_keep_their_order_and_nothing_is_said_twice(sqlite_store: Store, seed: int) -> None:
    """Whatever answers come, whoever dies: each line in order, twice only where that is allowed."""
    dice = random.Random(seed)
    # One for all examples: its statements are compiled once.
    store = sqlite_store
    store.clock = clock = Clock(START)
    store.write(_clean)
    postman = Postman(store, dice)
    rows = _queue(store, dice, 25)
    owners = ["a", "b"]
    for step in range(140):
        owner = dice.choice(owners)
        match dice.randrange(10):
            case 0:
                clock.push(timedelta(seconds=dice.randrange(4)))
            case 1 if step % 3 == 0:
                owners.remove(owner)
                postman.dies(owner, set(owners))
                owners.append(f"{owner}{step}")
            case 2:
                postman.late_answers()
            case 3 | 4 | 5:
                postman.claims(owner)
            case _:
                postman.hears_back(owner)
        _line_has_one_on_the_socket(store)
    _run_dry(postman, owners, clock)
    postman.late_answers()
    _kept_the_laws(store, postman, rows)


def _run_dry(postman: Postman, owners: list[str], clock: Clock) -> None:
    for _ in range(400):
        for owner in owners:
            postman.claims(owner)
            while postman.held[owner]:
                postman.hears_back(owner)
        clock.push(timedelta(seconds=6))
        if not postman.store.read(_open_rows):
            return
    raise AssertionError("the outbox never runs dry")


def _open_rows(work: Work) -> int:
    open_states = (OutboxState.QUEUED, OutboxState.SENDING)
    counted = select(func.count()).where(col(OutboxRow.state).in_(open_states))
    return int(work.scalar(counted))


def _line_has_one_on_the_socket(store: Store) -> None:
    lines = [row.line for row in store.read(outbox.sending)]
    assert len(lines) == len(set(lines))


def _kept_the_laws(store: Store, postman: Postman, rows: list[OutboxRow]) -> None:
    ended = store.read(lambda work: {row.id: work.sure(OutboxRow, row.id) for row in rows})
    assert {row.state for row in ended.values()} <= OVER
    for ids in postman.arrived.values():
        assert ids == sorted(ids)
        for id in set(ids):
            allowed = 2 if ended[id].when_unsure is Unsure.RESEND else 1
            assert ids.count(id) <= allowed
            assert ended[id].state is not OutboxState.FAILED or allowed == 2
    everything = [id for ids in postman.arrived.values() for id in ids]
    assert all(id in everything for id, row in ended.items() if row.state is OutboxState.SENT)


def _clean(work: Work) -> None:
    for table in (
        "outbox",
        "recipient_tallies",
        "recipients",
        "campaigns",
        "contact_tags",
        "identities",
        "contacts",
    ):
        work.execute(OutboxRow.metadata.tables[table].delete())


# Campaigns


ANSWERS: tuple[Outcome, ...] = (
    Sent("1", "7"),
    Sent("1", "7"),
    Later(timedelta(), "429"),
    NotSure("broken"),
    Failed("no"),
    Failed("blocked", blocked=True),
)


@dataclass
class Tour(Driven):
    """One campaign, driven at random."""

    people: int
    reached: list[int] = field(default_factory=list)
    answers: ClassVar[tuple[Outcome, ...]] = ANSWERS

    def does(self, step: str) -> None:
        """One step; what a rule refuses is no step."""
        try:
            getattr(self, step)()
        except Refused:
            return

    def pause(self) -> None:
        self.as_mia(campaigns.pause)
        on_socket = len(self.held)
        before = len(self.reached)
        for _ in range(4):
            self.claim()
            self.settle()
        assert len(self.reached) - before <= on_socket <= ROOM

    def resume(self) -> None:
        self.as_mia(campaigns.resume)

    def cancel(self) -> None:
        self.as_mia(campaigns.cancel)
        on_socket = {each.row.id for each in self.held}
        self.claim()
        assert {each.row.id for each in self.held} == on_socket

    def feed(self) -> None:
        self.store.write(lambda work: feeding.feed(work, self.of(work), self.dice.randrange(1, 12)))

    def went(self, claimed: Claimed, outcome: Outcome) -> None:
        if isinstance(outcome, Sent | NotSure):
            self.reached.append(claimed.row.id)

    def restart(self) -> None:
        self.held.clear()
        self.store.write(lambda work: rules.take_over(work, set()))

    def stop_word(self) -> None:
        def refuse(work: Work) -> None:
            contact = self.dice.choice(work.all(select(Contact).order_by(col(Contact.id))))
            of_contact = select(Identity).where(col(Identity.contact_id) == contact.id)
            consents.note_block(work, work.all(of_contact)[0])

        self.store.write(refuse)

    def time(self) -> None:
        self.clock.push(timedelta(seconds=2))

    def adds_up(self) -> bool:
        """Nobody is in two states or in none, and it is over only when nobody waits."""

        counts, state = self.counted()
        assert sum(counts.values()) == self.people
        over = state in (CampaignState.FINISHED, CampaignState.CANCELLED)
        waits = counts.get("waiting", 0) + counts.get("queued", 0)
        assert not (over and waits)
        return over and not self.held

    def finish(self) -> None:
        self.store.write(lambda work: feeding.finish_if_done(work, self.of(work)))


STEPS = ["pause", "resume", "feed", "claim", "settle", "restart", "time", "finish", "stop_word"]
WEIGHTS = [1, 3, 6, 8, 10, 1, 2, 1, 1]


@many
@given(seed=seeds, cancelled=st.booleans())
def test_a_campaign_adds_up_whatever_happens(
    sqlite_store: Store, seed: int, cancelled: bool
) -> None:
    """Pause, resume, kill, stop and cancel at random: every recipient has one state, always."""
    dice = random.Random(seed)
    # One for all examples: its statements are compiled once.
    store = sqlite_store
    store.clock = clock = Clock(START)
    store.write(_clean)
    mia, campaign = store.write(lambda work: _prepared(work, 20))
    tour = Tour(store, clock, dice, mia, campaign, 20)
    for _ in range(80):
        tour.does(dice.choices(STEPS, WEIGHTS)[0])
        tour.adds_up()
    if cancelled:
        tour.does("cancel")
        tour.adds_up()
    tour.does("resume")
    _to_the_end(tour)
    states = store.read(lambda work: [each.state for each in work.all(select(Recipient))])

    assert len(tour.reached) == len(set(tour.reached))
    assert not {RecipientState.WAITING, RecipientState.QUEUED} & set(states)
    if not cancelled:
        assert RecipientState.CANCELLED not in states


def _to_the_end(tour: Tour) -> None:
    for _ in range(300):
        tour.feed()
        tour.claim()
        while tour.held:
            tour.settle()
        tour.time()
        tour.finish()
        if tour.adds_up():
            return
    raise AssertionError(f"the campaign never ends: {tour.store.read(campaign_queries.running)}")


def _prepared(work: Work, people: int) -> tuple[Member, int]:
    mia = work.first(select(Member)) or work.add(
        Member(
            slack_team="T1",
            slack_user="U1",
            name="Mia",
            role=Role.ADMIN,
            created_at=work.now,
        )
    )
    for number in range(people):
        contact = work.add(Contact(name=f"Person {number}", created_at=work.now))
        work.add(ContactTag(contact_id=contact.id, tag="vip"))
        work.add(
            Identity(
                contact_id=contact.id,
                kind=IdentityKind.TELEGRAM,
                value=str(5000 + number),
                shown=str(number),
                created_at=work.now,
            )
        )
    work.flush()
    on_behalf = work.acting_as(Actor(name="Mia", member=mia))
    campaign = campaigns.draft(on_behalf, "vip", "Hello", "C1")
    campaigns.start(on_behalf, campaign)
    while feeding.freeze_more(work.as_system(), campaign):
        pass
    return mia, campaign.id
