"""Who may not have a campaign does not get it: not by the dry run, not when it is fed, not last."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.actions import audiences, campaigns, claiming, consents, feeding, preferences
from handlers.actions.campaigns import Terms
from handlers.actions.outgoing import TELEGRAM
from storage.engine import Store
from storage.errors import Refused
from storage.records import (
    Campaign,
    CampaignState,
    Consent,
    Contact,
    FollowUp,
    Identity,
    Member,
    Preference,
    Priority,
    Purpose,
    Recipient,
    RecipientState,
    Ticket,
    TicketStatus,
    Topic,
)
from storage.work import Clock, Work
from tests.rules.made import START, acting, customer, decide, member

SAYS = "in their own words"


def _identity(work: Work, contact: Contact) -> Identity:
    (found,) = work.all(select(Identity).where(Identity.contact_id == contact.id))
    return found


def stop(work: Work, contact: Contact) -> None:
    consents.stop_marketing(acting(work, contact), contact, SAYS)


def refuse_topic(work: Work, contact: Contact) -> None:
    consents.stop_marketing(acting(work, contact), contact, SAYS, "news")


def block_us(work: Work, contact: Contact) -> None:
    _identity(work, contact).blocked_at = work.now


def be_blocked(work: Work, contact: Contact) -> None:
    contact.blocked_at = work.now


def only_by_an_owners_account(work: Work, contact: Contact) -> None:
    _identity(work, contact).value = f"{contact.id}@77"


def _request(work: Work, contact: Contact, **more: object) -> Ticket:
    values: dict[str, object] = {"status": TicketStatus.OPEN} | more
    ticket = Ticket(
        number=1,
        contact_id=contact.id,
        subject="late",
        opened_at=work.now,
        **values,
    )
    return work.add(ticket)


def have_a_request(work: Work, contact: Contact) -> None:
    _request(work, contact)


def be_angry(work: Work, contact: Contact) -> None:
    decide(work, campaign_tickets="angry")
    _request(work, contact, priority=Priority.URGENT)


def be_discontent(work: Work, contact: Contact) -> None:
    _request(work, contact, status=TicketStatus.CLOSED, csat=2, resolved_at=work.now)


def write(work: Work, contact: Contact) -> None:
    contact.last_heard_at = work.now


def be_promised_a_call(work: Work, contact: Contact) -> None:
    (owner,) = work.all(select(Member))
    work.add(
        FollowUp(
            contact_id=contact.id,
            owner_id=owner.id,
            text="call",
            wall="2026-11-19T10:00",
            zone="UTC",
            due_at=work.now + timedelta(days=1),
            created_at=work.now,
        )
    )


def want_quiet_for_days(work: Work, contact: Contact) -> None:
    preferences.no_news_until(acting(work, contact), contact, work.now + timedelta(days=3))


def want_quiet_at_this_hour(work: Work, contact: Contact) -> None:
    work.add(Preference(contact_id=contact.id, quiet_from="22:00", quiet_to="11:00"))


def live_where_it_is_night(work: Work, contact: Contact) -> None:
    decide(work, campaign_quiet="21:00-09:00")
    contact.zone = "America/Los_Angeles"


def have_had_enough(work: Work, contact: Contact) -> None:
    (owner,) = work.all(select(Member))
    decide(work, campaign_cap=1)
    other = work.add(
        Campaign(
            number=99,
            texts={"": "x"},
            audience={"filter": "tag:vip"},
            # As one of a journey is, which never ends: only when they got it counts.
            state=CampaignState.RUNNING,
            created_by=owner.id,
            created_at=work.now,
            started_at=work.now,
        )
    )
    work.flush()
    work.add(
        Recipient(
            campaign_id=other.id,
            contact_id=contact.id,
            state=RecipientState.UNSURE,
            settled_at=work.now,
        )
    )


Obstacle = Callable[[Work, Contact], None]
FOR_GOOD: list[tuple[Obstacle, str]] = [
    (stop, "stopped"),
    (refuse_topic, "topic"),
    (block_us, "blocked"),
    (be_blocked, "barred"),
    (only_by_an_owners_account, "elsewhere"),
]
FOR_NOW: list[tuple[Obstacle, str]] = [
    (have_a_request, "ticket"),
    (be_angry, "angry"),
    (be_discontent, "score"),
    (write, "wrote"),
    (be_promised_a_call, "promised"),
    (want_quiet_for_days, "quiet"),
    (want_quiet_at_this_hour, "quiet"),
    (live_where_it_is_night, "night"),
    (have_had_enough, "capped"),
]
# What a campaign that goes even to those who are busy does not wait for.
BUSY = {"ticket", "angry", "score", "wrote", "promised"}
BEFORE_START, BEFORE_ITS_TURN, AT_THE_LAST_MOMENT = "start", "turn", "last moment"
MOMENTS = (BEFORE_START, BEFORE_ITS_TURN, AT_THE_LAST_MOMENT)


@dataclass
class House:
    """A manager, somebody who would get news, and somebody in whose way something comes."""

    store: Store
    clock: Clock
    mia: Member
    free: int
    other: int

    def change(self, obstacle: Obstacle) -> None:
        """It comes in the way of the other one, and holds for whoever asks from then on."""
        self.store.write(lambda work: obstacle(work, work.sure(Contact, self.other)))
        # What policies say is looked up again after some seconds.
        self.clock.push(timedelta(seconds=6))

    def drafted(self, *, regardless: bool = False) -> int:
        """A campaign about news to both."""
        terms = Terms("vip", {"": "Hello"}, topic="news", regardless=regardless)
        return self.store.write(
            lambda work: campaigns.compose(acting(work, self.mia), terms, "C1").id
        )

    def started(self, id: int) -> None:
        """It has begun, and who gets it is written down."""

        def begin(work: Work) -> None:
            campaign = work.sure(Campaign, id)
            campaigns.start(acting(work, self.mia), campaign)
            while feeding.freeze_more(work, campaign):
                pass

        self.store.write(begin)

    def fed(self, id: int) -> None:
        """Messages stand in the outbox for those who may have them."""
        self.store.write(lambda work: feeding.feed(work, work.sure(Campaign, id), 10))

    def gone_out(self) -> list[int]:
        """To whom the delivery would send now."""
        claimed = self.store.write(
            lambda work: claiming.claim(work, TELEGRAM, "a", 10, lambda _: True)
        )
        return [each.row.payload["contact"] for each in claimed if "contact" in each.row.payload]

    def became(self, id: int) -> Recipient | None:
        """What became of the other one."""
        return self.store.read(
            lambda work: work.first(
                select(Recipient).where(
                    Recipient.campaign_id == id, Recipient.contact_id == self.other
                )
            )
        )


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    """Two customers who had nothing to do with us for years."""
    clock = Clock(START)
    store = Store(sqlite_url, clock)

    def make(work: Work) -> tuple[Member, int, int]:
        mia = member(work, "Mia")
        work.add(Topic(name="news", created_at=work.now))
        return mia, customer(work, "Free", "5001").id, customer(work, "Other", "5002").id

    mia, free, other = store.write(make)
    yield House(store, clock, mia, free, other)
    store.close()


def _until(house: House, obstacle: Obstacle, when: str, *, regardless: bool = False) -> int:
    """A campaign that has come to the outbox; the obstacle came at that moment."""
    if when == BEFORE_START:
        house.change(obstacle)
    id = house.drafted(regardless=regardless)
    house.started(id)
    if when == BEFORE_ITS_TURN:
        house.change(obstacle)
    house.fed(id)
    if when == AT_THE_LAST_MOMENT:
        house.change(obstacle)
    return id


@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize(("obstacle", "why"), FOR_GOOD, ids=[each[1] for each in FOR_GOOD])
def test_who_said_no_or_cannot_be_reached_never_gets_it(
    house: House, obstacle: Obstacle, why: str, when: str
) -> None:
    """Whenever that happens; the others do."""
    id = _until(house, obstacle, when)

    assert house.gone_out() == [house.free]
    became = house.became(id)
    if when == BEFORE_START:
        assert became is None
    else:
        assert became is not None and became.state is RecipientState.STOPPED
        assert (became.reason or "") in (why, "stop", "blocked")


@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize(("obstacle", "why"), FOR_NOW, ids=[each[0].__name__ for each in FOR_NOW])
def test_who_is_busy_or_wants_quiet_waits(
    house: House, obstacle: Obstacle, why: str, when: str
) -> None:
    """They are held with the reason, and looked at again."""
    id = _until(house, obstacle, when)

    assert house.gone_out() == [house.free]
    became = house.became(id)
    assert became is not None and became.state is RecipientState.HELD
    assert became.reason == why
    assert became.due_at is not None and became.due_at > house.clock.now()


@pytest.mark.parametrize(("obstacle", "why"), FOR_NOW, ids=[each[0].__name__ for each in FOR_NOW])
def test_what_goes_even_to_the_busy_waits_only_for_quiet_and_the_cap(
    house: House, obstacle: Obstacle, why: str
) -> None:
    """Being busy with us is no reason any more; what somebody has asked for still is."""
    _until(house, obstacle, BEFORE_START, regardless=True)

    assert (house.other in house.gone_out()) is (why in BUSY)


@pytest.mark.parametrize(("obstacle", "why"), FOR_GOOD + FOR_NOW[:-2])
def test_the_dry_run_counts_what_will_happen(house: House, obstacle: Obstacle, why: str) -> None:
    """One who gets it, and one under the reason."""
    house.change(obstacle)
    id = house.drafted()
    counts = house.store.read(lambda work: audiences.counts_of(work.sure(Campaign, id)))

    hours = obstacle is want_quiet_at_this_hour
    assert counts == ({"will_get": 2} if hours else {"will_get": 1, why: 1})


@pytest.mark.parametrize("topic", ["", "news"])
def test_where_consent_must_be_given_only_a_yes_counts(house: House, topic: str) -> None:
    """To everything or to this topic; a yes to something else is none."""

    def say(work: Work, contact: Contact) -> None:
        decide(work, campaign_consent="explicit")
        for who, about in ((contact, topic), (work.sure(Contact, house.free), "other")):
            work.add(
                Consent(
                    contact_id=who.id,
                    purpose=Purpose.MARKETING,
                    topic=about,
                    granted=True,
                    channel=TELEGRAM,
                    at=work.now,
                )
            )

    house.change(say)
    id = house.drafted()
    house.started(id)
    house.fed(id)

    assert house.gone_out() == [house.other]


def test_a_cap_counts_days_and_not_for_ever(house: House) -> None:
    """When they have passed, the next one may go."""
    house.change(lambda work, _: decide(work, campaign_days=14))
    id = _until(house, have_had_enough, BEFORE_START)
    assert house.gone_out() == [house.free]
    house.clock.push(timedelta(days=6, hours=23))
    house.fed(id)
    assert house.gone_out() == []
    house.clock.push(timedelta(hours=2))
    house.fed(id)

    assert house.gone_out() == [house.other]


STOPS = "stop STOP Stop! /stop unsubscribe 退订 “stop” td STOP。"
NO_STOPS = [
    "please stop sending me the wrong size",
    "stop by on Friday?",
    "cancel my order",
    "非常感谢，退订单吗",
    "stop " * 40,
    "",
]


@pytest.mark.parametrize("text", [*STOPS.split(), " stop "])
def test_the_usual_words_alone_are_a_stop(text: str) -> None:
    """However they are written."""
    assert consents.says_stop(text)


@pytest.mark.parametrize("text", NO_STOPS)
def test_a_sentence_with_such_a_word_is_none(text: str) -> None:
    """It says something else, and somebody has to read it."""
    assert not consents.says_stop(text)


def _refused(house: House, act: Callable[[Work, Campaign], object], id: int) -> str:
    """The key of the sentence with which something is refused to Mia; "" when it is done."""
    try:
        house.store.write(lambda work: act(acting(work, house.mia), work.sure(Campaign, id)))
    except Refused as refused:
        return refused.key
    return ""


def _change(work: Work, campaign: Campaign) -> Campaign:
    return campaigns.change_texts(work, campaign, {"": "Other words"})


def test_what_may_be_done_depends_on_how_a_campaign_stands(house: House) -> None:
    """A text does not change while it goes, and nothing changes once it is over."""
    from handlers.actions import campaign_answers, trials

    def texts(work: Work, campaign: Campaign) -> object:
        return trials.plan(work, campaign, trials.Plan(hold_out=10))

    recall = campaign_answers.recall
    id = house.drafted()
    assert _refused(house, campaigns.pause, id) == "campaign.not_running"
    assert _refused(house, campaigns.resume, id) == "campaign.not_paused"
    house.started(id)
    assert _refused(house, campaigns.start, id) == "campaign.started_already"
    assert _refused(house, texts, id) == "campaign.started_already"
    assert _refused(house, _change, id) == "campaign.pause_first"
    assert _refused(house, recall, id) == "campaign.pause_first"
    assert _refused(house, campaigns.pause, id) == ""
    assert _refused(house, _change, id) == ""
    # Recalled while it is paused, it has ended.
    assert _refused(house, recall, id) == ""
    campaign = house.store.read(lambda work: work.sure(Campaign, id))
    assert campaign.state is CampaignState.CANCELLED
    assert _refused(house, recall, id) == "campaign.recalled_already"
    for act in (_change, campaigns.cancel):
        assert _refused(house, act, id) == "campaign.over"
    assert _refused(house, campaigns.resume, id) == "campaign.not_paused"
    assert _refused(house, _speed_of(5), id) == "campaign.over"


def _speed_of(many: int) -> Callable[[Work, Campaign], Campaign]:
    return lambda work, campaign: campaigns.change_speed(work, campaign, many)


@pytest.mark.parametrize(("many", "allowed"), [(0, False), (1, True), (1000, True), (1001, False)])
def test_a_speed_is_from_one_to_a_thousand(house: House, many: int, allowed: bool) -> None:
    """In a second."""
    id = house.drafted()

    assert _refused(house, _speed_of(many), id) == ("" if allowed else "campaign.speed")
