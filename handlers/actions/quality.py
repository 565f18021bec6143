"""How good the customers' records are: counted bit by bit, reported, and made better by asking."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.actions import fields, pictures
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import tell
from handlers.actions.policies import policy
from handlers.actions.soundness import Verdict, verdict
from handlers.cards.quality import Figures, ask_card
from handlers.texts import Voice
from storage.queries import contacts, quality
from storage.records import Contact, CustomField, GapAsk, Member, QualityPass, Urgency
from storage.work import Work

# So many contacts are looked at while others wait.
AT_A_TIME = 200
# Up to so many everything is counted when somebody asks.
FEW = 2_000
COUNT_EVERY = timedelta(hours=24)
ASK_EVERY = timedelta(days=6)
# Tuesday, from two to four.
ASKED_ON, ASKED_AT = 1, (14, 15)
# What somebody has just written down they will complete by themselves.
SETTLED = timedelta(days=1)
# Among so many of a member's customers, those heard last, something to ask is looked for.
LOOKED_AT = 60
# What an owner can know; nobody is asked for an owner or a way that they cannot fill in.
ASKABLE = ("phone", "email", "company", "birthday", "zone", "first_name", "name")


@action(Permission.READ)
def of(work: Work, contact: Contact) -> Verdict:
    """How complete and how plausible one record is."""
    identities = contacts.identities_of(work, contact)
    return verdict(contact, identities, fields.custom(work), work.now)


@action(Permission.READ)
def report(work: Work) -> Figures | None:
    """How all records stand: counted now when they are few, or else as they were counted last.

    None before the first count is done.
    """
    if quality.contact_count(work, FEW + 1) <= FEW:
        figures = _nothing()
        last: int | None = 0
        while last is not None:
            last = _count_some(work, figures, last, FEW)
        return _figures(figures, work.now, quality.alike_companies(work))
    done = quality.last_done(work)
    if done is None or done.finished_at is None:
        return None
    return _figures(done.figures, done.finished_at, quality.alike_companies(work))


@action(Permission.READ)
def scores(work: Work) -> tuple[int, int] | None:
    """How complete and how plausible all records are, for the digest; None for no customers yet."""
    found = report(work)
    return (found.complete, found.valid) if found is not None and found.contacts else None


def _nothing() -> dict[str, object]:
    return {"contacts": 0, "complete": 0, "valid": 0, "gaps": {}, "faults": {}, "worst": []}


def _figures(counted: dict[str, object], at: datetime, spellings: int) -> Figures:
    many = int(str(counted["contacts"]))
    gaps, faults = counted["gaps"], counted["faults"]
    assert isinstance(gaps, dict)
    assert isinstance(faults, dict)
    return Figures(
        contacts=many,
        complete=round(int(str(counted["complete"])) / many) if many else 100,
        valid=round(int(str(counted["valid"])) / many) if many else 100,
        gaps=tuple(Counter(gaps).most_common(6)),
        faults=tuple(Counter(faults).most_common(8)),
        spellings=spellings,
        at=at,
    )


def _count_some(work: Work, counted: dict[str, object], after: int, limit: int) -> int | None:
    """Add the next contacts to a count; the last one's id, None behind the last."""
    found = quality.next_contacts(work, after, limit)
    if not found:
        return None
    ways = quality.identities_of(work, [each.id for each in found])
    own = fields.custom(work)
    gaps: Counter[str] = Counter(counted["gaps"])  # type: ignore[call-overload]
    faults: Counter[str] = Counter(counted["faults"])  # type: ignore[call-overload]
    complete = valid = 0
    for contact in found:
        each = verdict(contact, ways.get(contact.id, []), own, work.now)
        complete, valid = complete + each.complete, valid + each.valid
        gaps.update(each.gaps)
        faults.update(name.partition(":")[0] for name in each.faults)
    counted["contacts"] = int(str(counted["contacts"])) + len(found)
    counted["complete"] = int(str(counted["complete"])) + complete
    counted["valid"] = int(str(counted["valid"])) + valid
    counted["gaps"], counted["faults"] = dict(gaps), dict(faults)
    return found[-1].id


@action(Permission.SYSTEM)
def count_more(work: Work) -> bool:
    """Go on with the day's count of all records; whether there is more to do at once."""
    going = quality.unfinished(work)
    if going is None:
        done = quality.last_done(work)
        if done is not None and done.started_at > work.now - COUNT_EVERY:
            return False
        if quality.contact_count(work, FEW + 1) <= FEW:
            return False
        going = work.add(QualityPass(started_at=work.now, figures=_nothing()))
    counted = dict(going.figures)
    last = _count_some(work, counted, going.at_id, AT_A_TIME)
    if last is None:
        going.finished_at = work.now
        quality.forget_before(work, going)
        return False
    going.at_id, going.figures = last, counted
    return True


# Asking owners, one thing at a time


@dataclass(frozen=True)
class Gap:
    """What could be asked of an owner."""

    contact: Contact
    field: str


@action(Permission.SYSTEM)
def ask_owners(work: Work) -> int:
    """Ask each owner who was not asked this week for the one thing that is worth most; how many."""
    if policy(work, "gap_questions") != "weekly":
        return 0
    asked = 0
    for member in quality.not_asked_since(work, work.now - ASK_EVERY):
        if not _is_their_hour(work, member):
            continue
        gap = _next_gap(work, member)
        if gap is not None:
            _ask(work, member, gap)
            asked += 1
    return asked


def _is_their_hour(work: Work, member: Member) -> bool:
    """Whether it is Tuesday after lunch where they are: a quiet hour of most weeks."""
    there = Voice(member.language, member.zone).local(work.now)
    is_hour = there.weekday() == ASKED_ON and there.hour in ASKED_AT
    return is_hour and not member.is_away(work.now)


def _next_gap(work: Work, member: Member) -> Gap | None:
    own = fields.custom(work)
    theirs = quality.heard_lately(work, member, work.now - SETTLED, LOOKED_AT)
    ways = quality.identities_of(work, [each.id for each in theirs])
    asked = quality.asked_about(work, [each.id for each in theirs])
    for contact in theirs:
        found = verdict(contact, ways.get(contact.id, []), own, work.now)
        for name in found.gaps:
            can = name in ASKABLE or name.startswith("custom.")
            if can and (contact.id, name) not in asked:
                return Gap(contact, name)
    return None


def _ask(work: Work, member: Member, gap: Gap) -> GapAsk:
    asked = work.add(
        GapAsk(member_id=member.id, contact_id=gap.contact.id, field=gap.field, asked_at=work.now)
    )
    voice = Voice(member.language, member.zone)
    label = pictures.gap_words(work, voice, gap.field)
    card = ask_card(voice, asked, gap.contact, label)
    tell(work, member, card, key=f"gap:{asked.id}", urgency=Urgency.REMINDER)
    return asked


@action(Permission.SERVE)
def hush(work: Work, asked: GapAsk) -> None:
    """Do not ask that again. Pressing twice is once."""
    if asked.hushed_at is None:
        asked.hushed_at = work.now


@action(Permission.SERVE)
def answered(work: Work, asked: GapAsk) -> None:
    """What was asked has been filled in."""
    if asked.answered_at is None:
        asked.answered_at = work.now


@action(Permission.READ)
def field_asked(work: Work, asked: GapAsk) -> str | CustomField:
    """The field that an answer goes into."""
    for each in fields.custom(work):
        if asked.field == f"custom.{each.key}":
            return each
    return asked.field
