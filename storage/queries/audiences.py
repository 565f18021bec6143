"""Whom a campaign may reach and what stands in the way: one expression for all who ask.

The dry run counts by it, the lists name by it, and before a message goes it is asked once more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, false, not_, or_, true
from sqlmodel import col, exists, func, select

from storage.finding.filters import Filter
from storage.queries import segments, several
from storage.records import (
    OPEN_STATUSES,
    Campaign,
    CampaignState,
    Consent,
    Contact,
    FollowUp,
    FollowUpState,
    Identity,
    IdentityKind,
    Preference,
    Priority,
    Purpose,
    Recipient,
    RecipientState,
    Segment,
    Ticket,
)
from storage.work import Work, table_of

Condition = ColumnElement[bool]

# What ends it for a person, and what only has to pass.
FINAL = ("excluded", "elsewhere", "barred", "stopped", "topic", "unasked", "blocked")
PASSING = ("quiet", "capped", "angry", "ticket", "wrote", "score", "promised")


@dataclass(frozen=True)
class Checks:
    """What a house and a campaign look at before somebody gets a message; zero is not at all."""

    topic: str = ""
    # Only those who said yes.
    explicit: bool = False
    # So many messages in so long, over all campaigns.
    most: int = 0
    most_within: timedelta = timedelta()
    # Whether an open request is in the way, or only an angry one.
    tickets: bool = False
    angry: bool = False
    wrote_within: timedelta = timedelta()
    score_within: timedelta = timedelta()
    promised_within: timedelta = timedelta()


def _one_of(column: Any, words: Collection[str]) -> Condition:
    """Written out: a statement with a list in it could not be compiled once and for all."""
    return or_(*(column == word for word in words))


def _said(granted: bool, topics: Collection[str]) -> Condition:
    return exists().where(
        col(Consent.contact_id) == col(Contact.id),
        col(Consent.purpose) == Purpose.MARKETING,
        col(Consent.granted).is_(granted),
        _one_of(col(Consent.topic), topics),
    )


def _telegram(*more: Any) -> Condition:
    return exists().where(
        col(Identity.contact_id) == col(Contact.id),
        col(Identity.kind) == IdentityKind.TELEGRAM,
        # Not the chats of somebody's own account: nobody has agreed to news from there.
        col(Identity.value).not_like("%@%"),
        *more,
    )


def may_get(checks: Checks) -> list[Condition]:
    """What must hold for somebody to be among the recipients at all."""
    wanted = [
        _telegram(col(Identity.blocked_at).is_(None)),
        col(Contact.blocked_at).is_(None),
        not_(_said(granted=False, topics=sorted({"", checks.topic}))),
    ]
    if checks.explicit:
        wanted.append(_said(granted=True, topics=sorted({"", checks.topic})))
    return wanted


def _open_ticket(*more: Any) -> Condition:
    return exists().where(
        col(Ticket.contact_id) == col(Contact.id), _one_of(col(Ticket.status), OPEN_STATUSES), *more
    )


def _had(checks: Checks) -> Condition:
    """Whether somebody has had as many messages lately as the house allows."""
    recent = select(Campaign.id).where(
        col(Campaign.started_at).is_not(None),
        or_(
            col(Campaign.finished_at).is_(None),
            col(Campaign.finished_at) > bindparam("capped_since"),
        ),
    )
    had = (
        select(func.count())
        .select_from(Recipient)
        .where(
            col(Recipient.campaign_id).in_(recent),
            col(Recipient.contact_id) == col(Contact.id),
            _one_of(col(Recipient.state), (RecipientState.SENT, RecipientState.UNSURE)),
            col(Recipient.settled_at) > bindparam("capped_since"),
        )
        .scalar_subquery()
    )
    return had >= checks.most


def _low_score() -> Condition:
    return exists().where(
        col(Ticket.contact_id) == col(Contact.id),
        col(Ticket.csat) <= 2,
        func.coalesce(Ticket.resolved_at, Ticket.opened_at) > bindparam("scored_since"),
    )


def _promised() -> Condition:
    return exists().where(
        col(FollowUp.contact_id) == col(Contact.id),
        _one_of(col(FollowUp.state), (FollowUpState.OPEN, FollowUpState.REMINDED)),
        col(FollowUp.due_at) < bindparam("promised_until"),
    )


def reason(checks: Checks) -> ColumnElement[Any]:
    """Why somebody does not get it, the gravest first; null when nothing is in the way."""
    quiet = exists().where(
        col(Preference.contact_id) == col(Contact.id),
        col(Preference.quiet_until) > bindparam("now"),
    )
    angry = _open_ticket(_one_of(col(Ticket.priority), (Priority.HIGH, Priority.URGENT)))
    passing: list[tuple[Condition, str]] = [(quiet, "quiet")]
    if checks.most:
        passing.append((_had(checks), "capped"))
    if checks.angry:
        passing.append((angry, "angry"))
    if checks.tickets:
        passing.append((_open_ticket(), "ticket"))
    if checks.wrote_within:
        passing.append((col(Contact.last_heard_at) > bindparam("wrote_since"), "wrote"))
    if checks.score_within:
        passing.append((_low_score(), "score"))
    if checks.promised_within:
        passing.append((_promised(), "promised"))
    return case(
        (not_(_telegram()), "elsewhere"),
        (col(Contact.blocked_at).is_not(None), "barred"),
        (_said(granted=False, topics=("",)), "stopped"),
        *([(_said(granted=False, topics=(checks.topic,)), "topic")] if checks.topic else []),
        *(
            [(not_(_said(granted=True, topics=sorted({"", checks.topic}))), "unasked")]
            if checks.explicit
            else []
        ),
        (not_(_telegram(col(Identity.blocked_at).is_(None))), "blocked"),
        *passing,
        else_=None,
    )


def moments_of(work: Work, checks: Checks) -> dict[str, datetime]:
    """What the expression wants to know of the time."""
    every = {
        "now": work.now,
        "capped_since": work.now - checks.most_within,
        "wrote_since": work.now - checks.wrote_within,
        "scored_since": work.now - checks.score_within,
        "promised_until": work.now + checks.promised_within,
    }
    wanted = {"now"}
    wanted |= {"capped_since"} if checks.most else set()
    wanted |= {"wrote_since"} if checks.wrote_within else set()
    wanted |= {"scored_since"} if checks.score_within else set()
    wanted |= {"promised_until"} if checks.promised_within else set()
    return {name: every[name] for name in wanted}


@lru_cache(maxsize=64)
def _asked(checks: Checks, size: int) -> Any:
    found = select(Contact.id, Contact.zone, reason(checks))
    return found.where(col(Contact.id).in_(several.places(size))).execution_options(**several.KEPT)


def in_the_way(
    work: Work, checks: Checks, contact_ids: Collection[int]
) -> dict[int, tuple[str | None, str | None]]:
    """Of each of these people the zone they live in, and what stands in the way."""
    moments = moments_of(work, checks)
    return {
        id: (zone, why)
        for size, people in several.in_parts(contact_ids)
        for id, zone, why in work.rows(_asked(checks, size), moments | people)
    }


# Audiences: everybody for whom a filter holds, and none for whom the exception does


def _meant(work: Work, wanted: Sequence[Filter]) -> Condition:
    return and_(true(), *segments.conditions(work, wanted))


def _excluded(work: Work, unwanted: Sequence[Filter]) -> Condition:
    return and_(*segments.conditions(work, unwanted)) if unwanted else false()


def until(work: Work, after: int, people: int) -> int | None:
    """The id up to which there are so many contacts after another one; None when there are none."""
    ids = (
        select(Contact.id)
        .where(col(Contact.id) > after)
        .order_by(col(Contact.id))
        .limit(people)
        .subquery()
    )
    last: int | None = work.scalar(select(func.max(ids.c.id)))
    return last


def counted(
    work: Work,
    checks: Checks,
    wanted: Sequence[Filter],
    unwanted: Sequence[Filter],
    ids: tuple[int, int],
    lacking: Sequence[str],
) -> dict[str, int]:
    """How many of the contacts after one id and up to another would get it, and how many not.

    "will_get" are those who would, the others stand under the reason; "lacks:<field>" are those
    who would and have nothing there.
    """
    why = case((_excluded(work, unwanted), "excluded"), else_=reason(checks)).label("why")
    fields = [
        func.sum(case((func.coalesce(_held(name), "") == "", 1), else_=0)) for name in lacking
    ]
    chosen: Any = (
        select(why, func.count(), *fields).where(*_within(ids), _meant(work, wanted)).group_by(why)
    )
    found: dict[str, int] = {}
    for each, count, *without in work.rows(chosen, moments_of(work, checks)):
        found[each or "will_get"] = int(count)
        if each is None:
            found |= {
                f"lacks:{name}": int(many) for name, many in zip(lacking, without, strict=True)
            }
    return found


def _held(name: str) -> Any:
    """What somebody has in a field, one of the team's own too."""
    usual = name in table_of(Contact).columns
    return getattr(Contact, name) if usual else col(Contact.custom)[name].as_string()


