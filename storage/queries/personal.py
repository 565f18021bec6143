"""Questions about the personal accounts that are connected."""

from sqlmodel import col, select

from storage.records import BusinessConnection
from storage.work import Work


def connection(work: Work, name: str) -> BusinessConnection | None:
    """The connection that Telegram calls so."""
    return work.first(select(BusinessConnection).where(col(BusinessConnection.connection) == name))


def newest_of(work: Work, owner: str) -> BusinessConnection | None:
    """The newest connection of somebody's account."""
    return work.first(
        select(BusinessConnection)
        .where(col(BusinessConnection.owner) == owner)
        .order_by(col(BusinessConnection.since).desc(), col(BusinessConnection.id).desc())
        .limit(1)
    )


def owners(work: Work) -> list[str]:
    """Whose accounts are or were connected."""
    return [str(owner) for (owner,) in work.rows(select(BusinessConnection.owner).distinct())]
