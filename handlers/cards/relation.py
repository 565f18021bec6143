"""How well we and a customer know each other, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.cards.rfm import Standing, standing_words
from handlers.message import Facts, Heading, Hint, Reply, Text, Words, plain
from handlers.texts import Voice
from storage.records import Contact, CustomerTotal, Direction


@dataclass(frozen=True)
class Answers:
    """How soon somebody answers: the median, and of how many answers."""

    median: timedelta
    count: int


@dataclass(frozen=True)
class Acquaintance:
    """A member, and how many words they have exchanged with the customer lately."""

    name: str
    words: int


@dataclass(frozen=True)
class Rhythm:
    """The usual pause, and the present one."""

    usual: timedelta
    silent: timedelta
    is_quiet: bool


@dataclass(frozen=True)
class Tier:
    """A loyalty tier ("" for none), by what, and what is missing for the next ("" when best)."""

    name: str
    by: str
    currency: str
    following: str
    missing: int


@dataclass(frozen=True)
class Relation:
    """Everything about how we and a customer know each other."""

    first: tuple[datetime, Direction] | None
    last: tuple[datetime, Direction] | None
    ours: Answers | None
    theirs: Answers | None
    a_month: float
    known_by: tuple[Acquaintance, ...]
    totals: tuple[CustomerTotal, ...]
    standing: Standing | None
    tier: Tier
    writing: Rhythm | None
    buying: Rhythm | None

    @property
    def may_leave(self) -> bool:
        """Whether they are silent for longer than is usual for them."""
        return any(each is not None and each.is_quiet for each in (self.writing, self.buying))


def relation_card(voice: Voice, contact: Contact, relation: Relation, now: datetime) -> Reply:
    """All of it as a card."""
    title = Heading(voice.say("relation.title", name=contact.name)[:150])
    facts = relation_facts(voice, relation, now)
    if not facts:
        return Reply((title, Text(voice.words("relation.nothing"))))
    # Slack shows ten facts to a section at the most.
    return Reply((title, Facts(tuple(facts[:10])), Hint(voice.words("relation.how"))))


def relation_facts(voice: Voice, relation: Relation, now: datetime) -> list[tuple[str, Words]]:
    """Labels with their explained values; what is not known is left out."""
    facts: list[tuple[str, Words]] = []
    for name, touch in (("first", relation.first), ("last", relation.last)):
        if touch is not None:
            by = voice.say("relation.they" if touch[1] is Direction.IN else "relation.we")
            said = voice.say("relation.touch", ago=voice.ago(touch[0], now), by=by)
            facts.append(_fact(voice, name, said))
    for name, found in (("our_answer", relation.ours), ("their_answer", relation.theirs)):
        if found is not None:
            said = voice.say("relation.median", length=found.median, count=found.count)
            facts.append(_fact(voice, name, said))
    if relation.last is not None:
        said = voice.say("relation.a_month", number=f"{relation.a_month:.0f}")
        facts.append(_fact(voice, "pace", said))
    if relation.known_by:
        people = (
            voice.say("relation.knows", name=x.name, words=x.words) for x in relation.known_by
        )
        facts.append(_fact(voice, "known_by", voice.listed(people)))
    facts += money_facts(voice, relation)
    silence = silence_words(voice, relation)
    return [*facts, _fact(voice, "silence", silence)] if silence else facts


def money_facts(voice: Voice, relation: Relation) -> list[tuple[str, Words]]:
    """What they spent, how they compare, and their tier; nothing of who has bought nothing."""
    if not relation.totals:
        return []
    facts = [
        _fact(
            voice,
            "value",
            voice.say(
                "relation.value_of",
                amount=voice.money(each.spent, each.currency),
                orders=each.orders,
                average=voice.money(each.spent // max(each.orders, 1), each.currency),
            ),
        )
        for each in relation.totals[:2]
    ]
    if relation.standing is not None:
        facts.append((voice.say("relation.rfm"), standing_words(voice, relation.standing)))
    return [*facts, _fact(voice, "tier", tier_words(voice, relation.tier))]


def tier_words(voice: Voice, tier: Tier) -> str:
    """ "silver · €320 more for gold"."""
    name = voice.say(f"relation.tier_{tier.name or 'none'}")
    if not tier.following:
        return name
    following = voice.say(f"relation.tier_{tier.following}")
    if tier.by == "orders":
        said = voice.say("relation.next_orders", count=tier.missing, tier=following)
    else:
        amount = voice.money(tier.missing, tier.currency)
        said = voice.say("relation.next_spent", amount=amount, tier=following)
    return f"{name} · {said}"


def silence_words(voice: Voice, relation: Relation) -> str:
    """That they are silent for longer than is usual for them; empty when they are not."""
    found = []
    for key, rhythm in (("quiet", relation.writing), ("not_buying", relation.buying)):
        if rhythm is not None and rhythm.is_quiet:
            found.append(voice.say(f"relation.{key}", length=rhythm.silent, usual=rhythm.usual))
    return f"⚠️ {'; '.join(found)}" if found else ""


def _fact(voice: Voice, name: str, said: str) -> tuple[str, Words]:
    return voice.say(f"relation.{name}"), plain(said)
