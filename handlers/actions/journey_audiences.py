"""With whom a journey begins at once: counted and agreed on as a campaign's audience is."""

from handlers.actions import agreeing, audiences
from handlers.actions.access import Permission, action
from storage.queries import journeys
from storage.records import Campaign, Journey, JourneyState
from storage.work import Work

# So many of the newest drafts are counted by the clock.
NEWEST = 3


def as_campaign(journey: Journey) -> Campaign:
    """The journey's first message as a campaign of its own, for whoever counts; it is not kept."""
    return Campaign(
        number=0,
        # Every field of a journey has a fallback, so nobody lacks any.
        texts={},
        audience={"filter": journey.begins.get("filter", ""), "except": ""},
        topic=journey.topic,
        regardless=journey.regardless or None,
        tally=journey.tally,
        asked_by=journey.asked_by,
        created_by=journey.created_by,
        created_at=journey.created_at,
    )


def begins_at_once(journey: Journey) -> bool:
    """Whether people are on it as soon as it starts, and not only when something happens."""
    return bool(journey.begins["kind"] == "filter")


def count_anew(work: Work, journey: Journey) -> None:
    """Its lines are others: who begins is counted, and nobody has agreed to it yet."""
    journey.tally, journey.asked_by = None, None
    if begins_at_once(journey):
        counted = as_campaign(journey)
        audiences.count_anew(work, counted)
        journey.tally = counted.tally


def reach(journey: Journey) -> int:
    """How many begin at once."""
    return audiences.reach(as_campaign(journey))


def at_once(journey: Journey) -> int | None:
    """The same; None where people begin only when something happens."""
    return reach(journey) if begins_at_once(journey) else None


def is_counted(journey: Journey) -> bool:
    """Whether it is known how many that are."""
    return not begins_at_once(journey) or audiences.is_counted(as_campaign(journey))


def may_start(work: Work, journey: Journey, typed: int | None) -> bool:
    """Whether so many may begin now; as for a campaign. Raises Refused as `agreeing.agreed`."""
    if not begins_at_once(journey):
        return True
    campaign = as_campaign(journey)
    shown = audiences.reach(campaign)
    people = agreeing.counted_anew(work, campaign)
    may = agreeing.agreed(work, campaign, people, shown, typed)
    journey.tally, journey.asked_by = campaign.tally, campaign.asked_by
    return may


@action(Permission.SYSTEM)
def count_drafts(work: Work) -> list[Journey]:
    """Go on counting with whom the newest drafts begin; those that were gone on with."""
    found = []
    for journey in journeys.recent(work, NEWEST):
        if journey.state is not JourneyState.DRAFT or is_counted(journey):
            continue
        counted = as_campaign(journey)
        audiences.count_more(work, counted)
        journey.tally = counted.tally
        found.append(journey)
    return found
