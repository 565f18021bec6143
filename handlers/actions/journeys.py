"""Journeys: written, started, stopped; the card with who stands where."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.actions import (
    agreeing,
    audiences,
    campaigns,
    journey_audiences,
    journey_lines,
    moments,
    templates,
)
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import SLACK, refresh, send
from handlers.actions.policies import policy, team_voice
from handlers.cards.journeys import Standing, journey_card
from handlers.message import Reply, pack
from handlers.texts import Voice
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import house, journeys, outbox, segments, self_service, tallies
from storage.records import (
    Campaign,
    CampaignState,
    Contact,
    Journey,
    JourneyMessage,
    JourneyState,
    Member,
    RecipientState,
    Subject,
    Unsure,
)
from storage.work import Work

LONGEST_NAME = 64


@action(Permission.READ)
def named(work: Work, name: str) -> Journey:
    """The journey of that name. Raises Refused when there is none."""
    found = journeys.named(work, name.strip())
    if found is None:
        raise Refused("journey.unknown", name=name[:64])
    return found


@action(Permission.READ)
def recent(work: Work) -> list[Journey]:
    """The newest journeys."""
    return journeys.recent(work)


@action(Permission.CAMPAIGN, audited=True)
def write(work: Work, name: str, text: str, channel: str, draft: Journey | None = None) -> Journey:
    """Write a journey down, or anew while it has not been started. Nobody is on it yet.

    Of a draft that is written anew the name may be another one too.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused("journey.name", longest=LONGEST_NAME)
    lines = _checked(work, text)
    there = journeys.named(work, name)
    journey = draft or there
    if journey is not None and journey.started_at is not None:
        raise Refused("journey.taken", name=journey.name)
    if there is not None and draft is not None and there.id != draft.id:
        raise Refused("journey.name_taken", name=there.name)
    new = journey is None
    if journey is None:
        journey = work.add(
            Journey(
                name=name,
                lines="",
                steps=[],
                begins={},
                channel=channel,
                created_by=me(work).id,
                created_at=work.now,
            )
        )
    # One that was given up before it was started is there again.
    journey.name, journey.state, journey.ended_at = name, JourneyState.DRAFT, None
    journey.lines, journey.steps, journey.begins = text.strip(), lines.steps, lines.begins
    journey.until, journey.topic, journey.regardless = lines.until, lines.topic, lines.regardless
    journey_audiences.count_anew(work, journey)
    if new:
        _post_card(work, journey)
    else:
        show(work.as_system(), journey)
    return journey


def _checked(work: Work, text: str) -> journey_lines.Lines:
    """The lines read. Raises Refused for what could not be sent."""
    lines = journey_lines.read(text)
    own = segments.own_fields(work)
    for step in lines.steps:
        if step["do"] != "say":
            continue
        if len(step["text"]) > campaigns.LONGEST_TEXT:
            raise Refused("campaign.too_long", longest=campaigns.LONGEST_TEXT)
        templates.check(step["text"], own)
        # Who will come is not known yet, so nobody can say that all of them have it.
        for lacking in templates.without_fallback([step["text"]]):
            raise Refused("trial.fallback", field=lacking)
    if lines.topic and self_service.topic_named(work, lines.topic.lower()) is None:
        raise Refused("topic.unknown", name=lines.topic[:64])
    lines.topic = lines.topic.lower()
    if lines.begins["kind"] == "filter":
        lines.begins["filter"] = audiences.filter_in(work, lines.begins["filter"])
    return lines


# Starting and stopping


@action(Permission.CAMPAIGN, audited=True)
def start(work: Work, journey: Journey, typed: int | None = None) -> Journey:
    """Let people begin. Pressing twice is once.

    Where many begin at once, only when their number was typed; where very many do, only when a
    second person has said so too, as with a campaign.
    """
    if journey.state is JourneyState.ENDED:
        raise Refused("journey.ended", name=journey.name)
    if journey.state is not JourneyState.DRAFT:
        raise Refused("journey.started_already", name=journey.name)
    if not journey_audiences.may_start(work, journey, typed):
        return journey
    for position, step in enumerate(journey.steps):
        if step["do"] == "say":
            _add_message(work, journey, position, step["text"])
    journey.state, journey.started_at = JourneyState.RUNNING, work.now
    # Whoever fits a filter begins now; of what happens, only what happens from now on counts.
    journey.looked_to = 0 if journey.begins["kind"] == "filter" else new_id()
    journey.heard_to = new_id()
    return journey


@action(Permission.READ)
def must_type(work: Work, journey: Journey) -> int | None:
    """The number of people, when it has to be typed before they may begin."""
    return agreeing.to_type(work, journey_audiences.reach(journey))


def _add_message(work: Work, journey: Journey, position: int, text: str) -> None:
    campaign = work.add(
        Campaign(
            number=house.next_number(work, "campaign"),
            texts={"": text},
            # Nobody is written down beforehand: people come to it one by one.
            audience={"filter": "", "except": "", "frozen_to": None, "journey": journey.id},
            topic=journey.topic,
            regardless=journey.regardless or None,
            state=CampaignState.RUNNING,
            created_by=journey.created_by,
            created_at=work.now,
            started_at=work.now,
        )
    )
    work.add(JourneyMessage(journey_id=journey.id, position=position, campaign_id=campaign.id))


