"""Who is reached so: by the last digits of a phone, by parts of an e-mail address, by @username."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from storage.records import Contact, Identity, IdentityKind
from storage.work import Work

FEWEST_DIGITS = 4
FEWEST_LETTERS = 2
_LONGEST = 128
_LAST = "\U0010ffff"


def with_phone(work: Work, digits: str, limit: int) -> list[Contact]:
    """Contacts whose number ends in these digits, or else begins with them."""
    # 0049…, 0151…: what is dialled before a number is no part of it.
    digits = (digits.lstrip("0") if digits.startswith("0") else digits)[:32]
    if len(digits) < FEWEST_DIGITS:
        # The zeros were all there was, or the number itself ends so.
        digits = digits.rjust(FEWEST_DIGITS, "0")
    found = _whose(
        work,
        (
            col(Identity.kind) == IdentityKind.PHONE,
            col(Identity.tail) == digits[-FEWEST_DIGITS:],
            col(Identity.value).like(f"%{digits}"),
        ),
        limit,
    )
    return found or _whose(work, _begins(work, IdentityKind.PHONE, f"+{digits}"), limit)


def with_address(work: Work, typed: str, limit: int) -> list[Contact]:
    """Contacts with an e-mail address or a @username of which that is a part."""
    typed = typed.strip().lower()[:_LONGEST]
    name, _, domain = typed.rpartition("@")
    if sum(letter.isalnum() for letter in typed) < FEWEST_LETTERS:
        return []
    found: list[Contact] = []
    if not name:
        found += _whose(work, _begins(work, IdentityKind.USERNAME, domain), limit)
    if domain and not name:
        found += _whose(work, _domain(work, domain), limit)
    found += _whose(work, _begins(work, IdentityKind.EMAIL, typed.lstrip("@")), limit)
    if not found and name and domain:
        found += _whose(work, _ends(domain, typed), limit)
    return list({contact.id: contact for contact in found}.values())[:limit]


def _domain(work: Work, begun: str) -> tuple[ColumnElement[bool], ...]:
    tail: Any = col(Identity.tail)
    of_kind = col(Identity.kind) == IdentityKind.EMAIL
    if work.dialect == "postgresql":
        return of_kind, tail.like(_escaped(begun) + "%", escape="\\")
    return of_kind, tail >= begun, tail < begun + _LAST


def _ends(domain: str, ending: str) -> tuple[ColumnElement[bool], ...]:
    is_there = col(Identity.tail) == domain[:64]
    return is_there, col(Identity.value).like("%" + _escaped(ending), escape="\\")


def _begins(work: Work, kind: IdentityKind, begun: str) -> tuple[ColumnElement[bool], ...]:
    value: Any = col(Identity.value)
    of_kind = col(Identity.kind) == kind
    # What each of them has an index for.
    if work.dialect == "postgresql":
        return of_kind, value.like(_escaped(begun) + "%", escape="\\")
    return of_kind, value >= begun, value < begun + _LAST


def _escaped(typed: str) -> str:
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _whose(work: Work, conditions: Iterable[Any], limit: int) -> list[Contact]:
    chosen = select(Identity.contact_id).where(*conditions).limit(limit)
    ids = [id for (id,) in work.rows(chosen)]
    if not ids:
        return []
    return work.all(
        select(Contact).where(col(Contact.id).in_(ids)).order_by(col(Contact.id).desc())
    )
