"""Deals on their way: from stage to stage, won, lost, and taken back."""

from handlers.actions import pipelines
from handlers.actions.access import Permission, action
from handlers.actions.deal_history import pictured, step, write_down
from handlers.actions.outgoing import post, post_note, refresh
from handlers.actions.policies import AFTERWARDS, policy, team_voice
from handlers.cards.deals import won_card
from handlers.cards.lines import shortened
from handlers.message import Reply, Text
from storage.errors import Refused
from storage.queries import deals, outbox
from storage.records import Contact, Deal, DealEvent, DealStage, DealState, Stage, Subject
from storage.work import Work

LONGEST = 256
LARGEST_ID = 2**63 - 1
_UNDOABLE = ("stage", "won", "lost")


def must_be_kept(deal: Deal) -> None:
    """Raises Refused for a deal whose customer is erased: nothing can become of it."""
    if deal.state is DealState.DROPPED:
        raise Refused("deal.over", number=deal.number)


@action(Permission.SERVE, audited=True)
def move(work: Work, deal: Deal, stage: DealStage) -> DealEvent | None:
    """Put a deal into a stage; a closed one is open again. None when it is there already."""
    if deal.is_open and deal.stage_id == stage.id:
        return None
    must_be_kept(deal)
    what, before = ("stage", None) if deal.is_open else ("reopened", str(deal.state))
    if not deal.is_open:
        deal.state, deal.closed_at, deal.lost_reason = DealState.OPEN, None, None
    event = step(work, deal, what, before, from_stage_id=deal.stage_id, stage_id=stage.id)
    _stand(deal, stage)
    deal.stage_since = work.now
    return event


def _stand(deal: Deal, stage: DealStage) -> None:
    deal.stage_id, deal.pipeline_id = stage.id, stage.pipeline_id
    # What somebody thought of its chances was about where it stood.
    deal.probability = None


@action(Permission.SERVE, audited=True)
def advance(work: Work, deal: Deal, from_stage_id: str) -> DealEvent | None:
    """The stage behind the one it was in when the button was shown; pressing twice is once."""
    if not deal.is_open or str(deal.stage_id) != from_stage_id:
        return None
    way = pipelines.way_of(work, deal.pipeline_id)
    stage = way.after(work.sure(DealStage, deal.stage_id))
    return move(work, deal, stage) if stage is not None else None


@action(Permission.SERVE, audited=True)
def win(work: Work, deal: Deal, note: str = "") -> DealEvent | None:
    """It is sold: the contact is a customer, and the team hears of it. None when it was before."""
    if deal.state is DealState.WON:
        return None
    event = _close(work, deal, DealState.WON, note)
    deal.lost_reason = None
    contact = work.sure(Contact, deal.contact_id)
    if contact.stage is not Stage.CUSTOMER:
        contact.stage = Stage.CUSTOMER
    write_down(work, deal, "deal.noted_won")
    announce(work, deal)
    return event


@action(Permission.SERVE, audited=True)
def lose(work: Work, deal: Deal, reason: str) -> DealEvent | None:
    """It is lost, and why. Raises Refused without a reason. None when it was before."""
    reason = shortened(reason, LONGEST)
    if not reason:
        raise Refused("deal.why_lost")
    if deal.state is DealState.LOST:
        deal.lost_reason = reason
        return None
    was_won = deal.state is DealState.WON
    event = _close(work, deal, DealState.LOST, reason)
    deal.lost_reason = reason
    write_down(work, deal, "deal.noted_lost", reason=reason)
    if was_won:
        announce(work, deal)
    return event


def _close(work: Work, deal: Deal, state: DealState, note: str) -> DealEvent:
    must_be_kept(deal)
    before, note = str(deal.state), note.strip()
    at = deal.stage_id
    event = step(work, deal, str(state), before, note or None, from_stage_id=at, stage_id=at)
    deal.state, deal.closed_at = state, work.now
    return event


def _win_channel(work: Work) -> str:
    channel = str(policy(work, "win_channel")).strip()
    return "" if channel.casefold() in ("off", "-") else channel


def _say_where(work: Work) -> None:
    """A line in the new channel shows at once whether we can write there."""
    channel = _win_channel(work)
    if channel:
        words = Text(team_voice(work).words("deal.wins_here"))
        post_note(work, channel, Reply((words,)), key=f"win_channel:{work.now.isoformat()}")


AFTERWARDS["win_channel"] = _say_where


def announce(work: Work, deal: Deal) -> None:
    """Say in the channel for it what was won, once; afterwards that line is kept true."""
    channel = _win_channel(work)
    key, line = f"deal:{deal.id}:won", f"slack:deal:{deal.id}"
    card = won_card(team_voice(work), pictured(work, deal))
    said = outbox.keyed(work, key)
    if said is not None:
        refresh(work, Subject.DEAL, deal.id, card, line=line, chat=said.chat)
    elif deal.state is DealState.WON and channel:
        post(work, channel, card, key=key, subject=Subject.DEAL, subject_id=deal.id, line=line)


@action(Permission.SERVE, audited=True)
def undo(work: Work, deal: Deal, event_id: str) -> bool:
    """Take back the last move; False when it is taken back already.

    Raises Refused when something else has been done with the deal since.
    """
    known = event_id.isdecimal() and len(event_id) < 20
    event = work.get(DealEvent, min(int(event_id), LARGEST_ID)) if known else None
    if event is None or event.deal_id != deal.id:
        raise Refused("button.gone")
    if event.undone_at is not None:
        return False
    last = deals.last_move(work, deal)
    stage = work.get(DealStage, event.from_stage_id)
    may_be = event.what in _UNDOABLE and event.before in (None, str(DealState.OPEN))
    if last != event or not may_be or stage is None or stage.removed_at is not None:
        raise Refused("deal.too_late", number=deal.number)
    event.undone_at = work.now
    was_won = deal.state is DealState.WON
    deal.state, deal.closed_at, deal.lost_reason = DealState.OPEN, None, None
    deal.stage_id, deal.pipeline_id = stage.id, stage.pipeline_id
    deal.touched_at = work.now
    before = deals.last_move(work, deal)
    deal.stage_since = before.at if before is not None else deal.opened_at
    if event.what != "stage":
        write_down(work, deal, "deal.noted_undone")
    if was_won:
        announce(work, deal)
    return True
