"""Commands and buttons about messages to many."""

from handlers import cards
from handlers.actions import campaigns
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import button, command
from handlers.grammar import first_word
from handlers.message import BOLD, Button, Incoming, Line, Part, Reply, Text
from storage.records import Campaign
from storage.work import Work


@command("campaign <tag> <text>", also=("broadcast", "群发"), needs=Permission.CAMPAIGN)
def campaign(work: Work, text: str, incoming: Incoming) -> Reply:
    """Prepare a message to everybody with a tag; it shows who would get it before it goes."""
    tag, words = first_word(text)
    drafted = campaigns.draft(work, tag, words, incoming.chat)
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


@button("campaign.start")
def start_pressed(work: Work, campaign: Campaign) -> None:
    """It goes out; the card shows how far it is."""
    campaigns.start(work, campaign)
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


@button("campaign.unsure")
def unsure_pressed(work: Work, campaign: Campaign) -> Reply:
    """Whom it may not have reached, by name."""
    names = "\n".join(f"• {contact.name}" for contact in campaigns.unsure(work, campaign))
    words = voice_of(work).words("campaign.unsure_list", number=campaign.number, names=names)
    return Reply((Text(words),))
