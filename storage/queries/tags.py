"""Questions about tags, and the statements that change one everywhere."""

from sqlalchemy import delete, update
from sqlmodel import col, func, select

from storage.records import ContactTag
from storage.work import Work


def count(work: Work, tag: str) -> int:
    """How many have a tag."""
    counted = select(func.count()).select_from(ContactTag).where(col(ContactTag.tag) == tag)
    return int(work.scalar(counted) or 0)


def remove(work: Work, tag: str) -> int:
    """Take a tag off everybody; off how many."""
    return int(work.execute(delete(ContactTag).where(col(ContactTag.tag) == tag)).rowcount)


def replace(work: Work, tag: str, other: str) -> int:
    """Give everybody who has a tag another one instead; nobody has it twice. How many had it."""
    have = select(ContactTag.contact_id).where(col(ContactTag.tag) == other)
    twice = delete(ContactTag).where(
        col(ContactTag.tag) == tag, col(ContactTag.contact_id).in_(have)
    )
    both = int(work.execute(twice).rowcount)
    renamed = work.execute(
        update(ContactTag)
        .where(col(ContactTag.tag) == tag)
        .values(tag=other, version=col(ContactTag.version) + 1)
    )
    return both + int(renamed.rowcount)
