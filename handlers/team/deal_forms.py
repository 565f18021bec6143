"""The forms of deals: a new one, its terms, why it was lost, a follow-up about it."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from handlers import amounts
from handlers.actions import deal_history, deals, handover, members, pipelines
from handlers.actions.deals import Terms
from handlers.actions.pipelines import Way
from handlers.actions.policies import day_first, voice_of
from handlers.amounts import Amount, of_units
from handlers.cards.deals import deal_card
from handlers.command import button, form
from handlers.message import Field, Form, Incoming, Line, Reply, Text
from handlers.team.dates import day_from_field, from_field, local_now
from handlers.team.filling import Filled, contact_field, wrong_beside
from handlers.texts import Voice
from handlers.when import When, find
from storage.errors import Refused
from storage.records import Contact, Deal, DealStage, Member
from storage.work import Work

_CLOSES = re.compile(
    r"(?<![A-Za-z])(?:expected to close|closes|closing|close|due)(?![A-Za-z])\s*[:：]?"
    r"|(?:预计|期望)?(?:成交|截止|结单)(?:日期?)?\s*[:：]?|预计",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\s*(?:之前|前)?(?:成交|截止|结单)")
# "close on the 30th": so many characters may stand before the date itself.
_NEAR = 8


@dataclass(frozen=True)
class Closing:
    """What a deal is about, and when it is to close: the moment, its words, the text around it."""

    title: str
    when: When | None = None
    said: str = ""
    # The whole text with `{}` for the moment.
    around: str = ""


def split_date(work: Work, text: str) -> Closing:
    """What a deal is about, and the day behind "close"; words that name no day stay where they are.

    The last such word counts: "close the gap, close 30 Nov".
    """
    for found in reversed(list(_CLOSES.finditer(text))):
        behind = text[found.end() :]
        when = find(behind, local_now(work), day_first(work))
        if when is None or len(behind[: when.start].strip()) > _NEAR:
            continue
        rest = _ENDS.sub("", behind[when.end :], count=1)
        title = f"{text[: found.start()].rstrip(' ,，;；')} {rest.strip(' ,，;；')}".strip()
        start, end = found.end() + when.start, found.end() + when.end
        plain = text.replace("{", "(").replace("}", ")")
        return Closing(title, when, text[start:end].strip(), f"{plain[:start]} {{}} {plain[end:]}")
    return Closing(text)


# The forms


def new_form(voice: Voice, ways: list[Way], name: str = "", amount: str = "") -> Form:
    """Everything about a new deal."""
    first = next(stage for way in ways for stage in way.stages)
    return Form(
        does="deal.new",
        title=voice.say("form.new_deal"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        fields=(
            contact_field(voice, name),
            *_fields(voice, ways, first.id, {"amount": amount}),
        ),
    )


def _fields(
    voice: Voice, ways: list[Way], stage_id: int, filled: dict[str, str] | None = None
) -> tuple[Field, ...]:
    known = filled or {}
    stages = tuple(
        (str(stage.id), f"{way.pipeline.name} / {stage.name}" if len(ways) > 1 else stage.name)
        for way in ways
        for stage in way.stages
    )
    lines = tuple(
        Field(
            name,
            voice.say(f"label.{label}"),
            value=known.get(name, ""),
            hint=voice.say(f"hint.{hint}"),
            optional=True,
        )
        for name, label, hint in (
            ("amount", "amount", "amount"),
            ("close", "close_on", "close"),
            ("chance", "chance", "chance"),
            ("next_step", "next_step", "next_step"),
            ("products", "products", "products"),
        )
    )
    return (
        Field("title", voice.say("label.deal_title"), value=known.get("title", "")),
        Field("stage", voice.say("label.stage"), value=str(stage_id), options=stages),
        *lines,
    )


def edit_form(voice: Voice, deal: Deal, ways: list[Way], team: list[Member]) -> Form:
    """All that is known of a deal, to be changed."""
    amount = ""
    if deal.amount is not None:
        amount = f"{of_units(deal.amount, deal.currency):f} {deal.currency}"
    filled = {
        "title": deal.title,
        "amount": amount,
        "close": deal.close_on.isoformat() if deal.close_on else "",
        "chance": "" if deal.probability is None else str(deal.probability),
        "next_step": deal.next_step or "",
        "products": ", ".join(deal.products),
    }
    fields = _fields(voice, ways, deal.stage_id, filled)
    if not deal.is_open:
        # Where it stood when it ended is history.
        fields = tuple(each for each in fields if each.name != "stage")
    people = tuple((str(each.id), each.name) for each in team)
    owner = Field("owner", voice.say("label.owner"), value=str(deal.owner_id), options=people)
    return Form(
        does="deal.edit",
        title=voice.say("form.edit_deal"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        fields=(*fields, owner),
        value=str(deal.id),
    )


def lost_form(voice: Voice, deal: Deal) -> Form:
    """Why it was lost."""
    return Form(
        does="deal.lost",
        title=voice.say("form.lost_deal"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        fields=(
            Field("reason", voice.say("label.reason"), hint=voice.say("hint.reason"), long=True),
        ),
        value=str(deal.id),
    )


# What was filled in


class _Filled(Filled):
    """The terms of a deal."""

    def terms(self) -> Terms:
        """All about the deal, as far as it could be read."""
        if not self.said.get("title"):
            self.wrong["title"] = self.voice.say("deal.no_title")
        return Terms(
            title=self.said.get("title", ""),
            amount=self._amount(),
            close_on=self._close(),
            stage=self._stage(),
            owner=self._owner(),
            probability=self._chance(),
            next_step=self.said.get("next_step", ""),
            products=tuple(re.split(r"[,，、;；]", self.said.get("products", ""))),
        )

    def _amount(self) -> Amount | None:
        text = self.said.get("amount", "")
        if not text:
            return None
        amount = amounts.whole(text)
        if amount is None or (amount.start, amount.end) != (0, len(text)):
            self.wrong["amount"] = self.voice.say("deal.no_amount", text=text[:40])
            return Amount(Decimal(0))
        return amount

    def _close(self) -> date | None:
        text = self.said.get("close", "")
        try:
            return day_from_field(self.work, text) if text else None
        except Refused as refused:
            self.note("close", refused)
            return None

    def _chance(self) -> int | None:
        text = self.said.get("chance", "")
        if not text:
            return None
        try:
            return pipelines.probable(text)
        except Refused:
            self.wrong["chance"] = self.voice.say("deal.no_percent")
            return None

    def _stage(self) -> DealStage | None:
        id = self.said.get("stage", "")
        try:
            return pipelines.stage_of_id(self.work, id) if id else None
        except Refused as refused:
            self.note("stage", refused)
            return None

    def _owner(self) -> Member | None:
        id = self.said.get("owner", "")
        return handover.member_of_id(self.work, id) if id else None


@form("deal.new")
def new_from_form(work: Work, incoming: Incoming) -> Reply:
    """A new deal is filled in; what is wrong is said beside its field."""
    filled = _Filled(work, incoming)
    terms, contact = filled.terms(), filled.contact()
    if filled.wrong or contact is None:
        return Reply(wrong=filled.wrong)
    made = deals.open_deal(work, contact, terms)
    voice = voice_of(work)
    words = Text(voice.words("deal.opened", number=made.number, name=contact.name))
    card = deal_card(voice, deal_history.pictured(work, made), work.now)
    return Reply((words, *card.parts))


@button("deal.edit")
def edit_pressed(work: Work, deal: Deal) -> Reply:
    """Ask for what is to be different."""
    team = members.team(work)
    return Reply(form=edit_form(voice_of(work), deal, pipelines.ways(work), team))


@form("deal.edit")
def edit_from_form(work: Work, incoming: Incoming, deal: Deal) -> Reply:
    """What is different is filled in."""
    filled = _Filled(work, incoming)
    terms = filled.terms()
    if filled.wrong:
        return Reply(wrong=filled.wrong)
    changed = deals.change(work, deal, terms)
    voice = voice_of(work)
    key = "deal.changed" if changed else "deal.unchanged"
    card = deal_card(voice, deal_history.pictured(work, deal), work.now)
    return Reply((Text(voice.words(key, number=deal.number)), *card.parts))


@button("deal.remind")
def remind_pressed(work: Work, deal: Deal) -> Reply:
    """Ask when to follow up."""
    voice = voice_of(work)
    about = voice.say("deal.follow_up", number=deal.number, title=deal.title)
    return Reply(
        form=Form(
            does="deal.remind",
            title=voice.say("form.remind"),
            submit=voice.say("button.save"),
            cancel=voice.say("button.cancel"),
            fields=(
                Field("when", voice.say("label.when"), hint=voice.say("hint.when")),
                Field("text", voice.say("label.what"), value=about, optional=True, long=True),
            ),
            value=str(deal.id),
        )
    )


@form("deal.remind")
def remind_from_form(work: Work, incoming: Incoming, deal: Deal) -> Reply:
    """It is said when."""
    voice = voice_of(work)
    about = voice.say("deal.follow_up", number=deal.number, title=deal.title)
    text = incoming.fields.get("text", "").strip() or about
    try:
        when = from_field(work, incoming.fields.get("when", ""))
        made = deals.follow_up(work, deal, when.wall, text, when.rule)
    except Refused as refused:
        return wrong_beside(work, "when", refused)
    contact = work.sure(Contact, deal.contact_id)
    words = voice.words(
        "follow_up.set_about", at=made.due_at, text=made.text, name=contact.name, zone=voice.zone
    )
    return Reply((Line(words),))
