"""Whom a campaign would reach, and why not the others: counted, listed, asked before it goes."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import Any
from weakref import WeakKeyDictionary

from handlers.actions import moments, preferences, templates
from handlers.actions.access import Permission, action
from handlers.actions.policies import AFTERWARDS, policy, settled
from storage.errors import Refused
from storage.finding.filters import Filter
from storage.queries import audiences, house, segments
from storage.queries.audiences import FINAL, PASSING, Checks
from storage.records import Campaign, Contact, Member, Preference
from storage.work import Actor, Work

# So many contacts are counted while somebody waits; the rest by the clock, as many at once.
AT_ONCE = 20_000
# So long a piece of the audience may keep everybody else from writing.
PIECE = 0.015
SMALLEST, LARGEST = 1_000, 40_000
# When what stands in somebody's way is looked at again.
AGAIN = {
    "capped": timedelta(hours=1),
    "angry": timedelta(minutes=2),
    "ticket": timedelta(minutes=2),
    "wrote": timedelta(minutes=2),
    "score": timedelta(hours=6),
    "promised": timedelta(hours=1),
}


@dataclass(frozen=True)
class Obstacle:
    """Why somebody does not get a message now; without `until` it is for good."""

    why: str
    until: datetime | None = None


def checks_of(work: Work, campaign: Campaign) -> Checks:
    """What is looked at before somebody gets this one."""
    busy = not campaign.regardless
    word = settled(work, "campaign_tickets")
    return Checks(
        topic=campaign.topic,
        explicit=settled(work, "campaign_consent") == "explicit",
        most=int(settled(work, "campaign_cap")),
        most_within=timedelta(days=int(settled(work, "campaign_cap_days"))),
        tickets=busy and word == "open",
        angry=busy and word in ("open", "angry"),
        wrote_within=timedelta(hours=int(settled(work, "campaign_wrote_hours")) * busy),
        score_within=timedelta(days=int(settled(work, "campaign_score_days")) * busy),
        promised_within=timedelta(days=int(settled(work, "campaign_promised_days")) * busy),
    )


# Who is meant


def filter_in(work: Work, text: str) -> str:
    """What was typed as a filter: one as it stands, a saved segment's, or a tag.

    Raises Refused when it is none of them.
    """
    text = " ".join(text.split())
    saved = audiences.segment_named(work, text)
    if saved is not None:
        return saved.filter
    words, filters = segments.parse(work, text)
    tags = [word.lstrip("#").lower() for word in words.split()]
    if not filters and len(tags) > 1:
        raise Refused("campaign.no_filter", text=text[:60])
    return " ".join([*(f"tag:{tag}" for tag in tags if tag), *_unnamed(text, words)])


def _unnamed(text: str, words: str) -> list[str]:
    bare = set(words.split())
    return [word for word in text.split() if word not in bare]


def filters_of(work: Work, campaign: Campaign) -> tuple[tuple[Filter, ...], tuple[Filter, ...]]:
    """For whom it is, and for whom of them it is not."""
    wanted = campaign.audience.get("filter")
    if wanted is None:
        # Drafted before there were filters.
        wanted = f"tag:{campaign.audience['tag']}"
    unwanted = campaign.audience.get("except", "")
    return segments.parse(work, wanted)[1], segments.parse(work, unwanted)[1]


def as_author(work: Work, campaign: Campaign) -> Work:
    """The work on behalf of who has drafted it: "owner:me" in its filter is about them."""
    author = work.get(Member, campaign.created_by)
    return work.acting_as(Actor(name=author.name, member=author)) if author else work


# Counted


def count_anew(work: Work, campaign: Campaign) -> None:
    """Count whom it would reach; in a large house the clock goes on where this ends."""
    campaign.tally = {"to": 0, "counts": {}}
    for _ in range(2):
        if not count_more(work, campaign):
            return


def count_more(work: Work, campaign: Campaign) -> bool:
    """Count the next piece; whether there may be more."""
    tally = campaign.tally or {"to": 0, "counts": {}}
    if tally["to"] is None:
        return False
    last = audiences.until(work, tally["to"], AT_ONCE)
    counts = dict(tally["counts"])
    if last is not None:
        wanted, unwanted = filters_of(work, campaign)
        found = audiences.counted(
            as_author(work, campaign),
            checks_of(work, campaign),
            wanted,
            unwanted,
            (tally["to"], last),
            templates.without_fallback(campaign.texts.values()),
        )
        for name, many in found.items():
            counts[name] = counts.get(name, 0) + many
    campaign.tally = {"to": last, "counts": counts}
    return last is not None


def is_counted(campaign: Campaign) -> bool:
    """Whether all have been counted."""
    return campaign.tally is not None and campaign.tally["to"] is None


def counts_of(campaign: Campaign) -> dict[str, int]:
    """How many would get it now ("will_get"), have to wait, or will not, by the reason."""
    return dict((campaign.tally or {}).get("counts", {}))


def reach(campaign: Campaign) -> int:
    """How many would get it, now or when nothing is in their way any more."""
    counts = counts_of(campaign)
    return counts.get("will_get", 0) + sum(counts.get(why, 0) for why in PASSING)


def everybody(campaign: Campaign) -> int:
    """How many are meant at all."""
    counts = counts_of(campaign)
    return reach(campaign) + sum(counts.get(why, 0) for why in FINAL)


@action(Permission.READ)
def listed(work: Work, campaign: Campaign, why: str | None, limit: int = 50) -> list[Contact]:
    """Some of those in whose way that stands; None: some of those who would get it."""
    found: list[Contact] = []
    after = 0
    wanted, unwanted = filters_of(work, campaign)
    for _ in range(5):
        last = audiences.until(work, after, AT_ONCE)
        if last is None or len(found) >= limit:
            break
        found += audiences.with_reason(
            as_author(work, campaign),
            checks_of(work, campaign),
            wanted,
            unwanted,
            why,
            (after, last),
            limit - len(found),
        )
        after = last
    return found


@action(Permission.READ)
def examples(work: Work, campaign: Campaign, most: int = 3) -> list[Contact]:
    """Real people for whom it reads differently: one a language, and one who lacks a field."""
    people = listed(work, campaign, None, 200) or listed(work, campaign, "ticket", 20)
    chosen: dict[Any, Contact] = {}
    for contact in people:
        text = text_for(campaign, contact)
        chosen.setdefault((text, bool(templates.lacked(text, contact))), contact)
    found = sorted(chosen.values(), key=lambda each: each.id)
    return (found + [each for each in people if each not in found])[:most]


def text_for(
    campaign: Campaign, contact: templates.Addressee, texts: dict[str, str] | None = None
) -> str:
    """What it says to one person, before their fields are in it; `texts` if not its first one."""
    texts = texts or campaign.texts
    return str(texts.get(contact.language) or texts[""])


# Frozen

_sizes: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


def piece_size(work: Work) -> int:
    """How many contacts are gone through in one transaction."""
    # The first one also has its statements compiled.
    return _sizes.get(work.engine, SMALLEST // 2)


def note_piece(work: Work, seconds: float) -> None:
    """The last piece took so long: the next one is made to last as long as it may."""
    size = int(piece_size(work) * min(2.0, PIECE / max(seconds, 1e-4)))
    _sizes[work.engine] = max(SMALLEST, min(LARGEST, size))


# Messages a second that the platform allows us, as our settings say.
USUAL_RATE = 30.0
_rates: WeakKeyDictionary[Any, float] = WeakKeyDictionary()


def note_rate(engine: Any, rate: float) -> None:
    """The platform allows so many messages a second of who works on this database."""
    _rates[engine] = rate


def rate(work: Work) -> float:
    """How many messages may go in a second."""
    return _rates.get(work.engine, USUAL_RATE)


def stopwatch() -> float:
    """Seconds, for measuring how long others waited; what it tells is never written down."""
    return time.monotonic()


# Asked before it goes


def in_the_way(work: Work, campaign: Campaign, contact_ids: Collection[int]) -> dict[int, Obstacle]:
    """Those of these people who must not have it now, and why."""
    found: dict[int, Obstacle] = {}
    asked = audiences.in_the_way(work, checks_of(work, campaign), contact_ids)
    resting = preferences.resting(work, contact_ids)
    night = settled(work, "campaign_quiet")
    for contact in contact_ids:
        zone, why = asked.get(contact, (None, "elsewhere"))
        if why in FINAL:
            found[contact] = Obstacle(str(why))
        elif contact in resting:
            found[contact] = Obstacle("quiet", resting[contact][0])
        elif why is not None:
            found[contact] = Obstacle(why, work.now + AGAIN.get(why, timedelta(hours=1)))
        elif night != "off":
            ends = night_ends(str(night), zone or str(settled(work, "team_zone")), work.now)
            if ends is not None:
                found[contact] = Obstacle("night", ends)
    return found


def night_of(work: Work) -> str:
    """The house's quiet hours, like "21:00-09:00"; empty when there are none."""
    night = str(settled(work, "campaign_quiet"))
    return "" if night == "off" else night


