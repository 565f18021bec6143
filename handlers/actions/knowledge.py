"""What canned replies, macros and articles have in common: names, languages, earlier versions."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from handlers.texts import LANGUAGES
from storage.errors import Refused
from storage.records import Article, CannedReply, KnowledgeKind, KnowledgeVersion, Macro
from storage.work import Work

Named = TypeVar("Named", CannedReply, Macro)

LONGEST_TEXT = 3000

_NAME = re.compile(r"[^\W\d_][\w-]{0,47}")


def name_from(typed: str) -> str:
    """A name as it is kept. Raises Refused for what cannot be typed in one word."""
    name = typed.strip().casefold().lstrip("#")
    if not _NAME.fullmatch(name):
        raise Refused("knowledge.name", name=typed[:48])
    return name


def with_name(known: Sequence[Named], typed: str, kind: str) -> Named:
    """The one of that name. Raises Refused with those that there are."""
    name = typed.strip().casefold()
    for each in known:
        if each.name == name:
            return each
    names = ", ".join(each.name for each in known)
    raise Refused(f"{kind}.unknown" if names else f"{kind}.none", name=typed[:48], names=names)


def in_language(by_language: dict[str, Any], language: str) -> tuple[str, Any] | None:
    """What there is in a language, or else in another one, and in which; None without any."""
    for each in (language, *LANGUAGES):
        if by_language.get(each):
            return each, by_language[each]
    return None


def keep_version(work: Work, record: CannedReply | Macro | Article) -> None:
    """Keep what a record says until now."""
    was: dict[str, Any]
    match record:
        case CannedReply():
            kind, name, was = KnowledgeKind.CANNED, record.name, dict(record.texts)
        case Macro():
            kind, name, was = KnowledgeKind.MACRO, record.name, {"steps": record.steps}
        case Article():
            kind, name, was = KnowledgeKind.ARTICLE, str(record.number), dict(record.pages)
    work.add(
        KnowledgeVersion(
            kind=kind,
            of_id=record.id,
            name=name,
            was=was,
            until=work.now,
            changed_by=work.actor.member.id if work.actor.member else None,
        )
    )


def note_change(work: Work, record: CannedReply | Macro | Article) -> None:
    """Note who changed a record, and when."""
    record.changed_at = work.now
    record.changed_by = work.actor.member.id if work.actor.member else None
