"""A campaign driven at random, ten thousand steps on ten thousand people: `python -m` this.

Pause, resume, another speed, other words, people who write, stop or are served, answers that break,
kills and restarts, in any order. After every step each recipient is in one state, at most three
more go after a pause and none after the end, nobody gets it twice, and whoever may not have got it
is listed by name.
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from sqlmodel import col, select

from handlers.actions import campaigns, consents, feeding
from handlers.actions import delivery as rules
from handlers.actions.outcomes import Claimed, Failed, Later, NotSure, Outcome, Sent
from storage import schema
from storage.engine import Store
from storage.errors import Refused
from storage.queries import campaigns as queries
from storage.records import (
    CampaignState,
    Contact,
    ContactTag,
    Identity,
    IdentityKind,
    Member,
    Policy,
    Recipient,
    RecipientState,
    Role,
)
from storage.work import Actor, Clock, Work
from tests.rules.driven import ROOM, Driven

START = datetime(2026, 11, 18, 10, tzinfo=UTC)
# What Telegram answers; nearly always that it has it.
ANSWERS: tuple[Outcome, ...] = (
    *(Sent("1", "7"),) * 40,
    *(Later(timedelta(), "429"),) * 3,
    NotSure("broken"),
    Failed("no"),
    Failed("blocked", blocked=True),
)
STEPS = {
    "deliver": 60,
    "feed": 30,
    "time": 10,
    "pause": 3,
    "resume": 12,
    "speed": 4,
    "edit": 4,
    "writes": 6,
    "calms": 4,
    "stops": 2,
    "dies": 4,
    "finish": 4,
}


@dataclass
class Drive(Driven):
    """One campaign, and what truly arrived."""

    people: list[int]
    arrived: dict[int, list[str]] = field(default_factory=dict)
    words: int = 0
    answers: ClassVar[tuple[Outcome, ...]] = ANSWERS

    def step(self) -> str:
        """Something happens; what a rule refuses is no step. What it was."""
        name = self.dice.choices(list(STEPS), list(STEPS.values()))[0]
        try:
            getattr(self, name)()
        except Refused:
            return f"{name} (refused)"
        return name

    # Steps

    def deliver(self) -> None:
        for _ in range(self.dice.randrange(1, 8)):
            self.claim()
            self.settle()

    def went(self, claimed: Claimed, outcome: Outcome) -> None:
        if isinstance(outcome, Sent) or (isinstance(outcome, NotSure) and self.dice.random() < 0.5):
            self._arrives(claimed)

    def _arrives(self, claimed: Claimed) -> None:
        assert claimed.words is not None
        text = claimed.words.summary
        self.arrived.setdefault(claimed.row.payload["contact"], []).append(text)

    def feed(self) -> None:
        room = self.dice.randrange(1, 40)
        self.store.write(lambda work: feeding.feed(work, self.of(work), room))

    def time(self) -> None:
        self.clock.push(timedelta(seconds=self.dice.choice((1, 2, 30, 600))))

    def pause(self) -> None:
        self.as_mia(campaigns.pause)
        before, on_socket = len(self.arrived), len(self.held)
        for _ in range(4):
            self.claim()
            self.settle()
        assert len(self.arrived) - before <= on_socket <= ROOM

    def resume(self) -> None:
        self.as_mia(campaigns.resume)

    def speed(self) -> None:
        speed = self.dice.choice((None, 1, 5, 30, 1000))
        self.as_mia(lambda work, campaign: campaigns.change_speed(work, campaign, speed))

    def edit(self) -> None:
        texts = {"": f"Words {self.words + 1}"}
        self.as_mia(lambda work, campaign: campaigns.change_texts(work, campaign, texts))
        self.words += 1

    def _someone(self, work: Work) -> Contact:
        return work.sure(Contact, self.dice.choice(self.people))

    def writes(self) -> None:
        def write(work: Work) -> None:
            self._someone(work).last_heard_at = work.now

        self.store.write(write)

    def calms(self) -> None:
        self.clock.push(timedelta(hours=2))

    def stops(self) -> None:
        def stop(work: Work) -> None:
            of_contact = select(Identity).where(
                col(Identity.contact_id) == self.dice.choice(self.people)
            )
            consents.note_block(work, work.all(of_contact)[0])

        self.store.write(stop)

    def dies(self) -> None:
        """The process is killed; some of what it held has arrived, and another one takes over."""
        for claimed in self.held:
            if self.dice.random() < 0.5:
                self._arrives(claimed)
        self.held.clear()
        self.store.write(lambda work: rules.take_over(work, set()))

    def finish(self) -> None:
        self.store.write(lambda work: feeding.finish_if_done(work, self.of(work)))

    # Laws

    def adds_up(self) -> CampaignState:
        """Everybody is in one state; it is over only when nobody waits."""

        counts, state = self.counted()
        assert sum(counts.values()) == len(self.people), counts
        over = state in (CampaignState.FINISHED, CampaignState.CANCELLED)
        assert not (over and any(counts.get(each) for each in ("waiting", "held"))), counts
        return state

    def kept_the_laws(self) -> dict[str, int]:
        """Nobody twice; sent is arrived, with the words that are noted; all else is unsure."""
        twice = [id for id, texts in self.arrived.items() if len(texts) > 1]
        assert not twice, twice
        people = self.store.read(lambda work: work.all(select(Recipient)))
        by_contact = {each.contact_id: each for each in people}
        for each in people:
            if each.state is RecipientState.SENT:
                words = self.arrived[each.contact_id][0]
                assert words == (f"Words {each.edit}" if each.edit else "Words 0"), each
        for id in self.arrived:
            assert by_contact[id].state in (RecipientState.SENT, RecipientState.UNSURE)
        listed = self.store.read(
            lambda work: queries.named(work, self.of(work), RecipientState.UNSURE, None, 10**6)
        )
        unsure = sum(each.state is RecipientState.UNSURE for each in people)
        assert len(listed) == unsure and all(contact.name for contact, _ in listed)
        return {"arrived": len(self.arrived), "unsure": unsure}

    def cancel(self) -> None:
        """It ends: what is on the socket still comes back, and nothing more goes."""
        self.as_mia(campaigns.cancel)
        before, on_socket = len(self.arrived), len(self.held)
        while self.store.write(feeding.wind_up):
            pass
        for _ in range(10):
            self.claim()
            self.settle()
        assert len(self.arrived) - before <= on_socket


def prepared(work: Work, people: int) -> tuple[Member, int, list[int]]:
    """A house with so many people, and a campaign to all of them that has begun."""
    mia = Member(slack_team="T", slack_user="U", name="Mia", role=Role.ADMIN, created_at=work.now)
    work.add(mia)
    for key in ("campaign_typed_above", "campaign_second_above"):
        work.add(Policy(key=key, value=10**8, changed_at=work.now))
    ids = []
    for number in range(people):
        contact = work.add(Contact(name=f"Person {number}", created_at=work.now))
        ids.append(contact.id)
        work.add(ContactTag(contact_id=contact.id, tag="vip"))
        value = str(5000 + number)
        work.add(
            Identity(
                contact_id=contact.id,
                kind=IdentityKind.TELEGRAM,
                value=value,
                shown=value,
                created_at=work.now,
            )
        )
    work.flush()
    on_behalf = work.acting_as(Actor(name="Mia", member=mia))
    campaign = campaigns.draft(on_behalf, "vip", "Words 0", "C1")
    campaigns.start(on_behalf, campaign)
    while feeding.freeze_more(work.as_system(), campaign):
        pass
    return mia, campaign.id, ids


def drive(store: Store, clock: Clock, seed: int, people: int, steps: int) -> dict[str, int]:
    """Drive one campaign for so many steps, end it, and look whether the laws held."""
    dice = random.Random(seed)
    mia, id, ids = store.write(lambda work: prepared(work, people))
    driven = Drive(store, clock, dice, mia, id, ids)
    for number in range(steps):
        driven.step()
        # The last part of a campaign is where most can go wrong: there each step is looked at.
        if number % 10 == 0 or number > steps - 200:
            driven.adds_up()
    if driven.adds_up() not in (CampaignState.FINISHED, CampaignState.CANCELLED):
        driven.cancel()
    driven.dies()
    driven.adds_up()
    return driven.kept_the_laws()


def main() -> int:
    """Drive, and say what arrived."""
    parser = argparse.ArgumentParser(prog="python -m tests.rules.campaign_steps")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rapport-steps-") as folder:
        clock = Clock(START)
        store = Store(f"sqlite:///{Path(folder) / 'rapport.db'}", clock)
        schema.upgrade(store.engine)
        try:
            found = drive(store, clock, chosen.seed, chosen.people, chosen.steps)
        finally:
            store.close()
    print(f"{chosen.steps} steps in {time.monotonic() - begun:.0f} s: {found}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
