"""Commands and buttons about messages to many."""

from handlers import cards
from handlers.actions import audiences, campaign_answers, campaigns
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.cards.campaigns import people
from handlers.command import button, command, form
from handlers.grammar import numbers_in
from handlers.message import BOLD, Button, Field, Form, Incoming, Line, Part, Reply, Text
from handlers.team.agreeing import typing, with_number
from handlers.team.campaign_forms import composing, split_audience
from handlers.team.filling import wrong_beside
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Campaign, RecipientState
from storage.work import Work


@command("campaign <whom> <text>", also=("broadcast", "群发"), needs=Permission.CAMPAIGN)
def campaign(work: Work, text: str | None, incoming: Incoming) -> Reply:
    """Prepare a message to a tag, filter or segment; alone it opens a form, a number shows one."""
    if not text and incoming.trigger:
        return Reply(form=composing(work))
    numbers = numbers_in(text or "")
    if len(numbers) == 1:
        return show_pressed(work, campaigns.numbered(work, numbers[0]))
    whom, words = split_audience(text or "")
    drafted = campaigns.draft(work, whom, words, incoming.chat)
    return voice_of(work).reply("campaign.drafted", number=drafted.number)


@command("campaigns", also=("群发列表",))
def recent(work: Work) -> Reply:
    """The newest campaigns with their numbers."""
    voice = voice_of(work)
    parts: list[Part] = []
    for each in campaigns.recent(work):
        state = voice.say(f"campaign_state.{each.state}")
        text = cards.shortened(each.texts[""], 80)
        words = ((f"#{each.number} ", BOLD), (f"{text}\n{state}", ""))
        parts.append(Line(words, Button(voice.say("button.open"), "campaign.show", str(each.id))))
    return Reply(tuple(parts)) if parts else voice.reply("campaigns.none")


@button("campaign.show")
def show_pressed(work: Work, campaign: Campaign) -> Reply:
    """A campaign's card as it stands."""
    return Reply(campaigns.card(work, campaign, voice_of(work)).parts)


# Starting and stopping


@button("campaign.start")
def start_pressed(work: Work, campaign: Campaign) -> Reply | None:
    """It goes out, once the number of people was typed where there are many."""
    many = campaigns.must_type(work, campaign)
    if many is not None:
        return Reply(form=typing("campaign.start", voice_of(work), campaign.id, many))
    _start(work, campaign, None)
    return None


@form("campaign.start")
def start_typed(work: Work, incoming: Incoming, campaign: Campaign) -> Reply | None:
    """The number of people is typed."""
    return with_number(work, incoming, lambda typed: _start(work, campaign, typed))


def _start(work: Work, campaign: Campaign, typed: int | None) -> None:
    campaigns.start(work, campaign, typed)
    campaigns.show(work.as_system(), campaign)


@button("campaign.pause")
def pause_pressed(work: Work, campaign: Campaign) -> None:
    """It holds."""
    campaigns.pause(work, campaign)
    campaigns.show(work.as_system(), campaign)


@button("campaign.resume")
def resume_pressed(work: Work, campaign: Campaign) -> None:
    """It goes on."""
    campaigns.resume(work, campaign)
    campaigns.show(work.as_system(), campaign)


@button("campaign.cancel")
def cancel_pressed(work: Work, campaign: Campaign) -> None:
    """It ends here."""
    campaigns.cancel(work, campaign)
    campaigns.show(work.as_system(), campaign)


@button("campaign.send_late")
def send_late_pressed(work: Work, campaign: Campaign) -> None:
    """Its time has passed; it goes all the same."""
    campaigns.send_late(work, campaign)
    campaigns.show(work.as_system(), campaign)


@button("campaign.recall")
def recall_pressed(work: Work, campaign: Campaign) -> None:
    """It disappears from the chats again."""
    campaign_answers.recall(work, campaign)
    campaigns.show(work.as_system(), campaign)


# Trying and changing