def _within(ids: tuple[int, int]) -> tuple[Any, Any]:
    return col(Contact.id) > ids[0], col(Contact.id) <= ids[1]


def with_reason(
    work: Work,
    checks: Checks,
    wanted: Sequence[Filter],
    unwanted: Sequence[Filter],
    why: str | None,
    ids: tuple[int, int],
    limit: int,
) -> list[Contact]:
    """Those of an audience in whose way that stands; None: those who would get it."""
    ruled = _excluded(work, unwanted)
    if why == "excluded":
        held: Any = ruled
    elif why is None:
        held = and_(not_(ruled), reason(checks).is_(None))
    else:
        held = and_(not_(ruled), reason(checks) == why)
    statement = (
        select(Contact)
        .where(*_within(ids), _meant(work, wanted), held)
        .order_by(col(Contact.id))
        .limit(limit)
    )
    return work.all(statement, moments_of(work, checks))


def zones(work: Work, ids: tuple[int, int]) -> list[str]:
    """By which clocks these contacts live, as far as anybody knows."""
    statement = select(Contact.zone).where(*_within(ids)).distinct()
    return [zone for (zone,) in work.rows(statement) if zone]


def who(
    work: Work,
    checks: Checks,
    wanted: Sequence[Filter],
    unwanted: Sequence[Filter],
    ids: tuple[int, int] | None = None,
) -> list[Condition]:
    """What must hold of the contacts, those in a range of ids or all, who become recipients."""
    within = () if ids is None else _within(ids)
    conditions = [*within, *segments.conditions(work, wanted), *may_get(checks)]
    if unwanted:
        conditions.append(not_(_excluded(work, unwanted)))
    return conditions


_ENDING = select(Campaign).where(col(Campaign.winding_up).is_(True))
_SCHEDULED = select(Campaign).where(
    col(Campaign.state) == CampaignState.SCHEDULED, col(Campaign.due_at) <= bindparam("now")
)


def ending(work: Work) -> list[Campaign]:
    """Campaigns of which people have still to be gone through."""
    return work.all(_ENDING)


def scheduled(work: Work) -> list[Campaign]:
    """Campaigns whose moment has come."""
    return work.all(_SCHEDULED, {"now": work.now})


def segment_named(work: Work, name: str) -> Segment | None:
    """The saved filter of that name, however it is written."""
    named = func.lower(Segment.name) == name.lower()
    return work.first(select(Segment).where(named))
