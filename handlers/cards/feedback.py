"""How opinions look: the question with its buttons, and the team's figures."""

from dataclasses import dataclass
from datetime import datetime

from handlers.cards.lines import shortened
from handlers.cards.satisfaction import Given, Scores, face, score_words
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Facts,
    Heading,
    Hint,
    Part,
    Quote,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import Contact, Feedback, FeedbackKind, NpsQuestion

PROMOTER, DETRACTOR = 9, 6
# On fewer answers the figure says little.
ENOUGH = 10


@dataclass(frozen=True)
class Nps(Given):
    """How likely people would recommend us, from 0 to 10."""

    @property
    def score(self) -> int | None:
        """Percent of 9 and 10 less percent of 0 to 6; None without an answer."""
        if not self.count:
            return None
        promoters = sum(n for score, n in self.given.items() if score >= PROMOTER)
        detractors = sum(n for score, n in self.given.items() if score <= DETRACTOR)
        return round(100 * (promoters - detractors) / self.count)


@dataclass(frozen=True)
class Opinion:
    """Words about us, and whose."""

    feedback: Feedback
    contact: Contact


@dataclass(frozen=True)
class Voices:
    """What customers think, in so many days beside those before them."""

    days: int
    nps: Nps
    nps_before: Nps
    csat: Scores
    csat_before: Scores
    opinions: list[Opinion]


def nps_buttons(voice: Voice, question: NpsQuestion) -> tuple[Part, ...]:
    """0 to 10 in two rows, and a way out."""
    rows = [range(6), range(6, 11)]
    never = Button(voice.say("csat.never"), "csat.never", str(question.id))
    return (
        *(
            Buttons(tuple(Button(str(n), "nps.rate", f"{question.id}:{n}") for n in row))
            for row in rows
        ),
        Buttons((never,)),
    )


def nps_words(voice: Voice, now: Nps, before: Nps | None = None) -> Words:
    """ "+42 (31 answers)  ▲ 5"."""
    if now.score is None:
        return plain("–")
    change = ""
    if before is not None and before.score is not None and before.score != now.score:
        difference = now.score - before.score
        change = f"  ▲ {difference}" if difference > 0 else f"  ▼ {-difference}"
    counted = voice.say("nps.count", count=now.count)
    return ((f"{now.score:+d}", BOLD), (f" · {counted}{change}", ""))


def voices_card(voice: Voice, found: Voices, now: datetime) -> Reply:
    """How likely people would recommend us, how content they were, and their newest words."""
    parts: list[Part] = [
        Heading(voice.say("feedback.title", days=found.days)),
        Facts(
            (
                ("NPS", nps_words(voice, found.nps, found.nps_before)),
                ("CSAT", score_words(voice, found.csat, found.csat_before)),
            )
        ),
    ]
    if found.nps.count and found.nps.count < ENOUGH:
        parts.append(Hint(voice.words("feedback.few", count=found.nps.count)))
    parts += opinion_parts(voice, found.opinions, now)
    if not found.opinions:
        parts.append(Text(voice.words("feedback.no_words")))
    return Reply(tuple(parts))


def opinion_parts(voice: Voice, opinions: list[Opinion], now: datetime) -> list[Part]:
    """Who said what, and when."""
    parts: list[Part] = []
    for each in opinions:
        kind = voice.say(f"feedback.kind_{each.feedback.kind}")
        head = f"{_mark(each.feedback)} {each.contact.name}"
        tail = f" · {kind} · {voice.ago(each.feedback.at, now)}"
        parts += [Text(((head, BOLD), (tail, ""))), Quote(shortened(each.feedback.text, 300))]
    return parts


def _mark(feedback: Feedback) -> str:
    if feedback.score is None:
        return "💡"
    if feedback.kind is FeedbackKind.NPS:
        return f"{feedback.score}/10"
    return face(feedback.score)
