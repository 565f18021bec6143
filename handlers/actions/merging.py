"""Two contacts become one, and two again: everything follows, and nothing is lost."""

from dataclasses import dataclass, field
from typing import Any

from handlers.actions import doubles, totals
from handlers.actions.access import Permission, action
from handlers.cards.doubles import Side
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import contacts, merging, tallies
from storage.queries import doubles as pairs
from storage.queries.merging import Row
from storage.records import Contact, DoubleState, Member, Merge, Stage, StepKind
from storage.work import Work, table_of

# What is chosen together: a first name goes with its name.
CHOSEN = {
    "name": ("name", "first_name"),
    "company": ("company", "company_id"),
    "birthday": ("birthday",),
    "gender": ("gender",),
    "language": ("language", "language_chosen"),
    "zone": ("zone",),
    "stage": ("stage",),
    "source": ("source",),
    "owner": ("owner_id",),
}
_STAGES = (Stage.FORMER, Stage.LEAD, Stage.CUSTOMER)
LONGEST_EVIDENCE = 512


@dataclass(frozen=True)
class Choice:
    """Which fields the survivor takes from the other one, by their names in `CHOSEN`.

    "custom.plan" is a field of the team's own. What is not named stays the survivor's, unless the
    survivor has nothing there.
    """

    taken: frozenset[str] = field(default_factory=frozenset)


# Doing


@action(Permission.CAMPAIGN, audited=True)
def merge(work: Work, survivor: Contact, gone: Contact, choice: Choice | None = None) -> Merge:
    """Make two contacts one: whatever belongs to `gone` belongs to `survivor` from now on.

    Raises Refused("merging.same") and Refused("merging.erased").
    """
    if survivor.id == gone.id:
        raise Refused("merging.same")
    if survivor.erased_at is not None or gone.erased_at is not None:
        raise Refused("merging.erased")
    made = work.add(
        Merge(
            survivor_id=survivor.id,
            gone_id=gone.id,
            member_id=work.actor.member.id if work.actor.member else None,
            at=work.now,
            until_id=new_id(),
        )
    )
    work.reread()
    steps = merging.Steps(work, made)
    table = table_of(Contact)
    own, other = _row(work, survivor.id), _row(work, gone.id)
    merging.note_derived(work, steps, (survivor.id, gone.id))
    with tallies.recounted(work, (survivor.id, gone.id)):
        merging.move_all(work, steps, gone.id, survivor.id, _JOINING)
    totals.recount_many(work, (survivor.id, gone.id))
    merging.change_row(work, steps, table, own, together(own, other, choice or Choice()))
    merging.remove_rows(work, steps, table, [other])
    work.reread()
    doubles.settled_as(work.as_system(), survivor.id, gone.id, DoubleState.MERGED)
    return made


def _row(work: Work, id: int) -> Row:
    row = merging.row_by_id(work, table_of(Contact), id)
    if row is None:
        raise Refused("button.gone")
    return row


def together(own: Row, other: Row, choice: Choice) -> Row:
    """What the survivor's own columns hold afterwards."""
    held: Row = {}
    for name, columns in CHOSEN.items():
        if name in choice.taken or (own[columns[0]] is None and other[columns[0]] is not None):
            held |= {column: other[column] for column in columns}
    if "stage" not in choice.taken:
        held["stage"] = max(own["stage"], other["stage"], key=_STAGES.index)
    held["custom"] = _customs(own["custom"] or {}, other["custom"] or {}, choice)
    return held | _activity(own, other)


def _customs(own: dict[str, Any], other: dict[str, Any], choice: Choice) -> dict[str, Any]:
    taken = {
        key: value
        for key, value in other.items()
        if key not in own or f"custom.{key}" in choice.taken
    }
    return own | taken


def _activity(own: Row, other: Row) -> Row:
    """What nobody chooses: what has happened with either has happened with the one."""
    heard = [each for each in (own, other) if each["last_heard_at"] is not None]
    last = max(heard, key=lambda each: each["last_heard_at"]) if heard else own
    held: Row = {
        "created_at": min(own["created_at"], other["created_at"]),
        "last_heard_at": last["last_heard_at"],
        "ticket_id": last["ticket_id"] or own["ticket_id"] or other["ticket_id"],
        "told_back_at": last["told_back_at"],
        "asked": last["asked"],
        "rush": max(own["rush"], other["rush"]),
    }
    blocked = [each["blocked_at"] for each in (own, other) if each["blocked_at"] is not None]
    held["blocked_at"] = min(blocked, default=None)
    # Whoever can be reached in one chat can be reached.
    reachable = [each for each in heard if each["unreachable_at"] is None]
    held["unreachable_at"] = None if reachable else last["unreachable_at"]
    return held


