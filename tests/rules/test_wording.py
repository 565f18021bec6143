"""What a campaign says to somebody is made when their message is claimed."""

import pytest

from handlers.actions import campaigns, claiming, feeding
from handlers.actions.campaigns import Terms
from handlers.actions.outcomes import Claimed
from handlers.actions.outgoing import TELEGRAM, send
from storage.engine import Store
from storage.queries import outbox
from storage.records import Contact, Member, OutboxRow, OutboxState, Recipient, Urgency
from storage.work import Clock, Work
from tests.rules.made import START, acting, customer, member


@pytest.fixture
def mia(store: Store) -> Member:
    store.clock = Clock(START)
    return store.write(lambda work: member(work, "Mia"))


def queued(store: Store, mia: Member, *names: str) -> list[Contact]:
    """A campaign to these people stands in the outbox."""

    def begin(work: Work) -> list[Contact]:
        people = [customer(work, name, f"{number + 1}") for number, name in enumerate(names)]
        texts = {"": "Hello {first_name|friend}", "de": "Hallo {first_name|du}"}
        made = campaigns.compose(acting(work, mia), Terms("vip", texts), "C1")
        campaigns.start(acting(work, mia), made)
        while feeding.freeze_more(work, made):
            pass
        feeding.feed(work, made, 100)
        return people

    return store.write(begin)


def claimed(store: Store, room: int = 10) -> list[Claimed]:
    """What would go out to Telegram now."""
    return store.write(lambda work: claiming.claim(work, TELEGRAM, "a", room, lambda _: True))


def said(store: Store) -> list[str]:
    """The words of what would go out now."""
    return [each.words.summary for each in claimed(store) if each.words is not None]


def test_it_says_what_is_known_at_that_moment(store: Store, mia: Member) -> None:
    """A name and a language that were corrected after the message was queued."""
    bo, _ = queued(store, mia, "Bo", "Ann")

    def correct(work: Work) -> None:
        contact = work.sure(Contact, bo.id)
        contact.first_name, contact.language = "Boris", "de"

    store.write(correct)

    assert said(store) == ["Hallo Boris", "Hello friend"]


def test_what_stands_in_the_outbox_says_nothing_of_anybody(store: Store, mia: Member) -> None:
    """Only whose it is, of which campaign, and after how many changes of its text."""
    (bo,) = queued(store, mia, "Bo")
    (row,) = store.read(lambda work: outbox.claimable(work, TELEGRAM, 10))

    assert row.payload.keys() == {"campaign", "contact", "edit"}
    assert row.payload["contact"] == bo.id
    assert row.idem_key == row.line == f"campaign:{row.payload['campaign']}:{bo.id}"


def test_nothing_goes_to_a_recipient_who_is_gone(store: Store, mia: Member) -> None:
    """The row ends, and the others go."""
    bo, _ = queued(store, mia, "Bo", "Ann")

    def drop(work: Work) -> int:
        (row,) = [row for row in _rows(work) if row.payload["contact"] == bo.id]
        work.delete(work.sure(Recipient, row.subject_id or 0))
        return row.id

    row = store.write(drop)
    assert said(store) == ["Hello friend"]
    assert store.read(lambda work: work.sure(OutboxRow, row).state) is OutboxState.CANCELLED


def test_it_is_looked_behind_chats_that_must_rest(store: Store, mia: Member) -> None:
    """Twenty chats at the head of the queue that had something just now hold nobody else up."""

    def answer(work: Work) -> None:
        for number in range(20):
            key, urgency = f"reply:{number}", Urgency.REPLY
            send(work, TELEGRAM, str(-number), "say", {"parts": []}, key=key, urgency=urgency)

    store.write(answer)
    queued(store, mia, *(f"Person {number}" for number in range(40)))
    going = store.write(
        lambda work: claiming.claim(
            work, TELEGRAM, "a", 20, lambda row: row.urgency == Urgency.CAMPAIGN
        )
    )

    assert len({each.chat for each in going}) == 20


def _rows(work: Work) -> list[OutboxRow]:
    return outbox.claimable(work, TELEGRAM, 100)
