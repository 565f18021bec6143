"""What a campaign has brought beside its hold-out, and which of its texts was better."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from handlers.actions import campaigns
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import tell
from handlers.actions.policies import policy
from handlers.actions.trials import CONTROL
from handlers.cards.trials import decided_note
from handlers.lift import Amounts, Arm, Lift, money_lift, people_lift, winner_of
from handlers.texts import Voice
from storage.aside import answered
from storage.queries import tallies, trials
from storage.queries.trials import Bought, Did
from storage.records import (
    Campaign,
    CampaignState,
    Member,
    Metric,
    OrderKind,
    Trial,
    TrialState,
    Urgency,
)
from storage.work import Work


@dataclass
class Column:
    """What the people with one letter did."""

    people: int = 0
    replied: int = 0
    clicked: int = 0
    ordered: int = 0
    # What was spent: {currency: {recipient: amount}}, given back less.
    spent: dict[str, dict[int, Decimal]] = field(default_factory=dict)

    def amounts(self, currency: str) -> Amounts:
        """What they spent in one currency."""
        each = [float(amount) for amount in self.spent.get(currency, {}).values()]
        squares = sum(amount * amount for amount in each)
        return Amounts(self.people, sum(amount > 0 for amount in each), sum(each), squares)


@dataclass(frozen=True)
class Results:
    """A campaign's people by the letter of their text, "-" for who got nothing; and the lift.

    `final_at` is when the last of them has had their time; before it nothing is said of a lift.
    """

    campaign: Campaign
    trial: Trial | None
    columns: dict[str, Column]
    final_at: datetime | None
    over: bool
    replied: Lift | None
    ordered: Lift | None
    money: dict[str, Lift]
    reply_days: int
    order_days: int


@action(Permission.READ)
def results(work: Work, campaign: Campaign) -> Results:
    """Who replied, clicked and ordered within days after it, for each text and the hold-out."""
    reply_days, order_days = _days(work)
    columns, final, over = _compared(work, campaign)
    _count(columns, "replied", trials.replies(work, campaign, work.now), reply_days)
    _count(columns, "clicked", _clicks(work, campaign), max(reply_days, order_days))
    _count_orders(columns, trials.bought(work, campaign, work.now), timedelta(days=order_days))
    control = columns.get(CONTROL)
    treated = _treated(columns)
    money: dict[str, Lift] = {}
    if control is not None:
        for currency in sorted({*treated.spent, *control.spent}):
            pair = treated.amounts(currency), control.amounts(currency)
            money[currency] = money_lift(*pair, over=over)
    return Results(
        campaign=campaign,
        trial=trials.of(work, campaign),
        columns=columns,
        final_at=final,
        over=over,
        replied=_lift(treated, control, "replied", over),
        ordered=_lift(treated, control, "ordered", over),
        money=money,
        reply_days=reply_days,
        order_days=order_days,
    )


def _days(work: Work) -> tuple[int, int]:
    """For how long replies and orders count."""
    return int(policy(work, "campaign_answer_days")), int(policy(work, "campaign_order_days"))


def _compared(work: Work, campaign: Campaign) -> tuple[dict[str, Column], datetime | None, bool]:
    """The people of each letter, when the last of them has had their time, and whether that is."""
    people = tallies.compared(work, campaign)
    last = max((each for _, each in people.values()), default=None)
    final = last and last + timedelta(days=max(_days(work)))
    over = campaign.state in campaigns.OVER and final is not None and final <= work.now
    return {letter: Column(many) for letter, (many, _) in people.items()}, final, over


def _treated(columns: dict[str, Column]) -> Column:
    return _together(column for letter, column in columns.items() if letter != CONTROL)


def _lift(treated: Column, control: Column | None, what: str, over: bool) -> Lift | None:
    if control is None:
        return None
    return people_lift(_arm(treated, what), _arm(control, what), over=over)


def _arm(column: Column, what: str) -> Arm:
    return Arm(column.people, min(column.people, getattr(column, what)))


def _together(columns: Iterable[Column]) -> Column:
    total = Column()
    for each in columns:
        total.people += each.people
        total.replied += each.replied
        total.clicked += each.clicked
        total.ordered += each.ordered
        for currency, spent in each.spent.items():
            total.spent.setdefault(currency, {}).update(spent)
    return total


def _clicks(work: Work, campaign: Campaign) -> list[Did]:
    """Opened links and pressed answers; neither is there for who got nothing."""
    first: dict[int, Did] = {}
    for did in trials.clicks(work, campaign) + trials.presses(work, campaign, work.now):
        first[did[0]] = min(did, first.get(did[0], did), key=lambda each: each[3])
    return list(first.values())


def _count(columns: dict[str, Column], what: str, found: list[Did], days: int) -> None:
    window = timedelta(days=days)
    for _, letter, had, did in found:
        column = columns.get(letter or "A")
        if column is not None and did < had + window:
            setattr(column, what, getattr(column, what) + 1)


def _count_orders(columns: dict[str, Column], found: list[Bought], window: timedelta) -> None:
    buyers: set[int] = set()
    for letter, had, who, at, kind, amount, currency in found:
        column = columns.get(letter or "A")
        if column is None or at >= had + window:
            continue
        if kind == OrderKind.PURCHASE and who not in buyers:
            buyers.add(who)
            column.ordered += 1
        spent = column.spent.setdefault(currency, {})
        value = Decimal(amount) if kind == OrderKind.PURCHASE else -Decimal(amount)
        spent[who] = spent.get(who, Decimal()) + value


@action(Permission.READ)
def told(work: Work, start: datetime, end: datetime) -> list[tuple[Campaign, Lift]]:
    """What campaigns have brought of which that could be told first in that time: their orders."""
    window = timedelta(days=max(_days(work)))
    found = []
    for campaign in trials.held_out_and_finished(work, start - window, end - window):
        lift = _ordered(work, campaign)
        if lift is not None:
            found.append((campaign, lift))
    return found


def _ordered(work: Work, campaign: Campaign) -> Lift | None:
    """What it has brought in orders, and nothing else, which would take as long again."""
    columns, _, over = _compared(work, campaign)
    window = timedelta(days=_days(work)[1])
    _count_orders(columns, trials.bought(work, campaign, work.now), window)
    return _lift(_treated(columns), columns.get(CONTROL), "ordered", over)


# Which text was better


@action(Permission.SYSTEM)
def decide_trials(work: Work) -> None:
    """The moment has come that was said before: one look, and the rest gets the better text.

    The look goes through everybody, so it is taken beside the writer.
    """
    for trial in trials.to_decide(work):
        arms = answered(work, ("trial", trial.id), partial(arms_of, campaign_id=trial.campaign_id))
        if arms is None:
            continue
        campaign = work.sure(Campaign, trial.campaign_id)
        _decide(trial, arms, work.now)
        if campaign.state in (CampaignState.RUNNING, CampaignState.PAUSED):
            campaigns.show(work, campaign)
            author = work.sure(Member, campaign.created_by)
            note = decided_note(Voice(author.language, author.zone), campaign, trial)
            key = f"campaign:{campaign.id}:decided"
            tell(work, author, note, key=key, urgency=Urgency.SERVICE)


def _decide(trial: Trial, arms: dict[str, Arm], now: datetime) -> None:
    best = winner_of(arms)
    trial.state = TrialState.TIE if best is None else TrialState.WON
    # No winner is an answer too: then the first text goes to the rest, as was said.
    trial.winner, trial.decided_at = best or "A", now
    trial.figures = {letter: [arm.people, arm.did] for letter, arm in arms.items()}


@action(Permission.SYSTEM)
def arms_of(work: Work, campaign_id: int) -> dict[str, Arm]:
    """How many got each text, and how many of them did what it is decided by."""
    campaign = work.sure(Campaign, campaign_id)
    trial = trials.of(work, campaign)
    if trial is None:
        return {}
    people = {letter: many for letter, (many, _) in tallies.compared(work, campaign).items()}
    match trial.metric:
        case Metric.REPLY:
            done = [letter for _, letter, _, _ in trials.replies(work, campaign, work.now)]
        case Metric.CLICK:
            done = [letter for _, letter, _, _ in _clicks(work, campaign)]
        case _:
            buyers = {
                who: letter
                for letter, _, who, _, kind, _, _ in trials.bought(work, campaign, work.now)
                if kind == OrderKind.PURCHASE
            }
            done = list(buyers.values())
    return {
        letter: Arm(people.get(letter, 0), min(people.get(letter, 0), done.count(letter)))
        for letter in trial.letters
    }