def _stricter(own: Row, other: Row) -> Row:
    """Of two words for one purpose a no wins, else the newer one; both are kept as evidence."""
    if own["granted"] != other["granted"]:
        first = own if not own["granted"] else other
    else:
        first = max((own, other), key=lambda each: each["at"])
    second = other if first is own else own
    said = f"{second['at']:%Y-%m-%d} {second['channel']}: {second['evidence']}".strip()
    answer = "+" if second["granted"] else "-"
    evidence = f"{first['evidence']} | {answer} {said}"[:LONGEST_EVIDENCE]
    return {name: first[name] for name in ("granted", "channel", "at")} | {"evidence": evidence}


def _quieter(own: Row, other: Row) -> Row:
    """Whoever wants quiet in one of two chats gets it."""
    hours = own if own["quiet_from"] is not None else other
    untils = [each["quiet_until"] for each in (own, other) if each["quiet_until"] is not None]
    asked = [each["phone_asked_at"] for each in (own, other) if each["phone_asked_at"] is not None]
    return {
        "quiet_from": hours["quiet_from"],
        "quiet_to": hours["quiet_to"],
        "quiet_until": max(untils, default=None),
        "phone_asked_at": max(asked, default=None),
    }


def _further(own: Row, other: Row) -> Row:
    """Who got a campaign's message in one of two chats does not get it again in the other."""
    if own["settled_at"] is not None or other["state"] in ("waiting", "held"):
        return {}
    names = [name for name in own if name not in ("id", "version", "campaign_id", "contact_id")]
    return {name: other[name] for name in names}


_JOINING: dict[str, merging.Joining] = {
    "consents": _stricter,
    "preferences": _quieter,
    "recipients": _further,
}


# Undoing


@dataclass(frozen=True)
class Undone:
    """A merge that was taken back: the two again, and whether something has happened since."""

    survivor: Contact
    back: Contact
    since: bool


@action(Permission.CAMPAIGN, audited=True)
def undo(work: Work, made: Merge) -> Undone:
    """Make two contacts of one again. What has happened since stays with the survivor.

    Raises Refused("merging.undone_already"), Refused("merging.undo_later_first") when what came of
    it was merged again, Refused("merging.forgotten") when its traces were erased.
    """
    if made.undone_at is not None:
        raise Refused("merging.undone_already")
    _must_be_the_last(work, made)
    steps = pairs.steps_of(work, made)
    if not any(step.kind is StepKind.REMOVED and step.table_name == "contacts" for step in steps):
        raise Refused("merging.forgotten")
    work.reread()
    with tallies.recounted(work, (made.survivor_id, made.gone_id)):
        merging.put_back(work, made, steps)
    work.reread()
    totals.recount_many(work, (made.survivor_id, made.gone_id))
    work.flush()
    merging.derived_back(work, steps)
    work.reread()
    made = work.sure(Merge, made.id)
    made.undone_at = work.now
    made.undone_by = work.actor.member.id if work.actor.member else None
    doubles.settled_as(work.as_system(), made.survivor_id, made.gone_id, DoubleState.UNDONE)
    return Undone(
        work.sure(Contact, made.survivor_id),
        work.sure(Contact, made.gone_id),
        pairs.has_happened(work, made),
    )


def _must_be_the_last(work: Work, made: Merge) -> None:
    went = pairs.merge_into(work, made.survivor_id)
    later = next(iter(pairs.merges_of(work, made.survivor_id)), made)
    blocking = went or (later if later.id != made.id else None)
    if blocking is not None:
        raise Refused("merging.undo_later_first", name=name_before(work, blocking))
    if work.get(Contact, made.survivor_id) is None:
        raise Refused("merging.forgotten")


def name_before(work: Work, made: Merge) -> str:
    """What the contact that went was called."""
    for step in pairs.steps_of(work, made):
        if step.kind is StepKind.REMOVED and step.table_name == "contacts":
            return str(merging.unpacked(step.rows[0]["name"]))
    return "–"


def names_before(work: Work, contact: Contact) -> set[str]:
    """What those were called who were made one with a contact."""
    return {name_before(work, made) for made in pairs.merges_of(work, contact.id)}


@action(Permission.READ)
def survivor_of(work: Work, id: int) -> Contact | None:
    """Whom the id of a contact leads to now; None when there never was one."""
    for _ in range(100):
        contact = work.get(Contact, id)
        if contact is not None:
            return contact
        made = pairs.merge_into(work, id)
        if made is None:
            return None
        id = made.survivor_id
    return None


@action(Permission.READ)
def last_of(work: Work, contact: Contact | None = None) -> Merge | None:
    """The merge that an undo would take back: the newest into that contact, or of the member."""
    if contact is not None:
        return next(iter(pairs.merges_of(work, contact.id)), None)
    member = work.actor.member
    return pairs.last_merge(work, member.id) if member is not None else None


# Shown


@action(Permission.READ)
def side_of(work: Work, contact: Contact) -> Side:
    """A contact as it is shown beside another one."""
    return Side(
        contact=contact,
        identities=contacts.identities_of(work, contact),
        tags=[each.tag for each in contacts.tags_of(work, contact)],
        owner=work.get(Member, contact.owner_id),
        counts=pairs.counts_of(work, contact.id),
    )
