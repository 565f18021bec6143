"""Commands, buttons and forms about the knowledge base."""

from handlers import cards
from handlers.actions import articles
from handlers.actions.access import Permission, denied, may
from handlers.actions.articles import Page
from handlers.actions.policies import voice_of
from handlers.command import button, command, form
from handlers.grammar import first_word
from handlers.message import Field, Form, Hint, Incoming, Part, Reply, Text
from handlers.team.canned import ADD, EDIT
from handlers.team.filling import wrong_beside
from handlers.texts import LANGUAGES, Voice
from storage.errors import Refused
from storage.records import Article
from storage.work import Work


@command("article [add|edit] [number]", also=("articles", "文章", "知识库"))
def article(work: Work, text: str | None, incoming: Incoming) -> Reply:
    """The knowledge base: list, show, add and edit its articles."""
    voice = voice_of(work)
    if not text:
        return _listed(work)
    word, rest = first_word(text)
    if word in ADD:
        return _asked_for(work, incoming, None)
    if word in EDIT:
        return _asked_for(work, incoming, _numbered(work, rest))
    return cards.article_card(voice, _numbered(work, text))


def _numbered(work: Work, text: str) -> Article:
    number = text.strip().lstrip("#")
    if not number.isascii() or not number.isdecimal() or len(number) > 9:
        raise Refused("article.which")
    return articles.numbered(work, int(number))


def _asked_for(work: Work, incoming: Incoming, known: Article | None) -> Reply:
    if not may(work.actor, Permission.CAMPAIGN):
        raise denied(work, Permission.CAMPAIGN)
    if not incoming.trigger:
        # A form opens only for a slash command or a button.
        raise Refused("article.form")
    return Reply(form=article_form(voice_of(work), known))


def _listed(work: Work) -> Reply:
    voice = voice_of(work)
    found = articles.listed(work)
    if not found:
        return voice.reply("article.none")
    parts: list[Part] = [Text(voice.words("article.title", count=len(found)))]
    parts += [cards.article_line(voice, each) for each in found[:40]]
    return Reply((*parts, Hint(voice.words("article.how"))))


def article_form(voice: Voice, known: Article | None) -> Form:
    """The form of an article: title, questions and text in each language."""
    fields: list[Field] = []
    for language in LANGUAGES:
        page = known.pages.get(language, {}) if known else {}
        spoken = voice.say(f"language.{language}")
        asked = "\n".join(page.get("questions", ()))
        for name, value in (
            ("title", page.get("title", "")),
            ("questions", asked),
            ("text", page.get("text", "")),
        ):
            label = f"{voice.say(f'label.{name}')} · {spoken}"
            hint = voice.say(f"hint.article_{name}")
            long = name != "title"
            fields.append(Field(f"{name}_{language}", label, value, hint, optional=True, long=long))
    return Form(
        does="article.write",
        title=voice.say("form.article"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        fields=tuple(fields),
        value=str(known.id) if known else "",
    )


@form("article.write")
def write_from_form(work: Work, incoming: Incoming) -> Reply:
    """The form is filled in; what is wrong is said beside its field."""
    asked = incoming.fields
    pages = {
        language: Page(
            asked.get(f"title_{language}", ""),
            asked.get(f"text_{language}", ""),
            tuple(asked.get(f"questions_{language}", "").split("\n")),
        )
        for language in LANGUAGES
    }
    known = work.get(Article, int(incoming.value)) if incoming.value.isdecimal() else None
    voice = voice_of(work)
    try:
        saved = articles.write(work, known, pages)
    except Refused as refused:
        language = next((each for each in LANGUAGES if pages[each].text.strip()), "en")
        field = "text" if refused.key in ("article.no_text", "knowledge.too_long") else "title"
        return wrong_beside(work, f"{field}_{language}", refused)
    title = next(iter(saved.pages.values()))["title"]
    return voice.reply("article.saved", number=saved.number, title=title)


@button("article.show")
def show_pressed(work: Work, article: Article) -> Reply:
    """An article with all its languages."""
    return cards.article_card(voice_of(work), articles.numbered(work, article.number))


@button("article.edit")
def edit_pressed(work: Work, article: Article, incoming: Incoming) -> Reply:
    """The form with what it says now."""
    return _asked_for(work, incoming, article)


@button("article.turn")
def turn_pressed(work: Work, article: Article) -> Reply:
    """Offer it no more, or again."""
    articles.set_active(work, article, not article.active)
    shown = cards.article_card(voice_of(work), article)
    return Reply(shown.parts, instead=True)
