"""Asking customers how content they were: when, whom, and the one reminder."""

from datetime import timedelta

from handlers.actions import consents
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import TELEGRAM, is_personal, rewrite, say_to_customer
from handlers.actions.policies import policy
from handlers.actions.preferences import good_moment
from handlers.cards import rating_buttons
from handlers.message import Button, Buttons, Part, Reply, Text
from handlers.texts import Voice
from storage.columns import new_id
from storage.queries import contacts, conversation, self_service
from storage.records import Contact, Identity, Subject, Survey, Ticket
from storage.work import Work

# What is filed so was no request, and has nobody to be content.
NO_REQUEST = frozenset({"spam", "垃圾", "垃圾信息"})
# So long after the question a reminder would only puzzle.
STALE_AFTER = timedelta(days=14)


def say_resolved(work: Work, ticket: Ticket, contact: Contact, identity: Identity) -> None:
    """Tell a customer that their request is resolved, and ask how it was when that is due."""
    if is_personal(identity.value) and policy(work, "personal_notices") == "off":
        return
    voice = Voice(contact.language)
    parts: list[Part] = [Text(voice.words("customer.resolved", number=ticket.number))]
    # Without buttons nobody could answer it.
    survey = None if is_personal(identity.value) else _ask(work, ticket, contact)
    if survey is not None:
        parts += [Text(voice.words("csat.question")), rating_buttons(survey)]
    key = f"ticket:{ticket.id}:resolved:{ticket.version}:{new_id()}"
    row = say_to_customer(work, identity, Reply(tuple(parts)), key=key)
    if survey is not None:
        # So that its place is known: an old question is taken back when a new one is asked.
        row.subject, row.subject_id = Subject.SURVEY, survey.id


def _ask(work: Work, ticket: Ticket, contact: Contact) -> Survey | None:
    """The question, when this customer may be asked about this request now."""
    if policy(work, "csat") == "off" or (ticket.category or "").casefold() in NO_REQUEST:
        return None
    if contact.blocked_at is not None or consents.refuses_surveys(work, contact):
        return None
    pause = timedelta(days=int(policy(work, "csat_every_days")))
    if pause and self_service.asked_since(work, contact, work.now - pause):
        return None
    survey = self_service.survey_of(work, ticket)
    if survey is None:
        survey = work.add(Survey(contact_id=contact.id, ticket_id=ticket.id, asked_at=work.now))
    survey.asked_at, survey.reminded_at = work.now, None
    survey.score = survey.rated_at = survey.feedback_id = None
    hours = int(policy(work, "csat_reminder_hours"))
    survey.remind_at = work.now + timedelta(hours=hours) if hours else None
    return survey


# The reminder


@action(Permission.SYSTEM)
def to_remind(work: Work) -> list[Survey]:
    """Questions whose reminder is due."""
    return self_service.surveys_to_remind(work)


@action(Permission.SYSTEM)
def remind(work: Work, survey: Survey) -> bool:
    """Ask once more, by day and outside their quiet hours; whether that was done now."""
    ticket, contact = work.get(Ticket, survey.ticket_id), work.get(Contact, survey.contact_id)
    identity = contacts.telegram_of(work, contact) if contact is not None else None
    if ticket is None or contact is None or identity is None or not _worth_it(work, survey, ticket):
        survey.remind_at = None
        return False
    if identity.blocked_at is not None or consents.refuses_surveys(work, contact):
        survey.remind_at = None
        return False
    moment = good_moment(work, contact)
    if moment > work.now:
        survey.remind_at = moment
        return False
    survey.remind_at, survey.reminded_at = None, work.now
    asked_at = conversation.post_of(work, TELEGRAM, Subject.SURVEY, survey.id)
    if asked_at is not None:
        # One row of faces is enough.
        rewrite(work, identity, asked_at.message, None)
    voice = Voice(contact.language)
    never = Buttons((Button(voice.say("csat.never"), "csat.never", str(survey.id)),))
    words = Text(voice.words("csat.reminder", number=ticket.number))
    row = say_to_customer(
        work,
        identity,
        Reply((words, rating_buttons(survey), never)),
        key=f"survey:{survey.id}:{survey.asked_at:%Y%m%d%H%M%S}:reminder",
    )
    row.subject, row.subject_id = Subject.SURVEY, survey.id
    return True


def _worth_it(work: Work, survey: Survey, ticket: Ticket) -> bool:
    """Whether the question is still open: not answered, the request not alive again, not old."""
    fresh = work.now - survey.asked_at < STALE_AFTER
    wanted = policy(work, "csat") == "on" and ticket.merged_into_id is None
    return survey.rated_at is None and not ticket.is_open and fresh and wanted