@action(Permission.CAMPAIGN, audited=True)
def pause(work: Work, journey: Journey) -> Journey:
    """Nobody goes on, nobody begins; what is on the socket this moment still goes."""
    if journey.state is not JourneyState.RUNNING:
        raise Refused("journey.not_running", name=journey.name)
    journey.state = JourneyState.PAUSED
    _set_messages(work, journey, CampaignState.PAUSED)
    return journey


@action(Permission.CAMPAIGN, audited=True)
def resume(work: Work, journey: Journey) -> Journey:
    """Go on, also with what came due meanwhile."""
    if journey.state not in (JourneyState.PAUSED, JourneyState.LATE):
        raise Refused("journey.not_paused", name=journey.name)
    journey.state, journey.shown_at = JourneyState.RUNNING, work.now
    _set_messages(work, journey, CampaignState.RUNNING)
    return journey


@action(Permission.CAMPAIGN, audited=True)
def end(work: Work, journey: Journey) -> Journey:
    """Nobody gets any more of it."""
    if journey.state is JourneyState.ENDED:
        raise Refused("journey.ended", name=journey.name)
    journey.state, journey.ended_at = JourneyState.ENDED, work.now
    _set_messages(work, journey, CampaignState.CANCELLED)
    for campaign in journeys.messages(work, journey).values():
        campaign.finished_at = work.now
        outbox.cancel_campaign(work, campaign.id)
        campaign.winding_up = campaigns.end_waiting(work, campaign) or None
    journeys.end_all(work, journey, "ended")
    return journey


def _set_messages(work: Work, journey: Journey, state: CampaignState) -> None:
    for campaign in journeys.messages(work, journey).values():
        campaign.state = state


# Looking


@dataclass(frozen=True)
class Stop:
    """One step as one person would come to it."""

    step: journey_lines.Step
    at: datetime
    text: str


@action(Permission.READ)
def preview(work: Work, journey: Journey, contact: Contact) -> list[Stop]:
    """What one person would get and when, if they began now and did nothing at all."""
    found = []
    now = work.now
    for step in journey.steps:
        if step.get("is"):
            # It is only for those who do something.
            continue
        if step["do"] == "wait":
            now += timedelta(minutes=step["minutes"])
        if step["do"] == "say":
            now = max(now, moment_of(work, step, work.now, contact))
        text = templates.fill(step.get("text", ""), contact)
        found.append(Stop(step, now, text))
        if step["do"] == "stop":
            break
    return found


def moment_of(
    work: Work, step: journey_lines.Step, entered: datetime, contact: Contact
) -> datetime:
    """When somebody's message is due: so many days after they began, by their own clock."""
    if "day" not in step:
        return entered
    zone_name = contact.zone or str(policy(work, "team_zone"))
    try:
        zone = moments.zone_named(zone_name)
    except Refused:
        zone = moments.zone_named(str(policy(work, "team_zone")))
    wall = entered.astimezone(zone).replace(tzinfo=None) + timedelta(days=step["day"])
    if "at" in step:
        hour, _, minute = step["at"].partition(":")
        wall = wall.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    elif step["day"] == 0:
        return entered
    return moments.instant(wall, zone)


@action(Permission.READ)
def card(work: Work, journey: Journey, voice: Voice | None = None) -> Reply:
    """A journey's card as it stands."""
    voice = voice or team_voice(work)
    sent = {
        position: house_counts.get(RecipientState.SENT.value, 0)
        for position, house_counts in _sent(work, journey).items()
    }
    asker = work.get(Member, journey.asked_by)
    drawn = Standing(
        counts=tallies.on_journey(work, journey),
        sent=sent,
        at_once=journey_audiences.at_once(journey),
        is_counted=journey_audiences.is_counted(journey),
        asked_by=asker.name if asker is not None else "",
    )
    return journey_card(voice, journey, drawn, work.now)


def _sent(work: Work, journey: Journey) -> dict[int, dict[str, int]]:
    return {
        position: campaigns.numbers(work, campaign)
        for position, campaign in journeys.messages(work, journey).items()
    }


@action(Permission.SYSTEM)
def show(work: Work, journey: Journey) -> None:
    """Bring the card's numbers up to date."""
    journey.shown_at = work.now
    refresh(
        work,
        Subject.JOURNEY,
        journey.id,
        card(work, journey),
        line=f"slack:journey:{journey.id}",
        chat=journey.channel,
    )


@action(Permission.SYSTEM)
def count_drafts(work: Work) -> bool:
    """Go on counting with whom the newest drafts begin; whether there is more to count."""
    more = False
    for journey in journey_audiences.count_drafts(work):
        if journey_audiences.is_counted(journey):
            show(work, journey)
        else:
            more = True
    return more


def _post_card(work: Work, journey: Journey) -> None:
    send(
        work,
        SLACK,
        journey.channel,
        "say",
        {"parts": pack(card(work, journey))},
        key=f"journey:{journey.id}:card",
        line=f"slack:journey:{journey.id}",
        subject=Subject.JOURNEY,
        subject_id=journey.id,
        when_unsure=Unsure.READBACK,
    )
