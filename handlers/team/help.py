"""What one can type: the commands of every day, all of them by subject, each by itself."""

from collections.abc import Iterable

from handlers.actions.access import may
from handlers.actions.policies import voice_of
from handlers.command import COMMANDS, Command, button, command
from handlers.grammar import usage_of, verb_of
from handlers.message import BOLD, CODE, PLAIN, Button, Hint, Line, Part, Reply, Span, Text
from handlers.suggest import nearest
from handlers.texts import LANGUAGES, Voice
from storage.work import Work

# What most people need most days, by the names of the functions.
DAILY = (
    "day",
    "find",
    "show",
    "add",
    "log",
    "remind",
    "ticket",
    "open_tickets",
    "resolve",
    "deal",
    "campaign",
    "digest",
)

# Every command stands under one subject, by the file that it is in.
SUBJECTS: dict[str, tuple[str, ...]] = {
    "customers": (
        "contacts",
        "editing",
        "tags",
        "companies",
        "custom_fields",
        "phones",
        "relation",
        "blocking",
    ),
    "lists": ("imports", "exports", "segments", "doubles", "quality"),
    "tickets": ("ticket_lists", "tickets", "snoozing", "filing", "moves", "answers"),
    "desk": ("canned", "macros", "articles", "hours", "handover", "routing"),
    "reminders": ("follow_ups", "later", "dates"),
    "deals": ("deals", "pipelines"),
    "orders": ("orders", "products", "rfm"),
    "opinions": ("feedback", "satisfaction", "needs"),
    "campaigns": ("campaigns", "journeys", "topics", "links"),
    "house": ("house", "policy", "help"),
}

_BACK = "back"


@command("help [<subject>|<command>]", also=("?", "帮助", "？"))
def show_help(work: Work, text: str | None) -> Reply:
    """What you can type: all of it in short, a subject, or one command."""
    asked = (text or "").strip().removeprefix("/crm").strip().casefold()
    if not asked:
        return _overview(work)
    subject = _subject_called(asked)
    if subject is not None:
        return _subject(work, subject)
    word = asked.split()[0]
    meant = [each for each in _allowed(work) if word in (each.verb, *each.also)]
    return _explained(work, meant) if meant else _unknown(work, asked)


@button("help.show")
def help_pressed(work: Work, value: str) -> Reply:
    """What one can type; on the way back from a subject, in its place."""
    return Reply(_overview(work).parts, instead=value == _BACK)


@button("help.subject")
def subject_pressed(work: Work, value: str) -> Reply:
    """All commands of a subject, in the place of the list."""
    shown = _subject(work, value) if value in SUBJECTS else _overview(work)
    return Reply(shown.parts, instead=True)


def _overview(work: Work) -> Reply:
    voice = voice_of(work)
    allowed = _allowed(work)
    daily = [each for each in daily_first() if each in allowed and each.name in DAILY]
    parts: list[Part] = [Text(voice.words("help.title")), _table(voice, daily)]
    parts.append(Text(voice.words("help.subjects")))
    for subject in SUBJECTS:
        words = dict.fromkeys(verb_of(voice, each) for each in _about(subject, allowed))
        if words:
            title = (voice.say(f"help.subject.{subject}"), BOLD)
            look = Button(voice.say("button.show_help"), "help.subject", subject)
            parts.append(Line((title, ("  " + voice.listed(words), PLAIN)), look))
    parts.append(Hint(voice.words("help.more")))
    parts.append(Hint(voice.words("help.threads")))
    return Reply(tuple(parts))


def _subject(work: Work, subject: str) -> Reply:
    voice = voice_of(work)
    those = _about(subject, _allowed(work))
    title = Text(((voice.say(f"help.subject.{subject}"), BOLD),))
    whole = Button(voice.say("button.all_help"), "help.show", _BACK)
    return Reply((title, _table(voice, those), Line(voice.words("help.more"), whole)))


def _explained(work: Work, those: list[Command]) -> Reply:
    """One verb: what it does in each of its uses, and by which other words it is called."""
    voice = voice_of(work)
    also = voice.listed(dict.fromkeys(word for each in those for word in each.also))
    hint = (Hint(voice.words("help.also", words=also)),) if also else ()
    return Reply((_table(voice, those), *hint))


def _unknown(work: Work, asked: str) -> Reply:
    voice = voice_of(work)
    names = [each.verb for each in _allowed(work)]
    names += [voice.say(f"help.subject.{each}").casefold() for each in SUBJECTS]
    near = nearest(asked, dict.fromkeys(names))
    if not near:
        return voice.reply("command.unknown", verb=asked[:64])
    shown = Button(voice.say("button.show_help"), "command.run", f"help {near[0]}")
    said = voice.words("command.did_you_mean", verb=asked[:64], near=near[0])
    return Reply((Line(said, shown),))


def _table(voice: Voice, those: Iterable[Command]) -> Text:
    lines: list[Span] = []
    for each in those:
        lines += [
            (f"/crm {usage_of(voice, each)}", CODE),
            (f"  {voice.say(f'help.{each.name}')}\n", PLAIN),
        ]
    return Text(tuple(lines))


def daily_first() -> list[Command]:
    """The table of commands with those of every day in front."""
    daily = [each for name in DAILY for each in COMMANDS if each.name == name]
    return [*daily, *(each for each in COMMANDS if each not in daily)]


def _allowed(work: Work) -> list[Command]:
    return [each for each in COMMANDS if may(work.actor, each.needs)]


def _about(subject: str, allowed: list[Command]) -> list[Command]:
    """Those of a subject, file by file as it names them."""
    files = [each.do.__module__.rpartition(".")[2] for each in allowed]
    named = SUBJECTS[subject]
    return [each for file in named for each, own in zip(allowed, files, strict=True) if own == file]


def _subject_called(asked: str) -> str | None:
    """The subject of that name, in whichever language."""
    for subject in SUBJECTS:
        names = (Voice(each).say(f"help.subject.{subject}").casefold() for each in LANGUAGES)
        if asked == subject or asked in names:
            return subject
    return None
