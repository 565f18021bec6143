"""Buttons and forms about several texts, hold-outs, and what campaigns have brought."""

from handlers.actions import campaign_results, campaigns, trials
from handlers.actions.policies import voice_of
from handlers.actions.trials import LETTERS, Plan
from handlers.cards.trials import results_card
from handlers.command import button, form
from handlers.message import Field, Form, Incoming, Reply
from handlers.team.filling import wrong_beside
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Campaign, Metric, Trial
from storage.work import Work

# The field beside which a rule's no is shown.
_BESIDE = {
    "trial.hold_out": "hold_out",
    "trial.first": "first",
    "trial.first_needs_texts": "first",
    "trial.hours": "hours",
}


@button("campaign.trial")
def trial_pressed(work: Work, campaign: Campaign) -> Reply:
    """Ask which texts are to be tried, and on how many people."""
    voice, trial = voice_of(work), trials.of(work, campaign)
    return Reply(
        form=Form(
            does="campaign.trial",
            title=voice.say("form.trial"),
            submit=voice.say("button.save"),
            cancel=voice.say("button.cancel"),
            fields=tuple(_fields(voice, trial)),
            value=str(campaign.id),
        )
    )


def _fields(voice: Voice, trial: Trial | None) -> list[Field]:
    found = [
        Field(
            f"text_{letter}",
            voice.say("label.trial_text", letter=letter),
            value=str(trial.texts[letter][""]) if trial and letter in trial.texts else "",
            hint=voice.say("hint.trial_text"),
            optional=True,
            long=True,
        )
        for letter in LETTERS
    ]
    for name, value in (
        ("hold_out", trial.hold_out if trial else 0),
        ("first", trial.first if trial else None),
        ("hours", trial.hours if trial else None),
    ):
        label, hint = voice.say(f"label.trial_{name}"), voice.say(f"hint.trial_{name}")
        found.append(Field(name, label, value=str(value or ""), hint=hint, optional=True))
    metrics = tuple((each.value, voice.say(f"metric.{each}")) for each in Metric)
    chosen = (trial.metric if trial else Metric.REPLY).value
    label = voice.say("label.trial_metric")
    found.append(Field("metric", label, value=chosen, options=metrics))
    return found


@form("campaign.trial")
def trial_filled(work: Work, incoming: Incoming, campaign: Campaign) -> Reply | None:
    """What is to be tried is filled in."""
    try:
        wished = _plan(work, incoming.fields)
        trials.plan(work, campaign, wished)
    except Refused as refused:
        beside = _BESIDE.get(refused.key) or refused.values.get("beside", "text_B")
        return wrong_beside(work, str(beside), refused)
    campaigns.show(work.as_system(), campaign)
    return None


def _plan(work: Work, fields: dict[str, str]) -> Plan:
    texts: dict[str, dict[str, str]] = {}
    # Without a gap: whoever fills in B and D means B and C.
    said = [text for each in LETTERS if (text := fields.get(f"text_{each}", "").strip())]
    for letter, text in zip(LETTERS, said, strict=False):
        texts[letter] = campaigns.checked_texts(work, {"": text})
    metric = fields.get("metric") or Metric.REPLY
    return Plan(
        texts=texts,
        hold_out=_number(fields.get("hold_out", "")) or 0,
        first=_number(fields.get("first", "")),
        hours=_number(fields.get("hours", "")),
        metric=Metric(metric) if metric in set(Metric) else Metric.REPLY,
    )


def _number(text: str) -> int | None:
    text = text.strip().rstrip("%％ ")
    if not text:
        return None
    # What is no number is one that no rule allows.
    return int(text[:6]) if text.isdecimal() else -1


@button("campaign.results", looks=True)
def results_pressed(work: Work, campaign: Campaign) -> Reply:
    """Who replied, clicked and ordered, and what of it is the campaign's doing."""
    found = campaign_results.results(work, campaign)
    return results_card(
        voice_of(work),
        campaign,
        found.columns,
        {"ordered": found.ordered, "replied": found.replied},
        found.money,
        found.final_at,
        over=found.over,
        days=(found.reply_days, found.order_days),
    )
