"""How a file of customers looks in a chat: what is in it, how far it is, what it did."""

from typing import Any

from handlers.cards.lines import shortened
from handlers.message import (
    Button,
    Buttons,
    Facts,
    Field,
    Form,
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
from storage.records import Import, ImportMode, ImportState, OnKnown

MOST_PROBLEMS = 8
MOST_COLUMNS = 20


def import_card(voice: Voice, record: Import) -> Reply:
    """A file as it stands."""
    parts: list[Part] = [
        Heading(voice.say("import.title", number=record.number, file=record.file_name)[:150])
    ]
    state = record.state
    if record.problem:
        parts.append(Text(voice.words(f"{record.problem}")))
    if state is ImportState.READY:
        parts += _preview(voice, record)
    elif state in (ImportState.FETCHING, ImportState.READING):
        parts.append(Text(voice.words("import.is_read")))
    elif state in (ImportState.RUNNING, ImportState.UNDOING):
        parts.append(Text(_progress(voice, record)))
    elif state is ImportState.CANCELLED:
        parts.append(Text(voice.words("import.cancelled")))
    if record.counts and state is not ImportState.READY:
        parts.append(Facts(tuple(_numbers(voice, record))))
    buttons = _buttons(voice, record)
    if buttons:
        parts.append(Buttons(tuple(buttons)))
    if state is ImportState.DONE:
        parts.append(Hint(voice.words("import.done_hint")))
    return Reply(tuple(parts), for_all=True)


def _progress(voice: Voice, record: Import) -> Words:
    total = max(int(record.found.get("total", 0)), record.done, 1)
    full = min(20, 20 * record.done // total)
    bar = "█" * full + "░" * (20 - full)
    key = "import.runs" if record.state is ImportState.RUNNING else "import.is_undone"
    return voice.words(key, bar=bar, done=f"{record.done:,}", total=f"{total:,}")


def _numbers(voice: Voice, record: Import) -> list[tuple[str, Words]]:
    names: tuple[str, ...] = ("created", "changed", "same", "skipped", "flawed", "likely")
    names += ("perhaps", "bad", "orders", "taken_back", "restored", "kept")
    return [
        (voice.say(f"import.count.{name}"), plain(f"{record.counts[name]:,}"))
        for name in names
        if record.counts.get(name)
    ]


def _preview(voice: Voice, record: Import) -> list[Part]:
    found = record.found
    parts: list[Part] = [
        Text(
            voice.words(
                "import.preview",
                total=f"{found['total']:,}",
                new=f"{found['new']:,}",
                known=f"{found['known']:,}",
            )
        )
    ]
    if found.get("again"):
        parts.append(Text(voice.words("import.again", number=found["again"])))
    mapped = mapping_words(voice, record.reading)
    if mapped:
        parts.append(Text(plain(mapped)))
    if record.reading.get("open_dates") and not record.reading.get("order"):
        parts.append(Text(voice.words("import.which_dates")))
    parts += [Quote("\n".join(" · ".join(row) for row in found["first"][:3])[:600])]
    wrong = [
        voice.say(f"import.wrong_{name}", count=found[name])
        for name in ("bad", "flawed", "likely")
        if found[name]
    ]
    if wrong:
        parts.append(Text(voice.words("import.wrong", what=voice.listed(wrong))))
        lines = [problem_line(voice, *each) for each in found["problems"][:MOST_PROBLEMS]]
        parts.append(Text(plain("\n".join(lines))))
    if found.get("perhaps"):
        parts.append(Text(voice.words("import.perhaps", count=found["perhaps"])))
    parts.append(Hint(voice.words(f"import.on_known.{record.on_known}")))
    return parts


def wrong_of(record: Import) -> int:
    """How many rows are not there as they stand in the file."""
    return sum(int(record.counts.get(name, 0)) for name in ("bad", "likely", "flawed"))


def mapping_words(voice: Voice, reading: dict[str, Any]) -> str:
    """Which column goes where, in a line."""
    header = reading.get("header", [])
    pairs = []
    for at, target in enumerate(reading.get("targets", [])):
        heading = header[at] if at < len(header) and header[at].strip() else str(at + 1)
        pairs.append(f"{shortened(heading, 30)} → {field_name(voice, target)}")
    more = len(pairs) - MOST_COLUMNS
    return "\n".join([*pairs[:MOST_COLUMNS], *([f"+ {more}"] if more > 0 else [])])


def field_name(voice: Voice, target: str) -> str:
    """What people call a field."""
    if not target:
        return "–"
    if target.startswith("custom:"):
        return f"“{target[7:]}”"
    part, _, place = target.partition(":")
    # Of a second address: "city 2".
    return f"{voice.say(f'import.field.{part}')} {place}".strip()


def problem_line(voice: Voice, line: int, key: str, field: str, value: str) -> str:
    """One problem: line, what is wrong, and with which value."""
    said = problem_words(voice, key, field, value)
    return voice.say("import.problem_line", line=line, what=said)


def problem_words(voice: Voice, key: str, field: str, value: str) -> str:
    """What is wrong with a value."""
    if not key.startswith("import."):
        # One of the team's own fields has said no.
        return voice.say("import.bad_field", field=field, value=shortened(value, 60))
    return voice.say(key, field=field_name(voice, field), value=shortened(value, 60))


def _buttons(voice: Voice, record: Import) -> list[Button]:
    value = str(record.id)
    match record.state:
        case ImportState.READY:
            wrong = sum(int(record.found.get(name, 0)) for name in ("bad", "flawed", "likely"))
            good = f"{ImportMode.SKIP_BAD}"
            every = f"{ImportMode.ALL_OR_NOTHING}"
            return [
                Button(
                    voice.say("import.button.good"), "import.start", f"{value}:{good}", Look.PRIMARY
                ),
                *(
                    []
                    if wrong
                    else [
                        Button(voice.say("import.button.all"), "import.start", f"{value}:{every}")
                    ]
                ),
                Button(voice.say("import.button.columns"), "import.columns", value),
                Button(voice.say("button.cancel"), "import.cancel", value),
            ]
        case ImportState.RUNNING:
            return [Button(voice.say("import.button.stop"), "import.cancel", value, Look.DANGER)]
        case ImportState.DONE:
            sure = voice.say("import.undo_sure", number=record.number)
            label, stay = voice.say("import.button.undo"), voice.say("button.stay")
            return [Button(label, "import.undo", value, Look.DANGER, sure, stay)]
    return []


def columns_form(voice: Voice, record: Import) -> Form:
    """What each column means, the way dates are written, and what happens to known people."""
    told = record.reading
    pairs = told.get("changes") or "\n".join(
        f"{heading}={target or '-'}"
        for heading, target in zip(told.get("header", []), told.get("targets", []), strict=False)
    )
    return Form(
        does="import.columns",
        title=voice.say("import.button.columns"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        value=str(record.id),
        fields=(
            Field(
                "columns",
                voice.say("import.form.columns"),
                pairs[:2900],
                voice.say("import.form.columns_hint"),
                optional=True,
                long=True,
            ),
            Field(
                "order",
                voice.say("import.form.order"),
                told.get("order") or "auto",
                options=tuple(
                    (each, voice.say(f"import.order.{each}")) for each in ("auto", "dmy", "mdy")
                ),
            ),
            Field(
                "known",
                voice.say("import.form.known"),
                str(record.on_known),
                options=tuple((str(each), voice.say(f"import.known.{each}")) for each in OnKnown),
            ),
            Field(
                "unknown",
                voice.say("import.form.unknown"),
                told.get("unknown") or "make",
                options=tuple(
                    (each, voice.say(f"import.unknown.{each}")) for each in ("make", "report")
                ),
            ),
        ),
    )
