"""What customers agree to: stop means stop, at once, and service goes on."""

import unicodedata

from handlers.actions.access import Permission, action
from handlers.actions.outgoing import TELEGRAM
from storage.queries import contacts, outbox
from storage.records import (
    Consent,
    Contact,
    Identity,
    OutboxState,
    Purpose,
    Recipient,
    RecipientState,
    Subject,
    Urgency,
)
from storage.work import Work

# The whole message must be one of these: "stop sending me the wrong size" is a complaint.
STOP_WORDS = frozenset(
    "stop unsubscribe stopall cancel optout opt-out 退订 取消订阅 拒收 td стоп отписаться".split()
)

# Whatever stands around them: a longer message says something else, too.
LONGEST_STOP = 64


def says_stop(text: str) -> bool:
    """Whether a message is nothing but one of the usual words to end marketing."""
    if len(text) > LONGEST_STOP:
        return False
    bare = unicodedata.normalize("NFKC", text).strip().strip(".!。！\"'“”‘’").casefold()
    return bare.lstrip("/") in STOP_WORDS


@action(Permission.CUSTOMER, audited=True)
def stop_marketing(work: Work, contact: Contact, evidence: str, topic: str = "") -> Consent:
    """No campaigns any more; what waits for this person is taken back."""
    consent = _say(work, contact, granted=False, evidence=evidence, topic=topic)
    identity = contacts.telegram_of(work, contact)
    # Of one topic only: the claim looks what a campaign is about.
    if identity is not None and not topic:
        take_back_campaigns(work, identity, "stop")
    return consent


@action(Permission.CUSTOMER, audited=True)
def allow_marketing(work: Work, contact: Contact, evidence: str, topic: str = "") -> Consent:
    """Campaigns are welcome again."""
    return _say(work, contact, granted=True, evidence=evidence, topic=topic)


def _say(
    work: Work,
    contact: Contact,
    *,
    granted: bool,
    evidence: str,
    topic: str,
    purpose: Purpose = Purpose.MARKETING,
) -> Consent:
    consent = contacts.consent_of(work, contact, purpose, topic)
    if consent is None:
        consent = work.add(
            Consent(
                contact_id=contact.id,
                purpose=purpose,
                topic=topic,
                granted=granted,
                channel=TELEGRAM,
                at=work.now,
            )
        )
    consent.granted, consent.at, consent.evidence = granted, work.now, evidence[:512]
    return consent


# Questions how content somebody was are service, and may be refused by themselves.
SURVEYS = "surveys"


@action(Permission.CUSTOMER, audited=True)
def choose_surveys(work: Work, contact: Contact, evidence: str, *, wanted: bool) -> Consent:
    """Be asked for opinions, or not any more."""
    return _say(
        work,
        contact,
        granted=wanted,
        evidence=evidence,
        topic=SURVEYS,
        purpose=Purpose.SERVICE,
    )


def refuses_surveys(work: Work, contact: Contact) -> bool:
    """Whether somebody does not want to be asked for opinions."""
    consent = contacts.consent_of(work, contact, Purpose.SERVICE, SURVEYS)
    return consent is not None and not consent.granted


@action(Permission.CUSTOMER)
def has_stopped(work: Work, contact: Contact) -> bool:
    """Whether somebody wants no news at all."""
    consent = contacts.consent_of(work, contact, Purpose.MARKETING, "")
    return consent is not None and not consent.granted


def take_back_campaigns(work: Work, identity: Identity, why: str) -> None:
    """Cancel the campaign messages that wait for somebody."""
    for row in outbox.queued_for(work, TELEGRAM, identity.value):
        if row.urgency != Urgency.CAMPAIGN:
            continue
        row.state, row.settled_at, row.error = OutboxState.CANCELLED, work.now, why
        if row.subject == Subject.RECIPIENT:
            recipient = work.sure(Recipient, row.subject_id or 0)
            recipient.state, recipient.reason = RecipientState.STOPPED, why
            recipient.settled_at = work.now


@action(Permission.SYSTEM)
def note_block(work: Work, identity: Identity) -> None:
    """The customer has blocked us: nothing that waits for them can go."""
    if identity.blocked_at is None:
        identity.blocked_at = work.now
    take_back_campaigns(work, identity, "blocked")


@action(Permission.SYSTEM)
def note_unblock(work: Work, identity: Identity) -> None:
    """The customer can be reached again."""
    identity.blocked_at = None
