"""How campaigns look in a chat."""

from datetime import datetime

from handlers.cards.lines import shortened
from handlers.message import (
    Button,
    Buttons,
    Facts,
    Heading,
    Hint,
    Look,
    Part,
    Quote,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import (
    Campaign,
    CampaignState,
)


def campaign_card(
    voice: Voice, campaign: Campaign, counts: dict[str, int], preview: str, now: datetime
) -> Reply:
    """A campaign with its numbers as they stand."""
    value = str(campaign.id)
    parts: list[Part] = [
        Heading(voice.say("campaign.title", number=campaign.number)),
        Quote(shortened(preview, 1000)),
    ]
    if campaign.state is CampaignState.DRAFT:
        parts.append(
            Text(
                voice.words(
                    "campaign.audience",
                    tag=plain(campaign.audience["tag"]),
                    will_get=counts["will_get"],
                    stopped=counts["stopped"],
                    blocked=counts["blocked"],
                    elsewhere=counts["elsewhere"],
                )
            )
        )
    else:
        parts.append(Facts(tuple(_campaign_facts(voice, campaign, counts))))
    buttons = _campaign_buttons(voice, campaign, counts, value)
    if buttons:
        parts.append(Buttons(tuple(buttons)))
    if campaign.state is not CampaignState.DRAFT:
        parts.append(Hint(voice.words("campaign.as_of", at=now)))
    return Reply(tuple(parts), for_all=True)


def _campaign_facts(
    voice: Voice, campaign: Campaign, counts: dict[str, int]
) -> list[tuple[str, Words]]:
    open_ones = counts.get("waiting", 0) + counts.get("queued", 0)
    facts = [(voice.say("label.status"), plain(voice.say(f"campaign_state.{campaign.state}")))]
    facts += [
        (voice.say(f"recipient.{name}"), plain(str(counts.get(name, 0))))
        for name in ("sent", "failed", "unsure", "stopped")
    ]
    if counts.get("cancelled"):
        facts.append((voice.say("recipient.cancelled"), plain(str(counts["cancelled"]))))
    facts.append((voice.say("recipient.waiting"), plain(str(open_ones))))
    return facts


def _campaign_buttons(
    voice: Voice, campaign: Campaign, counts: dict[str, int], value: str
) -> list[Button]:
    match campaign.state:
        case CampaignState.DRAFT:
            sure = voice.say("campaign.sure", count=counts["will_get"])
            return [
                Button(voice.say("button.start"), "campaign.start", value, Look.PRIMARY, sure),
                Button(voice.say("button.cancel"), "campaign.cancel", value),
            ]
        case CampaignState.RUNNING:
            return [
                Button(voice.say("button.pause"), "campaign.pause", value),
                Button(voice.say("button.cancel"), "campaign.cancel", value, Look.DANGER),
            ]
        case CampaignState.PAUSED:
            return [
                Button(voice.say("button.resume"), "campaign.resume", value, Look.PRIMARY),
                Button(voice.say("button.cancel"), "campaign.cancel", value, Look.DANGER),
            ]
    if counts.get("unsure"):
        return [Button(voice.say("button.who_unsure"), "campaign.unsure", value)]
    return []
