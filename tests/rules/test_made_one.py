"""Two become one: which of two answers, wishes and messages holds, and what cannot be undone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.actions import doubles, merging, privacy
from handlers.actions.access import Permission
from handlers.message import Incoming, Kind, Person
from storage.doubles.judging import Verdict
from storage.engine import Store
from storage.errors import Refused
from storage.queries import self_service
from storage.records import (
    Campaign,
    Consent,
    Contact,
    Direction,
    Interaction,
    Member,
    Merge,
    MergeStep,
    Preference,
    Purpose,
    Recipient,
    RecipientState,
    Role,
    Stage,
    Ticket,
)
from storage.work import Clock, Work
from tests.rules.made import START, acting, customer, member


@dataclass
class House:
    """A manager and two records that are one person."""

    store: Store
    clock: Clock
    mia: Member
    first: int
    second: int

    def have(self, work: Work) -> tuple[Contact, Contact]:
        """Both records."""
        return work.sure(Contact, self.first), work.sure(Contact, self.second)

    def merge(self) -> int:
        """The first one goes on."""
        return self.store.write(
            lambda work: merging.merge(acting(work, self.mia), *self.have(work)).id
        )

    def undo(self, merge: int) -> str:
        """Two again; the key of the sentence with which it is refused."""
        try:
            self.store.write(
                lambda work: merging.undo(acting(work, self.mia), work.sure(Merge, merge))
            )
        except Refused as refused:
            return refused.key
        return ""

    def survivor(self) -> Contact:
        """Whoever goes on, as they are now."""
        return self.store.read(lambda work: work.sure(Contact, self.first))


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    """Anna, in two chats."""
    clock = Clock(START)
    store = Store(sqlite_url, clock)
    mia, first, second = store.write(
        lambda work: (
            member(work, "Mia"),
            customer(work, "Anna Lee", "5001").id,
            customer(work, "Ann Leigh", "5002").id,
        )
    )
    yield House(store, clock, mia, first, second)
    store.close()


def _consent(work: Work, contact: Contact, *, granted: bool, days_ago: int) -> None:
    work.add(
        Consent(
            contact_id=contact.id,
            purpose=Purpose.MARKETING,
            granted=granted,
            channel="telegram",
            evidence="yes please" if granted else "no thanks",
            at=work.now - timedelta(days=days_ago),
        )
    )


@pytest.mark.parametrize("no_is_first", [True, False])
@pytest.mark.parametrize("no_is_older", [True, False])
def test_of_two_answers_about_news_the_no_wins(
    house: House, no_is_first: bool, no_is_older: bool
) -> None:
    """Whichever is newer and whoever goes on; both are kept as evidence."""

    def say(work: Work) -> None:
        no, yes = house.have(work) if no_is_first else house.have(work)[::-1]
        _consent(work, no, granted=False, days_ago=9 if no_is_older else 1)
        _consent(work, yes, granted=True, days_ago=5)

    house.store.write(say)
    house.merge()
    (held,) = house.store.read(lambda work: work.all(select(Consent)))

    assert not held.granted and held.contact_id == house.first
    assert "no thanks" in held.evidence and "yes please" in held.evidence


def test_of_two_wishes_for_quiet_both_hold(house: House) -> None:
    """The hours of the one, the longer date of the two."""

    def wish(work: Work) -> None:
        one, other = house.have(work)
        soon, late = work.now + timedelta(days=2), work.now + timedelta(days=9)
        work.add(Preference(contact_id=one.id, quiet_until=soon))
        work.add(
            Preference(contact_id=other.id, quiet_from="22:00", quiet_to="08:00", quiet_until=late)
        )

    house.store.write(wish)
    house.merge()
    kept = house.store.read(lambda work: self_service.preference_of(work, house.survivor()))

    assert kept is not None
    assert (kept.quiet_from, kept.quiet_to) == ("22:00", "08:00")
    assert kept.quiet_until is not None
    assert kept.quiet_until > house.clock.now() + timedelta(days=8)


def _campaign(work: Work, mia: Member) -> Campaign:
    return work.add(
        Campaign(
            number=1,
            texts={"": "x"},
            audience={"filter": "tag:vip"},
            created_by=mia.id,
            created_at=work.now,
        )
    )


@pytest.mark.parametrize(
    "had",
    [RecipientState.SENT, RecipientState.UNSURE, RecipientState.QUEUED, RecipientState.STOPPED],
)
@pytest.mark.parametrize("first_had", [True, False])
def test_who_got_a_campaign_in_one_chat_does_not_get_it_in_the_other(
    house: House, had: RecipientState, first_had: bool
) -> None:
    """What became of the one that went further is what became of the one."""

    def send(work: Work) -> None:
        campaign = _campaign(work, house.mia)
        work.flush()
        states = (had, RecipientState.WAITING) if first_had else (RecipientState.WAITING, had)
        for contact, state in zip(house.have(work), states, strict=True):
            over = state is had and had is not RecipientState.QUEUED
            work.add(
                Recipient(
                    campaign_id=campaign.id,
                    contact_id=contact.id,
                    state=state,
                    settled_at=work.now if over else None,
                )
            )

    house.store.write(send)
    house.merge()
    (left,) = house.store.read(lambda work: work.all(select(Recipient)))

    assert (left.contact_id, left.state) == (house.first, had)


def test_who_was_blocked_once_is_blocked_and_who_bought_is_a_customer(house: House) -> None:
    """Also when it was the record that went."""

    def be(work: Work) -> None:
        _, other = house.have(work)
        other.blocked_at, other.stage = work.now, Stage.CUSTOMER

    house.store.write(be)
    house.merge()

    assert house.survivor().blocked_at is not None
    assert house.survivor().stage is Stage.CUSTOMER


def test_what_was_said_since_in_the_others_requests_goes_back_with_them(house: House) -> None:
    """The rest of what has happened since stays with the one that went on."""

    def ask(work: Work) -> int:
        _, other = house.have(work)
        ticket = work.add(Ticket(number=1, contact_id=other.id, subject="late", opened_at=work.now))
        return ticket.id

    ticket = house.store.write(ask)
    merge = house.merge()

    def say(work: Work) -> None:
        for text, about in (("in the request", ticket), ("elsewhere", None)):
            work.add(
                Interaction(
                    contact_id=house.first,
                    ticket_id=about,
                    channel="telegram",
                    direction=Direction.IN,
                    text=text,
                    at=work.now,
                )
            )

    house.store.write(say)
    assert house.undo(merge) == ""
    said = house.store.read(lambda work: work.all(select(Interaction)))

    assert {each.text: each.contact_id for each in said} == {
        "in the request": house.second,
        "elsewhere": house.first,
    }
    assert house.undo(merge) == "merging.undone_already"


def test_nobody_is_made_one_with_themselves(house: House) -> None:
    """By a slip of the finger."""
    house.second = house.first
    with pytest.raises(Refused) as refused:
        house.merge()

    assert refused.value.key == "merging.same"


def test_an_agent_makes_nobody_one_and_takes_nothing_apart(house: House) -> None:
    """It is a manager's matter, as the whole of doubles is."""
    bo = house.store.write(lambda work: member(work, "Bo", Role.AGENT))
    pair: list[Callable[[Work], object]] = [
        lambda work: merging.merge(work, *house.have(work)),
        lambda work: doubles.tell_apart(work, *house.have(work)),
        lambda work: doubles.open_pairs(work, 5),
    ]
    for act in pair:
        assert _needs(house, bo, act) == Permission.CAMPAIGN
    merge = house.merge()

    assert _needs(house, bo, lambda work: merging.undo(work, work.sure(Merge, merge)))


