"""What customers think of how they were served: scores, words, and what follows from them."""

from datetime import datetime, timedelta

from handlers.actions import consents, tickets
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import TELEGRAM, post_in_thread
from handlers.actions.policies import team_voice
from handlers.cards import Scores, face
from handlers.message import Reply, Text, plain
from handlers.texts import Voice
from storage.queries import conversation, members, self_service
from storage.records import (
    Contact,
    Direction,
    Feedback,
    FeedbackKind,
    FollowUp,
    FollowUpState,
    Interaction,
    Member,
    Role,
    Subject,
    Survey,
    Ticket,
)
from storage.work import Work

LOW = 2
# For so long somebody may think better of a score …
CHANGEABLE = timedelta(hours=24)
# … and for so long a question may be answered at all.
ANSWERABLE = timedelta(days=30)
# What they write so soon after a score are words about it.
COMMENTS = timedelta(minutes=10)
COMMENT = "comment"


@action(Permission.CUSTOMER)
def survey_asked(work: Work, contact: Contact, id: int) -> Survey | None:
    """The question of that number when it was put to this customer and may still be answered."""
    survey = work.get(Survey, id)
    if survey is None or survey.contact_id != contact.id:
        return None
    if survey.rated_at is not None:
        return survey if work.now - survey.rated_at < CHANGEABLE else None
    return survey if work.now - survey.asked_at < ANSWERABLE else None


@action(Permission.CUSTOMER)
def is_reply_to(work: Work, survey: Survey, chat: str, message: str) -> bool:
    """Whether a message answers the question itself."""
    post = conversation.post_at(work, TELEGRAM, chat, message) if message else None
    return post is not None and (post.subject, post.subject_id) == (Subject.SURVEY, survey.id)


@action(Permission.CUSTOMER)
def rate(work: Work, contact: Contact, survey: Survey, score: int) -> None:
    """Say how it was, or think better of it; the same score twice is once."""
    contact.asked = f"{COMMENT}|{survey.id}|{(work.now + COMMENTS).isoformat()}"
    before = survey.score
    if before == score:
        return
    ticket = work.sure(Ticket, survey.ticket_id)
    survey.score, survey.remind_at = score, None
    survey.rated_at = survey.rated_at or work.now
    feedback = _feedback(work, survey)
    feedback.score, ticket.csat = score, score
    tickets.refresh_card(work, ticket)
    key = "csat.rated" if before is None else "csat.changed"
    faces = {"face": face(score), "score": score}
    tickets.tell_thread(work, ticket, key, name=contact.name, **faces)
    if score <= LOW:
        _follow_up(work, survey, ticket, contact)
    else:
        _no_follow_up(work, survey)


def _feedback(work: Work, survey: Survey) -> Feedback:
    feedback = work.get(Feedback, survey.feedback_id)
    if feedback is None:
        feedback = work.add(
            Feedback(
                contact_id=survey.contact_id,
                ticket_id=survey.ticket_id,
                kind=FeedbackKind.CSAT,
                at=work.now,
            )
        )
        # It is pointed at by a row that may be written before it.
        work.flush()
        survey.feedback_id = feedback.id
    return feedback


def _follow_up(work: Work, survey: Survey, ticket: Ticket, contact: Contact) -> None:
    """Somebody was not content: who leads and who had it hear of it now, and have it to do."""
    made = [work.get(FollowUp, id) for id in survey.follow_ups]
    if any(each is not None and each.state is not FollowUpState.CANCELLED for each in made):
        for each in made:
            if each is not None:
                each.text = _about(each.owner_id, work, survey, ticket)
        return
    leads = members.with_role(work, Role.MANAGER) or members.with_role(work, Role.ADMIN)
    assignee = work.get(Member, ticket.assignee_id)
    whom = {each.id: each for each in (*leads, *([assignee] if assignee else ()))}
    new = [_to_do(work, each, survey, ticket, contact) for each in whom.values() if each.active]
    survey.follow_ups = [each.id for each in new]


def _to_do(
    work: Work, member: Member, survey: Survey, ticket: Ticket, contact: Contact
) -> FollowUp:
    return work.add(
        FollowUp(
            contact_id=contact.id,
            ticket_id=ticket.id,
            owner_id=member.id,
            text=_about(member.id, work, survey, ticket),
            wall=Voice(member.language, member.zone)
            .local(work.now)
            .replace(tzinfo=None)
            .isoformat(timespec="minutes"),
            zone=member.zone,
            due_at=work.now,
            created_at=work.now,
        )
    )


def _about(member_id: int, work: Work, survey: Survey, ticket: Ticket) -> str:
    member = work.sure(Member, member_id)
    text = work.sure(Feedback, survey.feedback_id or 0).text
    score = survey.score or 0
    return Voice(member.language).say(
        "csat.low",
        number=ticket.number,
        score=score,
        face=face(score),
        text=f": {text}" if text else "",
    )[:1024]


def _no_follow_up(work: Work, survey: Survey) -> None:
    """They thought better of it: nobody need call."""
    for id in survey.follow_ups:
        follow_up = work.get(FollowUp, id)
        if follow_up is not None and follow_up.state is not FollowUpState.DONE:
            follow_up.state, follow_up.done_at = FollowUpState.CANCELLED, work.now


@action(Permission.CUSTOMER)
def comment(work: Work, contact: Contact, survey: Survey, text: str, origin: str) -> None:
    """Add words to a score; the thread shows them, so that nothing that was asked is lost."""
    ticket = work.sure(Ticket, survey.ticket_id)
    said = work.add(
        Interaction(
            contact_id=contact.id,
            ticket_id=ticket.id,
            channel=TELEGRAM,
            direction=Direction.IN,
            text=text,
            origin=origin,
            at=work.now,
        )
    )
    feedback = _feedback(work, survey)
    feedback.text = f"{feedback.text}\n{text}".strip()
    feedback.interaction_id = said.id
    head = team_voice(work).words("csat.comment", face=face(survey.score or 0))
    post_in_thread(
        work,
        ticket.id,
        Reply((Text((*head, ("\n", ""), *plain(text))),)),
        key=f"interaction:{said.id}:thread",
        as_name=contact.name,
        interaction=said,
    )
    if survey.score is not None and survey.score <= LOW:
        _follow_up(work, survey, ticket, contact)


@action(Permission.CUSTOMER)
def ask_no_more(work: Work, contact: Contact, evidence: str) -> None:
    """No such questions any more."""
    consents.choose_surveys(work, contact, evidence, wanted=False)


# For the team


@action(Permission.READ)
def scores(work: Work, start: datetime, end: datetime) -> Scores:
    """What was given in that time [start, end)."""
    given = self_service.scores_between(work, start, end)
    return Scores(given, self_service.asked_between(work, start, end))


@action(Permission.READ)
def by_member(work: Work, start: datetime, end: datetime) -> list[tuple[str, float, int]]:
    """Whose requests were rated how: name, mean, how many."""
    found = self_service.scores_by_member(work, start, end)
    return [(work.sure(Member, id).name, mean, count) for id, mean, count in found]


@action(Permission.READ)
def comments(work: Work, start: datetime) -> list[tuple[Feedback, Ticket, Contact]]:
    """The newest words that came with scores."""
    return self_service.comments_since(work, start)
