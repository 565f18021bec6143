"""What the clouds have seen beside what the tables say, row by row."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, func, select

from storage.engine import Store
from storage.records import (
    Contact,
    Direction,
    Identity,
    IdentityKind,
    InboxRow,
    InboxState,
    Interaction,
    OutboxRow,
    OutboxState,
    Recipient,
    RecipientState,
    Subject,
)
from storage.work import Work
from tests.kill.people import FIRST_RECIPIENT, OFFER, key_of

Ledger = dict[str, Any]
# In the key of an answer that let an older one go first.
LATE = ":late:"
OPEN = (OutboxState.QUEUED, OutboxState.SENDING)
OPEN_RECIPIENTS = (RecipientState.WAITING, RecipientState.QUEUED)


@dataclass
class Report:
    """The counts of one run; `wrong` says in words what must not be."""

    counts: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def must(self, name: str, found: list[Any]) -> None:
        """Count what must not be there."""
        self.counts[name] = len(found)
        if found:
            self.wrong.append(f"{name}: {found[:5]}")


def open_ends(work: Work) -> dict[str, int]:
    """What still waits for something."""
    inbox = select(func.count()).where(col(InboxRow.state) == InboxState.NEW)
    outbox = select(func.count()).where(col(OutboxRow.state).in_(OPEN))
    people = select(func.count()).where(col(Recipient.state).in_(OPEN_RECIPIENTS))
    return {
        "inbox": work.scalar(inbox),
        "outbox": work.scalar(outbox),
        "recipients": work.scalar(people),
    }


def audit(store: Store, said: dict[int, list[str]], telegram: Ledger, slack: Ledger) -> Report:
    """Everything that a run must have kept."""
    report = Report()
    store.read(lambda work: _incoming(work, report, said))
    store.read(lambda work: _campaign(work, report, telegram))
    store.read(lambda work: _answers(work, report, telegram))
    store.read(lambda work: _threads(work, report, slack))
    report.counts["avoidable_429"] = telegram["avoidable_429"]
    report.counts["slack_given_up"] = slack["deliveries"].get("events_api given up", 0)
    return report


def _incoming(work: Work, report: Report, said: dict[int, list[str]]) -> None:
    """Each text is one interaction, in the order in which its writer said it."""
    heard: dict[int, list[str]] = defaultdict(list)
    rows = work.rows(
        select(Identity.value, Interaction.text)
        .join(Identity, col(Identity.contact_id) == col(Interaction.contact_id))
        .where(
            col(Identity.kind) == IdentityKind.TELEGRAM,
            col(Interaction.direction) == Direction.IN,
        )
        .order_by(col(Interaction.id))
    )
    for value, text in rows:
        heard[int(value)].append(text)
    kept = Counter(text for texts in heard.values() for text in texts)
    wanted = [text for texts in said.values() for text in texts]
    report.counts["updates"] = len(wanted)
    report.must("updates_lost", [text for text in wanted if not kept[text]])
    report.must("updates_twice", [text for text, count in kept.items() if count > 1])
    report.must("chats_out_of_order", [id for id, texts in said.items() if heard[id] != texts])
    dead = select(InboxRow).where(col(InboxRow.state) != InboxState.DONE)
    report.must("inbox_not_done", [(row.id, row.state, row.error) for row in work.all(dead)])


def _campaign(work: Work, report: Report, telegram: Ledger) -> None:
    """Nobody has the offer twice; marked sent is delivered; all else that came is unsure."""
    arrived = Counter(
        each["chat_id"] for each in telegram["deliveries"] if each["text"].startswith(OFFER)
    )
    states: dict[int, str] = {}
    named: dict[int, str] = {}
    rows = work.rows(
        select(Identity.value, Recipient.state, Contact.name)
        .join(Identity, col(Identity.contact_id) == col(Recipient.contact_id))
        .join(Contact, col(Contact.id) == col(Recipient.contact_id))
        .where(col(Identity.kind) == IdentityKind.TELEGRAM)
    )
    for value, state, name in rows:
        states[int(value)], named[int(value)] = state, name
    unsure = [id for id, state in states.items() if state == RecipientState.UNSURE]
    sent = [id for id, state in states.items() if state == RecipientState.SENT]
    report.counts["recipients"] = len(states)
    report.counts["recipient_states"] = dict(Counter(str(state) for state in states.values()))
    report.counts["unsure"] = len(unsure)
    report.counts["unsure_arrived"] = sum(1 for id in unsure if arrived[id])
    report.must("campaign_twice", [id for id, count in arrived.items() if count > 1])
    report.must("sent_not_delivered", [id for id in sent if not arrived[id]])
    unlisted = [id for id in arrived if states.get(id) not in (RecipientState.SENT, "unsure")]
    report.must("delivered_not_marked", unlisted)
    report.must("unsure_without_name", [id for id in unsure if not named[id]])
    report.must("strangers", [id for id in arrived if id < FIRST_RECIPIENT])


def _answers(work: Work, report: Report, telegram: Ledger) -> None:
    """A line of staff reaches its customer once, in the order of the lines."""
    answers = [each for each in telegram["deliveries"] if str(each["text"]).startswith("answer ")]
    arrived = Counter(each["text"] for each in answers)
    order: dict[str, list[str]] = defaultdict(list)
    for each in answers:
        order[str(each["chat_id"])].append(each["text"])
    rows = list(
        work.rows(
            select(Interaction.text, OutboxRow.state, OutboxRow.chat, OutboxRow.idem_key)
            .join(OutboxRow, col(OutboxRow.subject_id) == col(Interaction.id))
            .where(
                col(OutboxRow.subject) == Subject.INTERACTION,
                col(OutboxRow.door) == "telegram",
                col(OutboxRow.verb) == "say",
                col(Interaction.direction) == Direction.OUT,
            )
            .order_by(col(OutboxRow.id))
        )
    )
    # What was put behind an older line stands there twice: as it was, cancelled, and again.
    again = {_key(key) for *_, key in rows if LATE in key}
    rows = [each for each in rows if each[1] != "cancelled" or _key(each[3]) not in again]
    created: dict[str, list[str]] = defaultdict(list)
    for text, _, chat, _ in rows:
        created[chat].append(text)
    wrong = [
        chat
        for chat, texts in order.items()
        if texts != [text for text in created[chat] if arrived[text]]
    ]
    report.counts["answers"] = len(rows)
    report.counts["answers_unsure"] = sum(1 for row in rows if row[1] == "unsure")
    report.must("answers_twice", [text for text, count in arrived.items() if count > 1])
    report.must("answers_lost", [t for t, s, *_ in rows if s == "sent" and not arrived[t]])
    report.must("answers_failed", [t for t, s, *_ in rows if s not in ("sent", "unsure")])
    report.must("answers_out_of_order", wrong)


def _key(key: str) -> str:
    return key.partition(LATE)[0]


def _threads(work: Work, report: Report, slack: Ledger) -> None:
    """What a customer said stands in its thread once, in order."""
    posted: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in slack["entries"]:
        if entry["method"] == "chat.postMessage" and key_of(entry):
            posted[key_of(entry)].append(entry)
    standing: dict[str | None, Counter[str]] = defaultdict(Counter)
    for entry in slack["entries"]:
        standing[entry["thread_ts"]].update((entry["text"] or "").splitlines())
    heard = select(Interaction).where(col(Interaction.direction) == Direction.IN)
    missing, twice, astray = [], [], []
    stood: dict[int, list[str]] = defaultdict(list)
    for said in work.all(heard.order_by(col(Interaction.id))):
        entries = posted.pop(f"interaction:{said.id}:thread", [])
        head = posted.get(f"ticket:{said.ticket_id}:card", [{"ts": None}])[0]["ts"]
        if not entries:
            # Written in a rush, it may stand in a post together with others.
            if said.text not in standing[head]:
                missing.append(said.text)
            continue
        if len(entries) > 1:
            twice.append(said.text)
        if entries[0]["thread_ts"] != head:
            astray.append(said.text)
        stood[said.ticket_id or 0].append(entries[0]["ts"])
    disorder = [id for id, stamps in stood.items() if stamps != sorted(stamps)]
    report.must("thread_missing", missing)
    report.must("thread_twice", twice)
    report.must("thread_astray", astray)
    report.must("threads_out_of_order", disorder)
    again = [key for key, entries in posted.items() if len(entries) > 1]
    report.must("slack_key_twice", again)
