"""What happened to a deal: its history, its place among what was said, and its picture."""

from typing import Any

from handlers.actions import pipelines
from handlers.actions.access import Permission, action
from handlers.actions.policies import team_voice
from handlers.cards.deals import DealPicture
from storage.queries import deals
from storage.records import (
    Contact,
    Deal,
    DealEvent,
    DealStage,
    Direction,
    Interaction,
    Lane,
    Member,
)
from storage.work import Work

LONGEST = 256


@action(Permission.READ)
def pictured(work: Work, deal: Deal) -> DealPicture:
    """A deal with everything that its card shows."""
    stage = work.sure(DealStage, deal.stage_id)
    way = pipelines.way_of(work, deal.pipeline_id)
    events = deals.events_of(work, deal)
    known = {id: work.get(DealStage, id) for e in events for id in (e.from_stage_id, e.stage_id)}
    by = {each.member_id: work.get(Member, each.member_id) for each in events}
    return DealPicture(
        deal=deal,
        contact=work.sure(Contact, deal.contact_id),
        owner=work.sure(Member, deal.owner_id),
        stage=stage,
        pipeline=way.pipeline,
        next_stage=way.after(stage) if deal.is_open else None,
        several=len(pipelines.ways(work)) > 1,
        events=tuple(events),
        stages={id: stage.name for id, stage in known.items() if id and stage},
        people={id: member.name for id, member in by.items() if id and member},
    )


def step(
    work: Work,
    deal: Deal,
    what: str,
    before: str | None = None,
    after: str | None = None,
    *,
    from_stage_id: int | None = None,
    stage_id: int | None = None,
) -> DealEvent:
    """Write a step into a deal's history; `what` has words under `deal.step_<what>`."""
    deal.touched_at = work.now
    return work.add(
        DealEvent(
            deal_id=deal.id,
            at=work.now,
            member_id=work.actor.member.id if work.actor.member else None,
            what=what,
            before=before and before[:LONGEST],
            after=after and after[:LONGEST],
            from_stage_id=from_stage_id,
            stage_id=stage_id,
        )
    )


def write_down(work: Work, deal: Deal, key: str, **values: Any) -> None:
    """What became of a deal stands among what was said and done with its contact."""
    voice = team_voice(work)
    amount = f" · {voice.money(deal.amount, deal.currency)}" if deal.amount else ""
    work.add(
        Interaction(
            contact_id=deal.contact_id,
            member_id=work.actor.member.id if work.actor.member else None,
            channel="deal",
            direction=Direction.NOTE,
            lane=Lane.INTERNAL,
            text=voice.say(key, number=deal.number, title=deal.title, amount=amount, **values),
            at=work.now,
        )
    )
