"""How two contacts that may be one look in a chat: side by side, with what speaks for it."""

from dataclasses import dataclass

from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Facts,
    Field,
    Form,
    Heading,
    Hint,
    Line,
    Look,
    Part,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.doubles.judging import Verdict
from storage.records import Contact, Identity, Member

# What says less than this for or against it is not worth a word.
_SAYS_NOTHING = 0.3
_MOST_REASONS = 5
# Slack shows so many facts to a section, two in a row.
_FACTS = 10
# Slack's longest option of a choice.
_LONGEST_OPTION = 70


@dataclass(frozen=True)
class Side:
    """One of two contacts with what is shown of them."""

    contact: Contact
    identities: list[Identity]
    tags: list[str]
    owner: Member | None
    # How much there is of them: requests, sales, orders, lines of the conversation.
    counts: dict[str, int]
    company: str | None = None


def reason_words(voice: Voice, reasons: list[tuple[str, float]]) -> Words:
    """What speaks for it and what against, the strongest first."""
    found: list[tuple[str, str]] = []
    for key, weight in reasons[:_MOST_REASONS]:
        if abs(weight) >= _SAYS_NOTHING:
            sign = "✓" if weight > 0 else "✗"
            found.append((f"{' · ' if found else ''}{sign} {voice.say(f'doubles.{key}')}", ""))
    return tuple(found) or plain("–")


def pair_line(
    voice: Voice, first: Contact, second: Contact, score: float, reasons: list[tuple[str, float]]
) -> Line:
    """A pair in a list."""
    return Line(
        (
            (first.name, BOLD),
            (" ≈ ", ""),
            (second.name, BOLD),
            (f"  {percent(score)}  ", ""),
            *reason_words(voice, reasons),
        ),
        Button(voice.say("button.compare"), "doubles.show", f"{first.id}:{second.id}"),
    )


def percent(score: float) -> str:
    """A likelihood as people read it; never quite sure."""
    return f"{min(99, int(score * 100))} %"


def pair_card(voice: Voice, left: Side, right: Side, verdict: Verdict) -> Reply:
    """Two contacts side by side, why they may be one, and what can be done."""
    value = f"{left.contact.id}:{right.contact.id}"
    reasons = [(each.key, each.weight) for each in verdict.reasons]
    parts: list[Part] = [
        Heading(f"{left.contact.name} ≈ {right.contact.name}"[:140]),
        Text(((f"{percent(verdict.score)}  ", BOLD), *reason_words(voice, reasons))),
    ]
    facts = _side_by_side(voice, left, right)
    parts += [Facts(tuple(facts[at : at + _FACTS])) for at in range(0, len(facts), _FACTS)]
    parts.append(
        Buttons(
            (
                Button(voice.say("button.merge"), "doubles.merge", value, Look.PRIMARY),
                Button(voice.say("button.different"), "doubles.different", value),
                Button(voice.say("button.later"), "doubles.later", value),
            )
        )
    )
    return Reply(tuple(parts))


def _side_by_side(voice: Voice, left: Side, right: Side) -> list[tuple[str, Words]]:
    mine, theirs = _values(voice, left), _values(voice, right)
    found: list[tuple[str, Words]] = []
    for name, value in mine.items():
        other = theirs[name]
        if not value and not other:
            continue
        style = "" if value == other else BOLD
        label = voice.say(f"doubles.field.{name}")
        found += [(label, ((each or "–", style if each else ""),)) for each in (value, other)]
    return found


def _values(voice: Voice, side: Side) -> dict[str, str]:
    """What is shown of a contact, by field."""
    contact = side.contact
    counts = voice.listed(
        voice.say(f"doubles.count.{name}", count=count)
        for name, count in side.counts.items()
        if count
    )
    return {
        "name": contact.name,
        "reached": "\n".join(dict.fromkeys(each.shown for each in side.identities[:6])),
        "company": side.company or contact.company or "",
        "birthday": voice.whole_date(contact.birthday) if contact.birthday else "",
        "gender": voice.say(f"doubles.gender.{contact.gender}") if contact.gender else "",
        "language": voice.say(f"language.{contact.language}"),
        "stage": voice.say(f"stage.{contact.stage}"),
        "owner": side.owner.name if side.owner else "",
        "tags": " ".join(f"#{tag}" for tag in side.tags),
        "there_is": counts,
        "since": voice.whole_date(voice.local(contact.created_at).date()),
    }


def merge_form(voice: Voice, left: Side, right: Side, customs: list[str]) -> Form:
    """Who survives, and field by field whose value holds where both have one."""
    sides = (left, right)
    keep = Field(
        "survivor",
        voice.say("doubles.survivor"),
        str(_fuller(left, right).contact.id),
        options=tuple(
            (str(s.contact.id), _option(f"{s.contact.name} · {_since(voice, s)}")) for s in sides
        ),
    )
    fields = [keep]
    mine, theirs = _chosen(voice, left, customs), _chosen(voice, right, customs)
    for name in mine:
        values = (mine[name], theirs[name])
        if not all(values) or values[0] == values[1]:
            continue
        own = values[0] if _fuller(left, right) is left else values[1]
        by_id = zip((str(s.contact.id) for s in sides), values, strict=True)
        options = tuple((id, _option(value)) for id, value in by_id)
        chosen = next(id for id, value in options if value == _option(own))
        label = name.removeprefix("custom.")
        shown = label if name != label else voice.say(f"doubles.field.{name}")
        fields.append(Field(name, shown[:48], chosen, options=options))
    return Form(
        does="doubles.merge",
        title=voice.say("form.merge"),
        submit=voice.say("button.merge_now"),
        cancel=voice.say("button.cancel"),
        # A form has room for so many; the rest stays as the survivor has it.
        fields=tuple(fields[:20]),
        value=f"{left.contact.id}:{right.contact.id}",
    )


def _chosen(voice: Voice, side: Side, customs: list[str]) -> dict[str, str]:
    contact = side.contact
    shown = _values(voice, side)
    own = {f"custom.{key}": _plain(contact.custom.get(key)) for key in customs}
    names = ("name", "company", "birthday", "gender", "language", "stage", "owner")
    return {name: shown[name] for name in names} | own


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _option(text: str) -> str:
    text = " ".join(text.split()) or "–"
    return text if len(text) <= _LONGEST_OPTION else text[: _LONGEST_OPTION - 1] + "…"


def _since(voice: Voice, side: Side) -> str:
    return voice.day(side.contact.created_at)


def _fuller(left: Side, right: Side) -> Side:
    """Of which there is more: it would be missed more."""
    return max(left, right, key=lambda side: (sum(side.counts.values()), -side.contact.id))


def merged_card(voice: Voice, survivor: Contact, gone: str, merge_id: int) -> Reply:
    """What is said once two are one."""
    return Reply(
        (
            Text(voice.words("merging.done", gone=gone, name=survivor.name)),
            Buttons(
                (
                    Button(voice.say("button.open"), "contact.show", str(survivor.id)),
                    Button(voice.say("button.undo_merge"), "merging.undo", str(merge_id)),
                )
            ),
            Hint(voice.words("merging.undo_hint")),
        ),
        instead=True,
    )
