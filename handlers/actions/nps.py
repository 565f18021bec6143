"""Asking customers how likely they would recommend us, and what follows from their answer."""

from datetime import datetime, timedelta

from handlers.actions import consents
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import say_to_customer, tell
from handlers.actions.policies import policy
from handlers.actions.preferences import good_moment
from handlers.cards.feedback import Nps, Opinion, nps_buttons
from handlers.message import Reply, Text
from handlers.texts import Voice
from storage.errors import Refused
from storage.queries import contacts, feedback, members
from storage.records import (
    Contact,
    Feedback,
    FeedbackKind,
    Identity,
    Member,
    NpsQuestion,
    Role,
    Urgency,
)
from storage.work import Work

# Nobody is asked more often than once a quarter …
EVERY = timedelta(days=91)
# … a question may be answered for so long, and thought better of for a day.
ANSWERABLE = timedelta(days=30)
CHANGEABLE = timedelta(hours=24)
# What they write so soon after a score are words about it.
COMMENTS = timedelta(minutes=10)
COMMENT = "nps"
DETRACTOR = 6
BEST = 10


@action(Permission.SERVE, audited=True)
def ask(work: Work, contact: Contact) -> NpsQuestion:
    """Ask a customer now. Raises Refused when they may not or cannot be asked."""
    identity = contacts.telegram_of(work, contact)
    why_not = _why_not(work, contact, identity)
    if identity is None or why_not is not None:
        raise Refused(why_not or "nps.unreachable", name=contact.name)
    return _ask(work, contact, identity)


def _why_not(work: Work, contact: Contact, identity: Identity | None) -> str | None:
    """The key of what keeps us from asking somebody at all; None when nothing does."""
    if identity is None or identity.blocked_at is not None or contact.blocked_at is not None:
        return "nps.unreachable"
    if consents.refuses_surveys(work, contact):
        return "nps.refused"
    if feedback.nps_asked_since(work, contact, work.now - EVERY):
        return "nps.asked_lately"
    return None


def _ask(work: Work, contact: Contact, identity: Identity) -> NpsQuestion:
    voice = Voice(contact.language)
    question = work.add(NpsQuestion(contact_id=contact.id, asked_at=work.now))
    reply = Reply((Text(voice.words("nps.question")), *nps_buttons(voice, question)))
    say_to_customer(work, identity, reply, key=f"nps:{question.id}")
    return question


@action(Permission.SYSTEM)
def ask_new_buyers(work: Work) -> int:
    """Ask those who bought first so many days ago, by day and once a quarter; how many."""
    days = int(policy(work, "nps_days"))
    if not days:
        return 0
    end = work.now - timedelta(days=days)
    asked = 0
    # Two days, so that a night, quiet hours or a day without us leave nobody out.
    for contact in feedback.first_buyers(work, end - timedelta(days=2), end):
        identity = contacts.telegram_of(work, contact)
        if identity is None or _why_not(work, contact, identity) is not None:
            continue
        if contact.erased_at is None and good_moment(work, contact) <= work.now:
            _ask(work, contact, identity)
            asked += 1
    return asked


# Answering


@action(Permission.CUSTOMER)
def question_asked(work: Work, contact: Contact, id: int) -> NpsQuestion | None:
    """The question of that number when it was put to this customer and may still be answered."""
    question = work.get(NpsQuestion, id)
    if question is None or question.contact_id != contact.id:
        return None
    if question.answered_at is not None:
        return question if work.now - question.answered_at < CHANGEABLE else None
    return question if work.now - question.asked_at < ANSWERABLE else None


@action(Permission.CUSTOMER)
def rate(work: Work, contact: Contact, question: NpsQuestion, score: int) -> None:
    """Say how likely, or think better of it; the same score twice is once."""
    contact.asked = f"{COMMENT}|{question.id}|{(work.now + COMMENTS).isoformat()}"
    if question.score == score:
        return
    question.score = score
    question.answered_at = question.answered_at or work.now
    _feedback(work, question).score = score
    if score <= DETRACTOR:
        _tell_owner(work, contact, "nps.low", f"nps:{question.id}:low:{score}", score=score)


def _feedback(work: Work, question: NpsQuestion) -> Feedback:
    known = work.get(Feedback, question.feedback_id)
    if known is None:
        known = work.add(
            Feedback(contact_id=question.contact_id, kind=FeedbackKind.NPS, at=work.now)
        )
        # It is pointed at by a row that may be written before it.
        work.flush()
        question.feedback_id = known.id
    return known


@action(Permission.CUSTOMER)
def comment(work: Work, contact: Contact, question: NpsQuestion, text: str, origin: str) -> None:
    """Add words to a score; whoever looks after them hears of it."""
    known = _feedback(work, question)
    known.text = f"{known.text}\n{text}".strip()
    score = question.score or 0
    _tell_owner(work, contact, "nps.words", f"nps:{origin}", score=score, text=text[:500])


def _tell_owner(work: Work, contact: Contact, key: str, idem: str, **values: object) -> None:
    owner = work.get(Member, contact.owner_id)
    whom = [owner] if owner is not None and owner.active else members.with_role(work, Role.MANAGER)
    for each in whom:
        reply = Voice(each.language, each.zone).reply(key, name=contact.name, **values)
        tell(work, each, reply, key=f"{idem}:{each.id}", urgency=Urgency.SERVICE)


# For the team


@action(Permission.READ)
def figures(work: Work, start: datetime, end: datetime) -> Nps:
    """How likely people would recommend us, of what was answered in that time [start, end)."""
    return Nps(feedback.nps_scores(work, start, end))


@action(Permission.READ)
def words(work: Work, start: datetime, end: datetime, limit: int = 5) -> list[Opinion]:
    """The newest words about us, from whichever question, review or suggestion."""
    found = feedback.words_since(work, start, end, limit)
    return [Opinion(each, contact) for each, contact in found]