def _needs(house: House, bo: Member, act: Callable[[Work], object]) -> str:
    """The permission that Bo has not."""
    with pytest.raises(Refused) as refused:
        house.store.write(lambda work: act(acting(work, bo)))
    return str(refused.value.values["needs"])


def _forget(house: House, id: int, chat: str) -> None:
    asked = Incoming("telegram", "", Kind.BUTTON, chat, Person(chat, "Anna"))

    def forget(work: Work) -> None:
        contact = work.sure(Contact, id)
        assert privacy.forget(acting(work, contact), contact, asked) is not None

    house.store.write(forget)


def test_who_was_erased_is_made_one_with_nobody_nor_taken_apart(house: House) -> None:
    """There is nothing left that could come back."""
    merge = house.merge()
    _forget(house, house.first, "5001")
    assert house.undo(merge) == "merging.forgotten"
    assert house.store.read(lambda work: work.all(select(MergeStep))) == []
    house.second = house.store.write(lambda work: customer(work, "Somebody", "5003").id)
    with pytest.raises(Refused) as refused:
        house.merge()

    assert refused.value.key == "merging.erased"


def test_a_merge_that_was_undone_keeps_nothing_of_who_is_forgotten_later(house: House) -> None:
    """Neither of the one that went nor of the one that stayed; the other one is left alone."""
    assert house.undo(house.merge()) == ""
    _forget(house, house.second, "5002")
    steps = house.store.read(lambda work: work.all(select(MergeStep)))

    assert "Leigh" not in str([each.rows for each in steps])
    assert house.survivor().name == "Anna Lee" and house.survivor().erased_at is None


def test_who_was_told_apart_is_never_proposed_again(house: House) -> None:
    """Nor with a third one that either was made one with; what was put off is, in a month."""
    sure = Verdict(0.99, ())
    third = house.store.write(lambda work: customer(work, "Anne Lee", "5003").id)

    def proposed(one: int, other: int) -> bool:
        return house.store.write(lambda work: doubles.propose(work, one, other, sure)) is not None

    assert proposed(house.first, third)

    def put_off(work: Work) -> None:
        doubles.put_off(acting(work, house.mia), house.have(work)[0], work.sure(Contact, third))

    house.store.write(put_off)
    assert _open(house) == 0
    house.clock.push(timedelta(days=29))
    assert _open(house) == 0
    house.clock.push(timedelta(days=2))
    assert _open(house) == 1
    house.store.write(lambda work: doubles.tell_apart(acting(work, house.mia), *house.have(work)))
    assert not proposed(house.first, house.second)
    assert not proposed(house.second, house.first)
    first, second = house.first, house.second
    house.first, house.second = third, first
    house.merge()

    assert not proposed(third, second)


def _open(house: House) -> int:
    return len(house.store.read(lambda work: doubles.open_pairs(acting(work, house.mia), 10)))
