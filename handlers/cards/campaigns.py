"""How campaigns look in a chat."""

from dataclasses import dataclass
from datetime import datetime

from handlers.cards.lines import shortened
from handlers.cards.trials import plan_parts
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Facts,
    Heading,
    Hint,
    Line,
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
    Timing,
    Trial,
)

# In the order in which they are told.
FINAL = ("stopped", "topic", "unasked", "blocked", "barred", "elsewhere", "excluded")
PASSING = (
    *("angry", "ticket", "wrote", "score", "promised", "capped", "quiet", "night", "hour"),
    "better",
)
STATES = ("sent", "failed", "unsure", "stopped", "skipped", "recalled", "control", "cancelled")
RECALLABLE = (CampaignState.FINISHED, CampaignState.CANCELLED, CampaignState.PAUSED)


@dataclass(frozen=True)
class Picture:
    """A campaign with all that its card shows."""

    campaign: Campaign
    counts: dict[str, int]
    # The tag, when it is for one tag and nothing else.
    wanted: str
    # Who would read it, and what.
    previews: tuple[tuple[str, str], ...]
    ready_at: datetime
    is_counted: bool
    asked_by: str
    # How many are held, by the reason.
    held: dict[str, int]
    recalling: bool
    # What is tried out with it.
    trial: Trial | None = None
    # The hours of everybody's own clock in which it does not go; empty for none.
    night: str = ""


def campaign_card(voice: Voice, pictured: Picture, now: datetime) -> Reply:
    """A campaign with its numbers as they stand."""
    campaign = pictured.campaign
    parts: list[Part] = [Heading(voice.say("campaign.title", number=campaign.number))]
    if "frozen_to" in campaign.audience or campaign.state is not CampaignState.DRAFT:
        parts.append(Quote(shortened(pictured.previews[0][1], 1000)))
    else:
        parts += _previews(voice, pictured)
    if campaign.state is CampaignState.DRAFT:
        parts += _dry_run(voice, pictured)
    else:
        parts.append(Facts(tuple(_facts(voice, pictured))))
        parts += _waiting(voice, pictured)
    if pictured.trial is not None:
        parts += plan_parts(voice, pictured.trial)
    buttons = _buttons(voice, pictured)
    if buttons:
        parts.append(Buttons(tuple(buttons)))
    if campaign.state is not CampaignState.DRAFT:
        parts.append(Hint(voice.words("campaign.as_of", at=now)))
    return Reply(tuple(parts), for_all=True)


def _previews(voice: Voice, pictured: Picture) -> list[Part]:
    """What real people would read, each under the name; one that nobody reads stands alone."""
    parts: list[Part] = []
    for name, text in pictured.previews:
        if name and len(pictured.previews) > 1:
            parts.append(Hint(voice.words("campaign.as_read_by", name=name)))
        parts.append(Quote(shortened(text, 1000)))
    extras = [each["label"] for each in pictured.campaign.buttons or ()]
    if pictured.campaign.picture is not None:
        extras.insert(0, f"🖼 {pictured.campaign.picture['file']}")
    if extras:
        parts.append(Hint(plain(" · ".join(extras))))
    return parts


def _dry_run(voice: Voice, pictured: Picture) -> list[Part]:
    """How many will get it, how many will not and why, and when it is done."""
    campaign, counts = pictured.campaign, pictured.counts
    whom = (
        voice.words("campaign.tagged", tag=pictured.wanted)
        if pictured.wanted
        else voice.words("campaign.in_filter", filter=campaign.audience.get("filter", ""))
    )
    words = voice.words("campaign.audience", will_get=counts["will_get"], whom=whom)
    parts: list[Part] = [Text(words)]
    value = str(campaign.id)
    left = [why for why in FINAL if counts.get(why)]
    waits = [why for why in PASSING if counts.get(why)]
    for key, reasons in (("campaign.left_out", left), ("campaign.waits", waits)):
        if not reasons:
            continue
        said = voice.listed(voice.say(f"why.{why}", count=counts[why]) for why in reasons)
        button = Button(voice.say("button.who"), "campaign.who", f"{value}:{','.join(reasons)}")
        parts.append(Line(voice.words(key, reasons=said), button))
    parts.append(Hint(_when(voice, pictured)))
    if pictured.night:
        parts.append(Hint(voice.words("campaign.night", hours=pictured.night)))
    if pictured.asked_by:
        parts.append(Text(voice.words("campaign.second_wanted", name=pictured.asked_by)))
    return parts


def _when(voice: Voice, pictured: Picture) -> Words:
    campaign = pictured.campaign
    if not pictured.is_counted:
        return voice.words("campaign.counting")
    if campaign.timing is Timing.LOCAL:
        wall = datetime.fromisoformat(campaign.wall or "")
        return voice.words(
            "campaign.when_local", day=voice.calendar_day(wall.date()), time=f"{wall:%H:%M}"
        )
    if campaign.due_at is not None:
        return voice.words("campaign.when_at", at=campaign.due_at)
    return voice.words("campaign.when_now", at=pictured.ready_at)


