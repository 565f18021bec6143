"""A campaign at Telegram's rate, against a cloud that enforces it in every sliding second."""

import asyncio
import time
from datetime import datetime
from functools import partial
from typing import Any

from benchmarks import clouds, freezing, house
from benchmarks.pairs import percentile
from bot.app import Rapport, collect_seldom
from bot.crossing import read, write
from handlers.actions import campaigns
from handlers.actions.outgoing import send
from handlers.message import Reply, Text, pack, plain
from storage.queries import outbox
from storage.records import (
    Campaign,
    CampaignState,
    Contact,
    ContactTag,
    Identity,
    IdentityKind,
    Member,
    OutboxState,
    Role,
    Urgency,
)
from storage.work import Actor, Work

PEOPLE = 750
REPLIES = 20
RATE = 30
PAID_PEOPLE, PAID_RATE = 9_000, 1_000
# So much of a core a house takes that is at rest.
BUSY = 0.1
TEXT = "Hello {first_name|friend}, the winter sale starts today!"


async def measure(people: int = freezing.PEOPLE) -> dict[str, Any]:
    """`rate_share` of 30/s, `avoidable_429`, `reply_p99_s` while it runs; the same for a paid rate
    (`paid_share` of 1,000/s at a round trip of 50 ms); and how an audience is frozen."""
    usual = await going_out(PEOPLE, REPLIES, RATE, "0.02")
    paid = await going_out(PAID_PEOPLE, 0, PAID_RATE, "0.05")
    frozen = await asyncio.to_thread(freezing.measure, people)
    return (
        usual
        | {"paid_share": paid["rate_share"], "paid_avoidable_429": paid["avoidable_429"]}
        | frozen
    )


async def going_out(people: int, others: int, rate: int, latency: str) -> dict[str, Any]:
    """A campaign to so many people at the rate, with answers to others in the middle of it."""
    limits = ("--per-second", str(rate), "--latency", latency)
    async with clouds.telegram(*limits) as telegram, clouds.slack() as slack:
        # They wrote long ago: what they would write now, with its receipts, would be measured too.
        everybody = await telegram.ask("bulk", people=people + others, messages=0, started=True)
        ids = list(everybody["people"])
        with house.store() as store:
            mia = await write(store, lambda work: remember(work, ids[:people]))
            tokens = {
                "slack_bot_token": slack.facts["bot_token"],
                "slack_app_token": slack.facts["app_token"],
                "slack_api_url": slack.facts["api_url"],
                "telegram_rate": rate,
            }
            rapport = Rapport(house.settings_for(store, telegram.facts, **tokens), store)
            await rapport.start()
            actor = Actor(name="Mia", member=mia)
            drafted = await write(
                store, lambda work: campaigns.draft(work, "all", TEXT, "C1"), actor
            )
            collect_seldom()
            await at_rest()
            begin = partial(begun, id=drafted.id, people=people)
            await write(store, begin, actor)
            keys = await replies(store, ids[people:])
            while not await read(store, lambda work: finished(work, drafted.id)):
                await asyncio.sleep(0.2)
            waits = await read(store, lambda work: [waited(work, key) for key in keys])
            await rapport.stop()
        ledger = await telegram.ledger()
    moments = sorted(
        datetime.fromisoformat(each["at"])
        for each in ledger["deliveries"]
        if "winter sale" in each["text"]
    )
    seconds = (moments[-1] - moments[0]).total_seconds()
    # The replies took places of the same rate.
    share = (len(moments) + max(0, others - 1)) / seconds / rate
    return {
        "rate_share": round(share, 3),
        "avoidable_429": ledger["avoidable_429"],
        "reply_p99_s": round(percentile(waits, 0.99), 3) if waits else 0.0,
        "recipients": people,
    }


async def at_rest() -> None:
    """Wait until what follows from so many new people (indexes, doubles, counts) is done."""
    used = 1.0
    while used > BUSY:
        before = time.process_time()
        await asyncio.sleep(1.0)
        used = time.process_time() - before


def begun(work: Work, id: int, people: int) -> None:
    """The campaign is started by who knows how many they are."""
    campaign = work.sure(Campaign, id)
    campaigns.start(work, campaign, people)


def remember(work: Work, people: list[int]) -> Member:
    """A manager, and a tagged contact for each."""
    for id in people:
        contact = work.add(Contact(name=f"Person {id}", created_at=work.now))
        work.add(ContactTag(contact_id=contact.id, tag="all"))
        work.add(
            Identity(
                contact_id=contact.id,
                kind=IdentityKind.TELEGRAM,
                value=str(id),
                shown=str(id),
                created_at=work.now,
            )
        )
    return work.add(
        Member(slack_team="T", slack_user="U", name="Mia", role=Role.MANAGER, created_at=work.now)
    )


async def replies(store: Any, people: list[int]) -> list[str]:
    """An answer to somebody else every second, in the middle of it."""
    keys = []
    for person in people:
        await asyncio.sleep(1.0)
        key = f"reply:{person}"
        keys.append(key)
        await write(store, partial(answer, person=person, key=key))
    return keys


def answer(work: Work, person: int, key: str) -> None:
    """One line to a customer."""
    parts = pack(Reply((Text(plain("It is on its way")),)))
    urgency = Urgency.REPLY
    send(work, "telegram", str(person), "say", {"parts": parts}, key=key, urgency=urgency)


def waited(work: Work, key: str) -> float:
    """Seconds from the answer's being written to its being sent."""
    row = outbox.keyed(work, key)
    assert row is not None
    assert row.state is OutboxState.SENT
    assert row.settled_at is not None
    return (row.settled_at - row.created_at).total_seconds()


def finished(work: Work, id: int) -> bool:
    """Whether everybody's message is settled."""
    return work.sure(Campaign, id).state is CampaignState.FINISHED
