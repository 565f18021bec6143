"""Questions about canned replies, macros, articles, and about what was proposed."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, func, select

from storage.records import (
    Article,
    ArticleOffer,
    CannedReply,
    Direction,
    Interaction,
    Macro,
    OfferState,
    Order,
    ReadingMark,
    Suggestion,
    SuggestionKind,
    Ticket,
)
from storage.work import Work

_MARK = select(ReadingMark).where(col(ReadingMark.name) == bindparam("name"))
_SAID = (
    select(Interaction)
    .where(col(Interaction.id) > bindparam("after"), col(Interaction.id) <= bindparam("until"))
    .order_by(col(Interaction.id))
    .limit(bindparam("limit"))
)
_OFFERED = select(ArticleOffer).where(
    col(ArticleOffer.ticket_id) == bindparam("ticket"),
    col(ArticleOffer.state) == OfferState.OFFERED,
)
_PROPOSED = select(Suggestion.kind).where(col(Suggestion.ticket_id) == bindparam("ticket"))


def canned(work: Work) -> list[CannedReply]:
    """Every canned reply, by name."""
    return work.all(select(CannedReply).order_by(col(CannedReply.name)))


def canned_named(work: Work, name: str) -> CannedReply | None:
    """The canned reply of that name."""
    return work.first(select(CannedReply).where(col(CannedReply.name) == name))


def macros(work: Work) -> list[Macro]:
    """Every macro, by name."""
    return work.all(select(Macro).order_by(col(Macro.name)))


def macro_named(work: Work, name: str) -> Macro | None:
    """The macro of that name."""
    return work.first(select(Macro).where(col(Macro.name) == name))


def articles(work: Work) -> list[Article]:
    """Every article, by number."""
    return work.all(select(Article).order_by(col(Article.number)))


def article_numbered(work: Work, number: int) -> Article | None:
    """The article of that number."""
    return work.first(select(Article).where(col(Article.number) == number))


def stamp(work: Work) -> tuple[int, ...]:
    """Grows or changes with every change of a canned reply or an article."""
    found: list[int] = []
    for model in (CannedReply, Article):
        ((count, last, versions),) = work.rows(
            select(func.count(), func.max(col(model.id)), func.sum(col(model.version)))
        )
        found += [int(count), int(last or 0), int(versions or 0)]
    return tuple(found)


def mark(work: Work, name: str) -> ReadingMark | None:
    """How far a reader has come."""
    return work.first(_MARK, {"name": name})


def said_between(work: Work, after: int, until: int, limit: int) -> list[Interaction]:
    """What was said after one id and up to another one, in order, the first `limit` of it."""
    return work.all(_SAID, {"after": after, "until": until, "limit": limit})


def offered_in(work: Work, ticket_id: int) -> list[ArticleOffer]:
    """The articles of a request that wait for a yes or no."""
    return work.all(_OFFERED, {"ticket": ticket_id})


def offers_of(work: Work, ticket: Ticket) -> list[ArticleOffer]:
    """Every article that was offered for a request."""
    return work.all(select(ArticleOffer).where(col(ArticleOffer.ticket_id) == ticket.id))


def offers_over(work: Work, now: datetime, limit: int) -> list[ArticleOffer]:
    """Offers that nobody has answered in time."""
    return work.all(
        select(ArticleOffer)
        .where(col(ArticleOffer.state) == OfferState.OFFERED, col(ArticleOffer.until) <= now)
        .order_by(col(ArticleOffer.until))
        .limit(limit)
    )


def proposed_for(work: Work, ticket_id: int) -> set[SuggestionKind]:
    """Which kinds of suggestions a request has had."""
    return {kind for (kind,) in work.rows(_PROPOSED, {"ticket": ticket_id})}


def suggestions_at(work: Work, interaction_id: int) -> list[Suggestion]:
    """What was proposed because of one thing that was said, in the order of proposing."""
    return work.all(
        select(Suggestion)
        .where(col(Suggestion.interaction_id) == interaction_id)
        .order_by(col(Suggestion.id))
    )


def order_of(work: Work, contact_id: int, number: str) -> Order | None:
    """A contact's order of that number; other people's orders are nobody's business."""
    return work.first(
        select(Order).where(
            func.lower(col(Order.number)) == number.lower(), col(Order.contact_id) == contact_id
        )
    )


Filed = tuple[str, str | None, str]


def filed(work: Work, limit: int, before: int | None) -> dict[int, Filed]:
    """What customers wrote first and how their requests were filed: (text, category, priority).

    Only requests that somebody of the team has dealt with; the newest first, from the one behind
    `before` on.
    """
    first = (
        select(func.min(col(Interaction.id)))
        .where(
            col(Interaction.ticket_id) == col(Ticket.id),
            col(Interaction.direction) == Direction.IN,
            col(Interaction.text) != "",
        )
        .correlate(Ticket)
        .scalar_subquery()
    )
    statement = (
        select(Interaction.text, Ticket.category, Ticket.priority, Ticket.id)
        .join(Interaction, col(Interaction.id) == first)
        .where(col(Ticket.category).is_not(None) | col(Ticket.first_answered_at).is_not(None))
        .order_by(col(Ticket.id).desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(col(Ticket.id) < before)
    return {
        ticket: (text, category, str(priority))
        for text, category, priority, ticket in work.rows(statement)
    }
