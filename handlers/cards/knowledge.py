"""How canned replies, macros and articles look in a list."""

from handlers.cards.lines import shortened
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Facts,
    Heading,
    Line,
    Part,
    Quote,
    Reply,
    Text,
    plain,
)
from handlers.texts import Voice
from storage.records import Article, CannedReply, Macro


def canned_line(voice: Voice, canned: CannedReply) -> Line:
    """A canned reply in a list."""
    text = next(iter(canned.texts.values()), "")
    languages = "/".join(canned.texts)
    return Line(
        (
            (canned.name, BOLD),
            (f" · {languages} · {voice.say('knowledge.used', count=canned.used)}\n", ""),
            (shortened(text, 140), ""),
        ),
        Button(voice.say("button.open"), "canned.show", str(canned.id)),
    )


def canned_card(voice: Voice, canned: CannedReply) -> Reply:
    """A canned reply with every language and what it answers."""
    parts: list[Part] = [Heading(canned.name)]
    for language, text in canned.texts.items():
        parts += [Text(((voice.say(f"language.{language}"), BOLD),)), Quote(text)]
    if canned.cues:
        cues = "\n".join(f"• {cue}" for cue in canned.cues)
        parts.append(Text(((f"{voice.say('label.cues')}\n", BOLD), *plain(cues))))
    parts.append(Buttons((Button(voice.say("button.edit"), "canned.edit", str(canned.id)),)))
    return Reply(tuple(parts))


def macro_line(voice: Voice, macro: Macro) -> Line:
    """A macro in a list, with its steps."""
    steps = " → ".join(" ".join(filter(None, step)) for step in macro.steps)
    return Line(
        (
            (macro.name, BOLD),
            (f" · {voice.say('knowledge.used', count=macro.used)}\n", ""),
            (shortened(steps, 300), ""),
        )
    )


def macro_steps(macro: Macro) -> Text:
    """The steps of a macro as they were understood, a line each."""
    lines = (f"{n}. {' '.join(filter(None, step))}" for n, step in enumerate(macro.steps, 1))
    return Text(plain("\n".join(lines)))


def article_line(voice: Voice, article: Article) -> Line:
    """An article in a list, with how often it helped."""
    page = next(iter(article.pages.values()))
    counts = voice.say(
        "article.counts",
        offered=article.offered,
        helped=article.helped,
        did_not_help=article.did_not_help,
    )
    off = "" if article.active else f" · {voice.say('article.off')}"
    return Line(
        ((f"{article.number}. {page['title']}", BOLD), (f"{off}\n{counts}", "")),
        Button(voice.say("button.open"), "article.show", str(article.id)),
    )


def article_card(voice: Voice, article: Article) -> Reply:
    """An article with every language, what it answers, and how often it helped."""
    parts: list[Part] = []
    for language, page in article.pages.items():
        parts += [Heading(f"{article.number}. {page['title']}"), Quote(page["text"])]
        asked = "\n".join(f"• {each}" for each in page.get("questions", ()))
        label = f"{voice.say(f'language.{language}')} · {voice.say('label.questions')}\n"
        parts.append(Text(((label, BOLD), *plain(asked or "–"))))
    counts = (
        (voice.say(f"article.count_{name}"), plain(str(count)))
        for name, count in (
            ("offered", article.offered),
            ("helped", article.helped),
            ("did_not_help", article.did_not_help),
        )
    )
    value = str(article.id)
    turn = "article.turn_off" if article.active else "article.turn_on"
    parts += [
        Facts(tuple(counts)),
        Buttons(
            (
                Button(voice.say("button.edit"), "article.edit", value),
                Button(voice.say(turn), "article.turn", value),
            )
        ),
    ]
    return Reply(tuple(parts))
