"""What a quarter may bring: by the chances of the stages, and by what became of earlier deals."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction

from handlers.actions import moments, pipelines
from handlers.actions.access import Permission, action
from handlers.actions.policies import policy
from handlers.cards.forecasts import Forecast, Outlook, Quarter, Share
from storage.errors import Refused
from storage.queries import deals
from storage.queries.deals import Group
from storage.records import DealStage, DealState
from storage.work import Work

_QUARTER = re.compile(
    r"(?:(?P<year1>\d{4})\s*年?[\s/-]*)?(?:q|第)?\s*(?P<number>[1-4一二三四])\s*(?:季度?|quarter)?"
    r"(?:[\s/-]*(?P<year2>\d{4}))?",
    re.IGNORECASE,
)
_HAN = {"一": 1, "二": 2, "三": 3, "四": 4}
_NOW = {"", "now", "this", "this quarter", "quarter", "本季度", "这季度", "本季"}
_NEXT = {"next", "next quarter", "下季度", "下个季度", "下季"}
_LAST = {"last", "last quarter", "previous", "上季度", "上个季度", "上季"}


def quarter_of(day: date) -> Quarter:
    """The quarter of a day."""
    return Quarter(day.year, (day.month + 2) // 3)


def quarter_said(text: str, today: date) -> Quarter:
    """The quarter that is meant: "Q1", "2027 Q1", "next", "下季度". Raises Refused for others.

    Without a year it is the one to come, or the present one.
    """
    said = " ".join(text.split()).casefold()
    current = quarter_of(today)
    for words, later in ((_NOW, 0), (_NEXT, 1), (_LAST, -1)):
        if said in words:
            return current.later(later)
    found = _QUARTER.fullmatch(said)
    year = found and (found["year1"] or found["year2"])
    if found is None or (year and not 2000 <= int(year) <= 2100):
        raise Refused("forecast.no_quarter", text=text[:40])
    number = _HAN.get(found["number"]) or int(found["number"])
    if year:
        return Quarter(int(year), number)
    return Quarter(today.year + (number < current.number), number)


def outlooks(
    groups: Iterable[Group],
    stages: Mapping[int, DealStage],
    shares: Mapping[int, Share],
    won: Iterable[tuple[str, int, int]],
) -> tuple[Outlook, ...]:
    """The sums by currency; amounts of two currencies are never added up."""
    found: dict[str, Outlook] = {}
    for currency, count, units in won:
        found[currency] = Outlook(currency, won_count=count, won=units)
    for group in groups:
        outlook = found.setdefault(group.currency, Outlook(group.currency))
        stage, share = stages[group.stage_id], shares[group.stage_id]
        chance = stage.probability if group.probability is None else group.probability
        outlook.count += group.count
        outlook.without_amount += group.count - group.priced
        outlook.units += group.units
        outlook.weighted += Fraction(group.units * chance, 100)
        if share.is_enough:
            outlook.known += group.priced
            outlook.by_history += group.units * share.part
    return tuple(sorted(found.values(), key=lambda each: each.currency))


@action(Permission.READ)
def forecast(work: Work, text: str = "") -> Forecast:
    """What a quarter may bring. The present one also has what is overdue and still open."""
    zone = moments.zone_named(work.actor.zone)
    today = moments.day_of(work.now, zone)
    quarter = quarter_said(text, today)
    least = int(policy(work, "forecast_least"))
    counted = deals.shares(work)
    found = deals.closing(work, quarter.start, quarter.end)
    if quarter != quarter_of(today):
        found = [each for each in found if not each.is_overdue]
    stages = {each.stage_id: work.sure(DealStage, each.stage_id) for each in found}
    shares = {id: Share(*counted.get(id, (0, 0)), least) for id in stages}
    start, _ = moments.day_bounds(quarter.start, zone)
    _, end = moments.day_bounds(quarter.end - timedelta(days=1), zone)
    won = deals.closed(work, DealState.WON, start, end)
    order = [stage.id for way in pipelines.ways(work) for stage in way.stages]
    known = sorted(
        stages.values(), key=lambda each: order.index(each.id) if each.id in order else -1
    )
    return Forecast(
        quarter=quarter,
        outlooks=outlooks(found, stages, shares, won),
        stages=tuple((stage, shares[stage.id]) for stage in known),
        overdue=sum(each.count for each in found if each.is_overdue),
        undated=deals.count_undated(work),
    )


@action(Permission.READ)
def shares_of(work: Work) -> dict[int, Share]:
    """For every stage that has a history, the share won from it."""
    least = int(policy(work, "forecast_least"))
    return {id: Share(won, closed, least) for id, (won, closed) in deals.shares(work).items()}
