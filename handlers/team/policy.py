"""How Rapport behaves: what may be decided, what holds, and deciding it."""

from handlers.actions import lanes, policies
from handlers.actions.access import Permission
from handlers.actions.policies import POLICIES, voice_of
from handlers.command import command
from handlers.message import BOLD, CODE, PLAIN, Hint, Incoming, Part, Reply, Span, Text
from handlers.texts import Voice
from storage.work import Work

# Every policy stands in one group, in the order in which a manager would read them.
GROUPS: dict[str, tuple[str, ...]] = {
    "language": ("team_language", "team_zone", "date_order"),
    "requests": (
        "receipt",
        "away_message",
        "personal_notices",
        "lane",
        "threads",
        "hold_seconds",
        "overtaken",
        "reactions",
        "reopen_days",
        "close_days",
        "new_ticket_words",
        "assignment",
        "sla_warning",
        "articles",
        "article_minutes",
        "suggestions",
    ),
    "opinions": ("csat", "csat_reminder_hours", "csat_every_days", "nps_days"),
    "follow_ups": ("follow_up_touch", "follow_up_nudge_hours"),
    "customers": (
        "gap_questions",
        "phone_region",
        "currency",
        "payment_methods",
        "tier_by",
        "tier_bronze",
        "tier_silver",
        "tier_gold",
    ),
    "deals": ("quiet_deal_days", "win_channel", "forecast_least"),
    "campaigns": (
        "campaign_consent",
        "campaign_cap",
        "campaign_cap_days",
        "campaign_quiet",
        "campaign_tickets",
        "campaign_wrote_hours",
        "campaign_score_days",
        "campaign_promised_days",
        "campaign_days",
        "campaign_typed_above",
        "campaign_second_above",
        "campaign_answer_days",
        "campaign_order_days",
    ),
}


@command("policy [name] [value]", also=("策略",), needs=Permission.CAMPAIGN)
def policy(work: Work, text: str | None, incoming: Incoming) -> Reply:
    """Decide how Rapport behaves; alone what can be decided, with a name what holds."""
    voice = voice_of(work)
    key, _, value = (text or "").partition(" ")
    key, value = key.strip(), value.strip()
    if not key:
        return _all(work, voice)
    if not value and key in POLICIES:
        return _one(work, voice, key)
    # By Slack's own name for the channel it is found even when it is private or renamed.
    by_id = key == "win_channel" and incoming.channels
    policies.set_policy(work, key, incoming.channels[-1][0] if by_id else value)
    if key == "lane":
        lanes.show_lanes(work)
    return voice.reply("policy.set", name=key, value=value)


def _all(work: Work, voice: Voice) -> Reply:
    parts: list[Part] = [Text(voice.words("policy.all"))]
    for group, names in GROUPS.items():
        lines: list[Span] = [(voice.say(f"policy.group.{group}"), BOLD)]
        for name in names:
            said = voice.say(f"policy.is.{name}")
            lines += [("\n", PLAIN), (name, CODE), ("  ", PLAIN)]
            lines += [(str(policies.policy(work, name)), BOLD), (f" — {said}", PLAIN)]
        parts.append(Text(tuple(lines)))
    return Reply(tuple(parts))


def _one(work: Work, voice: Voice, key: str) -> Reply:
    choice = POLICIES[key]
    held = voice.words("policy.one", name=key, value=policies.policy(work, key))
    hints = [voice.say("policy.default", value=choice.default)]
    if choice.words:
        hints.append(voice.say("policy.can_be", words=", ".join(choice.words)))
    if choice.between is not None:
        least, most = choice.between
        hints.append(voice.say("policy.from_to", least=least, most=most))
    said = Text((*held, (f" — {voice.say(f'policy.is.{key}')}", PLAIN)))
    return Reply((said, Hint(((" ".join(hints), PLAIN),))))