@button("campaign.try")
def try_pressed(work: Work, campaign: Campaign) -> Reply:
    """I get it alone; where my Telegram is not known it is shown here."""
    shown = campaigns.try_out(work, campaign)
    voice = voice_of(work)
    if shown is None:
        return voice.reply("campaign.tried")
    return Reply((Text(voice.words("campaign.try_here")), *shown.parts))


@button("link.opened")
def link_pressed(work: Work, value: str) -> None:
    """A link opens by itself."""


@button("campaign.answer")
def answer_pressed(work: Work, value: str) -> Reply:
    """Customers press this; here it is only shown."""
    return voice_of(work).reply("campaign.answer_here")


@button("customer.stop")
def stop_pressed(work: Work, value: str) -> Reply:
    """Customers press this; here it is only shown."""
    return voice_of(work).reply("campaign.answer_here")


@button("campaign.speed")
def speed_pressed(work: Work, campaign: Campaign) -> Reply:
    """Ask how fast it is to go."""
    voice = voice_of(work)
    return Reply(
        form=Form(
            does="campaign.speed",
            title=voice.say("form.campaign_speed"),
            submit=voice.say("button.save"),
            cancel=voice.say("button.cancel"),
            fields=(
                Field(
                    "speed",
                    voice.say("label.speed"),
                    value=str(campaign.speed or ""),
                    hint=voice.say("hint.speed"),
                    optional=True,
                ),
            ),
            value=str(campaign.id),
        )
    )


@form("campaign.speed")
def speed_from_form(work: Work, incoming: Incoming, campaign: Campaign) -> Reply | None:
    """How fast it is to go is typed."""
    text = incoming.fields.get("speed", "").strip()
    if text and not text.isdecimal():
        return Reply(wrong={"speed": voice_of(work).say("campaign.speed", least=1, most=1000)})
    try:
        campaigns.change_speed(work, campaign, int(text[:6]) if text else None)
    except Refused as refused:
        return wrong_beside(work, "speed", refused)
    campaigns.show(work.as_system(), campaign)
    return None


# Who


@button("campaign.unsure", looks=True)
def unsure_pressed(work: Work, campaign: Campaign) -> Reply:
    """Whom it may not have reached, by name."""
    names = "\n".join(f"• {contact.name}" for contact in campaigns.unsure(work, campaign))
    words = voice_of(work).words("campaign.unsure_list", number=campaign.number, names=names)
    return Reply((Text(words),))


@button("campaign.who", looks=True)
def who_pressed(work: Work, campaign: Campaign, incoming: Incoming) -> Reply:
    """Who is left out of a draft or has to wait, by the reason."""
    voice = voice_of(work)
    reasons = incoming.value.partition(":")[2].split(",")
    counts = audiences.counts_of(campaign)
    groups = []
    for why in reasons:
        if counts.get(why):
            names = [each.name for each in audiences.listed(work, campaign, why, 30)]
            groups.append((voice.say(f"why.{why}", count=counts[why]), names))
    return people(voice, voice.words("campaign.who", number=campaign.number), groups)


@button("campaign.held", looks=True)
def held_pressed(work: Work, campaign: Campaign) -> Reply:
    """Who has to wait while it goes out, by the reason."""
    return _by_reason(work, campaign, RecipientState.HELD)


@button("campaign.who_not", looks=True)
def who_not_pressed(work: Work, campaign: Campaign) -> Reply:
    """Who did not get it in the end, by the reason."""
    return _by_reason(work, campaign, RecipientState.SKIPPED, RecipientState.FAILED)


def _by_reason(work: Work, campaign: Campaign, *states: RecipientState) -> Reply:
    voice = voice_of(work)
    groups: dict[str, list[str]] = {}
    for state in states:
        for contact, why in campaigns.named(work, campaign, state):
            groups.setdefault(why or str(state), []).append(contact.name)
    told = [(_reason(voice, why, len(names)), names) for why, names in groups.items()]
    return people(voice, voice.words("campaign.who", number=campaign.number), told)


def _reason(voice: Voice, why: str, count: int) -> str:
    """A reason of ours in words; what a platform said stands as it is."""
    return voice.say(f"why.{why}", count=count) if voice.knows(f"why.{why}") else why