def night_ends(night: str, zone: str, moment: datetime) -> datetime | None:
    """When the house's quiet hours end in which a moment lies; None outside of them."""
    begins, _, ends = night.partition("-")
    kept = Preference(contact_id=0, quiet_from=begins, quiet_to=ends)
    return preferences.quiet_ends(kept, zone, moment)


def _check_night(work: Work) -> None:
    """Quiet hours are "off" or "21:00-09:00"; "21-9" will do."""
    row = house.policy(work, "campaign_quiet")
    if row is None or row.value == "off":
        return
    hours = [part.strip() for part in str(row.value).replace("–", "-").split("-")]
    try:
        times = [_hour(part) for part in hours]
    except ValueError:
        times = []
    if len(times) != 2 or times[0] == times[1]:
        raise Refused("policy.hours", name="campaign_quiet")
    row.value = "-".join(times)


def _hour(text: str) -> str:
    hour, _, minute = text.partition(":")
    return clock_time(int(hour) % 24, int(minute or 0)).strftime("%H:%M")


AFTERWARDS["campaign_quiet"] = _check_night


def hours_by_zone(
    work: Work, campaign: Campaign, ids: tuple[int, int]
) -> dict[str | None, datetime]:
    """When the meant hour comes, for each zone among these contacts; None is for all others.

    Where it has passed already when the campaign begins, it is the same hour of the next day.
    """
    house_zone = str(policy(work, "team_zone"))
    found: dict[str | None, datetime] = {None: _hour_in(work, campaign, house_zone)}
    for zone in audiences.zones(work, ids):
        try:
            found[zone] = _hour_in(work, campaign, zone)
        except Refused:
            found[zone] = found[None]
    return found


def _hour_in(work: Work, campaign: Campaign, zone_name: str) -> datetime:
    zone = moments.zone_named(zone_name)
    wall = datetime.fromisoformat(campaign.wall or "")
    moment = moments.instant(wall, zone)
    begun = campaign.started_at or work.now
    while moment < begun - timedelta(minutes=5):
        wall += timedelta(days=1)
        moment = moments.instant(wall, zone)
    return moment
