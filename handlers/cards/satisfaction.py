"""How content customers were, as the team sees it."""

from dataclasses import dataclass, field
from datetime import datetime

from handlers.cards.lines import shortened
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Chart,
    Facts,
    Heading,
    Part,
    Quote,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import Contact, Feedback, Survey, Ticket

FACES = ("😡", "😟", "😐", "🙂", "😍")


def face(score: int) -> str:
    """What a score of 1 to 5 looks like."""
    return FACES[max(1, min(score, 5)) - 1]


def rating_buttons(survey: Survey) -> Buttons:
    """Bad to good."""
    return Buttons(
        tuple(
            Button(f"{score} {face(score)}", "csat.rate", f"{survey.id}:{score}")
            for score in range(1, 6)
        )
    )


@dataclass(frozen=True)
class Given:
    """The scores of a span of time: how often each was given."""

    given: dict[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many scores."""
        return sum(self.given.values())


@dataclass(frozen=True)
class Scores(Given):
    """How content people were, from 1 to 5, and how many were asked."""

    asked: int = 0

    @property
    def average(self) -> float | None:
        """Their mean; None when there are none."""
        if not self.count:
            return None
        return sum(score * times for score, times in self.given.items()) / self.count


@dataclass(frozen=True)
class Opinions:
    """So many days beside the same number before them."""

    days: int
    now: Scores
    before: Scores
    # Whose requests were rated how: name, mean, how many.
    members: list[tuple[str, float, int]]
    comments: list[tuple[Feedback, Ticket, Contact]]


def score_words(voice: Voice, now: Scores, before: Scores) -> Words:
    """The mean and how many, beside those before: "4.5 😍 (12)  ▲ 0.3"."""
    if now.average is None:
        return plain("–")
    words = f"{now.average:.1f} {face(round(now.average))} "
    change = "" if before.average is None else _change(now.average - before.average)
    counted = voice.say("csat.count", count=now.count, before=before.count)
    return ((words, BOLD), (f"· {counted}{change}", ""))


def _change(difference: float) -> str:
    if abs(difference) < 0.05:
        return "  ＝"
    return f"  ▲ {difference:.1f}" if difference > 0 else f"  ▼ {-difference:.1f}"


def opinions_card(voice: Voice, opinions: Opinions, now: datetime) -> Reply:
    """Mean, spread, whose requests, and the newest words."""
    scores = opinions.now
    parts: list[Part] = [Heading(voice.say("csat.title", days=opinions.days))]
    if not scores.asked and not scores.count:
        return Reply((*parts, Text(voice.words("csat.nobody"))))
    facts = [
        (voice.say("csat.score"), score_words(voice, scores, opinions.before)),
        (voice.say("csat.asked"), plain(str(scores.asked))),
    ]
    facts += [
        (name, plain(f"{mean:.1f} {face(round(mean))} ({count})"))
        for name, mean, count in opinions.members[:8]
    ]
    parts.append(Facts(tuple(facts)))
    if scores.count:
        spread = tuple(float(scores.given.get(score, 0)) for score in range(1, 6))
        parts.append(Chart(voice.say("csat.spread"), FACES, ((voice.say("csat.answers"), spread),)))
    for feedback, ticket, contact in opinions.comments:
        head = f"{face(feedback.score or 3)} #{ticket.number} {contact.name}"
        ago = voice.ago(feedback.at, now)
        parts += [Text(((head, BOLD), (f" · {ago}", ""))), Quote(shortened(feedback.text, 300))]
    return Reply(tuple(parts))