def _facts(voice: Voice, pictured: Picture) -> list[tuple[str, Words]]:
    campaign, counts = pictured.campaign, pictured.counts
    facts = [(voice.say("label.status"), plain(voice.say(f"campaign_state.{campaign.state}")))]
    if "frozen_to" not in campaign.audience:
        if campaign.due_at is not None and campaign.state is not CampaignState.CANCELLED:
            facts.append((voice.say("label.when"), plain(voice.moment(campaign.due_at))))
        facts.append((voice.say("recipient.planned"), plain(str(counts.get("reach", 0)))))
        return facts
    always = STATES[:4]
    facts += [
        (voice.say(f"recipient.{name}"), plain(str(counts.get(name, 0))))
        for name in STATES
        if name in always or counts.get(name)
    ]
    waits = counts.get("waiting", 0) + counts.get("queued", 0)
    facts.append((voice.say("recipient.waiting"), plain(str(waits))))
    if campaign.speed:
        facts.append((voice.say("campaign.speed_label"), plain(f"{campaign.speed}/s")))
    return facts


def _waiting(voice: Voice, pictured: Picture) -> list[Part]:
    """Those who are held, with what they are held for."""
    reasons = [why for why in (*PASSING, "") if pictured.held.get(why)]
    parts: list[Part] = []
    if reasons:
        said = voice.listed(
            voice.say(f"why.{why}", count=pictured.held[why]) for why in reasons if why
        )
        button = Button(voice.say("button.who"), "campaign.held", str(pictured.campaign.id))
        total = sum(pictured.held.values())
        parts.append(Line(voice.words("campaign.held", count=total, reasons=said), button))
    if pictured.recalling:
        parts.append(Hint(voice.words("campaign.recalled_note")))
    return parts


def _buttons(voice: Voice, pictured: Picture) -> list[Button]:
    campaign, counts = pictured.campaign, pictured.counts
    value = str(campaign.id)
    cancel = Button(voice.say("button.cancel"), "campaign.cancel", value, Look.DANGER)
    match campaign.state:
        case CampaignState.DRAFT:
            return _draft_buttons(voice, pictured)
        case CampaignState.LATE:
            send = Button(voice.say("button.send_now"), "campaign.send_late", value, Look.PRIMARY)
            return [send, cancel]
        case CampaignState.SCHEDULED:
            return [Button(voice.say("button.pause"), "campaign.pause", value), cancel]
        case CampaignState.RUNNING:
            return [
                Button(voice.say("button.pause"), "campaign.pause", value),
                Button(voice.say("button.speed"), "campaign.speed", value),
                Button(voice.say("button.results"), "campaign.results", value),
                cancel,
            ]
        case CampaignState.PAUSED:
            found = [
                Button(voice.say("button.resume"), "campaign.resume", value, Look.PRIMARY),
                Button(voice.say("button.edit_text"), "campaign.edit", value),
                cancel,
            ]
        case _:
            found = []
    if counts.get("sent") and campaign.state in RECALLABLE:
        found.append(Button(voice.say("button.results"), "campaign.results", value))
    if counts.get("unsure"):
        found.append(Button(voice.say("button.who_unsure"), "campaign.unsure", value))
    if counts.get("failed") or counts.get("skipped"):
        found.append(Button(voice.say("button.who_not"), "campaign.who_not", value))
    if counts.get("sent") and not pictured.recalling and campaign.state in RECALLABLE:
        sure = voice.say("campaign.sure_recall", count=counts["sent"])
        label, stay = voice.say("button.recall"), voice.say("button.stay")
        found.append(Button(label, "campaign.recall", value, Look.DANGER, sure, stay))
    return found


def _draft_buttons(voice: Voice, pictured: Picture) -> list[Button]:
    value = str(pictured.campaign.id)
    sure = voice.say("campaign.sure", count=pictured.counts.get("reach", 0))
    label = "button.start" if not pictured.asked_by else "button.agree"
    stay = voice.say("button.stay")
    return [
        Button(voice.say(label), "campaign.start", value, Look.PRIMARY, sure, stay),
        Button(voice.say("button.try_out"), "campaign.try", value),
        Button(voice.say("button.edit_text"), "campaign.edit", value),
        Button(voice.say("button.trial"), "campaign.trial", value),
        Button(voice.say("button.cancel"), "campaign.cancel", value),
    ]


def late_note(voice: Voice, campaign: Campaign) -> Reply:
    """Nothing ran at its time: is it to go all the same?"""
    value = str(campaign.id)
    at = campaign.due_at or campaign.ends_at or campaign.created_at
    return Reply(
        (
            Text(voice.words("campaign.late", number=campaign.number, at=at)),
            Buttons(
                (
                    Button(voice.say("button.send_now"), "campaign.send_late", value, Look.PRIMARY),
                    Button(voice.say("button.cancel"), "campaign.cancel", value),
                )
            ),
        )
    )


def people(voice: Voice, title: Words, groups: list[tuple[str, list[str]]]) -> Reply:
    """Names under the reasons that they share."""
    parts: list[Part] = [Text(title)]
    for reason, names in groups:
        lines = "\n".join(f"• {name}" for name in names)
        parts.append(Text(((f"{reason}\n", BOLD), (lines or "–", ""))))
    return Reply(tuple(parts))
