"""Several texts and a hold-out: planned on a draft, who gets which, and the rule that decides."""

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b

from handlers.actions import templates
from handlers.actions.access import Permission, action
from storage.errors import Refused
from storage.queries import trials
from storage.records import (
    Campaign,
    CampaignState,
    Metric,
    Recipient,
    RecipientState,
    Timing,
    Trial,
    TrialState,
)
from storage.work import Work

LETTERS = ("B", "C", "D")
MOST_HELD_OUT = 50
FIRST = (5, 95)
HOURS = (1, 240)
# The letter of those who get nothing.
CONTROL = "-"
# On every recipient's own clock the last one has it a day and two hours after the first.
AROUND_THE_WORLD = timedelta(hours=26)


@dataclass(frozen=True)
class Plan:
    """What is to be tried: other texts by their letters, and how the people are divided."""

    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    hold_out: int = 0
    first: int | None = None
    hours: int | None = None
    metric: Metric = Metric.REPLY


@action(Permission.CAMPAIGN, audited=True)
def plan(work: Work, campaign: Campaign, wished: Plan) -> Trial | None:
    """Have a draft try several texts, or hold some people out; an empty plan takes it back.

    Raises Refused once it has been started: what was said before the start holds.
    """
    if campaign.state is not CampaignState.DRAFT:
        raise Refused("campaign.started_already", number=campaign.number)
    _check(campaign, wished)
    trial = trials.of(work, campaign)
    if not wished.texts and not wished.hold_out:
        if trial is not None:
            work.delete(trial)
        return None
    if trial is None:
        trial = work.add(Trial(campaign_id=campaign.id))
    trial.texts = dict(wished.texts)
    trial.hold_out, trial.metric = wished.hold_out, wished.metric
    trial.first, trial.hours = wished.first, wished.hours
    return trial


def _check(campaign: Campaign, wished: Plan) -> None:
    if not 0 <= wished.hold_out <= MOST_HELD_OUT:
        raise Refused("trial.hold_out", most=MOST_HELD_OUT)
    if wished.first is not None:
        if not wished.texts:
            raise Refused("trial.first_needs_texts")
        if not FIRST[0] <= wished.first <= FIRST[1]:
            raise Refused("trial.first", least=FIRST[0], most=FIRST[1])
        if wished.hours is None or not HOURS[0] <= wished.hours <= HOURS[1]:
            raise Refused("trial.hours", least=HOURS[0], most=HOURS[1])
    # What A does not ask of people, nobody has been counted for.
    known = templates.without_fallback(campaign.texts.values())
    for texts in wished.texts.values():
        for lacking in templates.without_fallback(texts.values()):
            if lacking not in known:
                raise Refused("trial.fallback", field=lacking)


@action(Permission.READ)
def of(work: Work, campaign: Campaign) -> Trial | None:
    """What is tried out with a campaign."""
    return trials.of(work, campaign)


def begin(work: Work, campaign: Campaign) -> timedelta:
    """It goes out from now on; how much longer it takes because some wait for the better text."""
    trial = trials.of(work, campaign)
    if trial is None or not trial.staged:
        return timedelta()
    longer = timedelta(hours=trial.hours or 0)
    if campaign.timing is Timing.LOCAL:
        longer += AROUND_THE_WORLD
    trial.decide_at = work.now + longer
    return longer


# Who gets what: by chance that is the same each time it is asked


def chance(campaign_id: int, contact_id: int, about: str) -> float:
    """A number from 0 to 1 that depends on nothing but the campaign, the person and the matter."""
    digest = blake2b(f"{campaign_id}:{contact_id}:{about}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def is_first(trial: Trial, contact_id: int) -> bool:
    """Whether somebody is among those by whom it is decided."""
    if not trial.staged:
        return True
    return chance(trial.campaign_id, contact_id, "first") * 100 < (trial.first or 0)


def is_control(trial: Trial, contact_id: int) -> bool:
    """Whether somebody gets nothing, to see what it brings."""
    return chance(trial.campaign_id, contact_id, "hold-out") * 100 < trial.hold_out


def letter_for(trial: Trial, contact_id: int) -> str:
    """The text that somebody gets by chance."""
    letters = trial.letters
    return letters[int(chance(trial.campaign_id, contact_id, "text") * len(letters))]


def texts_of(campaign: Campaign, trial: Trial | None, letter: str | None) -> dict[str, str]:
    """What a text of a campaign says, by language."""
    texts: dict[str, str] = campaign.texts
    if trial is not None and letter is not None:
        texts = trial.texts.get(letter[:1], texts)
    return texts


def divide(work: Work, trial: Trial, recipient: Recipient) -> bool:
    """Settle which text somebody gets whom nothing stands in the way; False: not now, or none.

    Those who wait for the better text wait whether or not they are held out: afterwards the time
    of both is compared.
    """
    contact_id = recipient.contact_id
    first = is_first(trial, contact_id)
    if not first and trial.state is TrialState.OPEN:
        recipient.state, recipient.reason = RecipientState.HELD, trials.BETTER
        recipient.settled_at = None
        recipient.due_at = max(trial.decide_at or work.now, work.now + timedelta(seconds=1))
        return False
    if is_control(trial, contact_id):
        recipient.state, recipient.reason = RecipientState.CONTROL, None
        recipient.variant, recipient.settled_at = CONTROL, work.now
        return False
    # The rest stands apart from those by whom it was decided: "B+".
    recipient.variant = letter_for(trial, contact_id) if first else f"{trial.winner or 'A'}+"
    return True
