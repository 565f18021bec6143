"""Commands about where customers work."""

from decimal import Decimal

from handlers.actions import companies
from handlers.actions.access import Permission, may
from handlers.actions.companies import Page
from handlers.actions.policies import voice_of
from handlers.amounts import in_units
from handlers.cards import ticket_line
from handlers.cards.deals import deal_words
from handlers.command import button, command, form
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Field,
    Form,
    Heading,
    Hint,
    Incoming,
    Line,
    Part,
    Reply,
    Text,
    Words,
)
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Company
from storage.work import Work


@command("company <name>", also=("公司",))
def company(work: Work, text: str | None) -> Reply:
    """A company with its people, what is open and what it has bought."""
    if not text:
        return _listed(work)
    name, arrow, other = text.replace("->", "→").partition("→")
    if arrow:
        return _renamed(work, companies.called(work, name.strip()), other.strip())
    return page_of(work, text)


@command("companies", also=("公司列表",))
def company_list(work: Work) -> Reply:
    """The companies with most people."""
    return _listed(work)


def _listed(work: Work) -> Reply:
    voice = voice_of(work)
    found = companies.listed(work)
    if not found:
        return voice.reply("company.none")
    parts: list[Part] = [Text(voice.words("company.title"))]
    for each, count in found:
        show = Button(voice.say("button.open"), "company.show", str(each.id))
        people = voice.say("company.people_count", count=count)
        parts.append(Line(((each.name, BOLD), (f"  ·  {people}", "")), show))
    return Reply(tuple(parts))


def page_of(work: Work, name: str) -> Reply:
    """The page of the company that a name means."""
    found = companies.called(work, name)
    return Reply(_page(work, voice_of(work), companies.page(work, found)))


@button("company.show")
def show_pressed(work: Work, company: Company) -> Reply:
    """Open a company's page."""
    return page_of(work, company.key)


def _page(work: Work, voice: Voice, page: Page) -> tuple[Part, ...]:
    parts: list[Part] = [Heading(f"🏢 {page.company.name}")]
    parts.append(Text(_summary(voice, page)))
    for person in page.people:
        stage = voice.say(f"stage.{person.stage}")
        show = Button(voice.say("button.open"), "contact.show", str(person.id))
        parts.append(Line(((person.name, BOLD), (f"  ·  {stage}", "")), show))
    if page.count > len(page.people):
        parts.append(Hint(voice.words("card.more", count=page.count - len(page.people))))
    parts += [ticket_line(voice, ticket, who, work.now) for ticket, who in page.tickets]
    for deal, who in page.deals:
        show = Button(voice.say("button.open"), "deal.show", str(deal.id))
        parts.append(Line(deal_words(voice, deal, who), show))
    if may(work.actor, Permission.CAMPAIGN):
        parts += _tidying(voice, page)
    return tuple(parts)


def _summary(voice: Voice, page: Page) -> Words:
    lines = [voice.say("company.people_count", count=page.count)]
    for currency, count, amount in page.money:
        shown = voice.money(in_units(Decimal(amount), currency), currency)
        lines.append(voice.say("company.bought", amount=shown, count=count))
    if page.tickets:
        lines.append(voice.say("company.tickets", count=len(page.tickets)))
    if page.deals:
        lines.append(voice.say("company.deals", count=len(page.deals)))
    return (("  ·  ".join(lines), ""),)


def _tidying(voice: Voice, page: Page) -> list[Part]:
    """Other spellings, companies that are probably the same, and another name."""
    parts: list[Part] = []
    id = page.company.id
    if len(page.spellings) > 1:
        ways = ", ".join(f"{name} ({count})" for name, count in page.spellings[:5])
        best = page.spellings[0][0]
        same = Button(voice.say("button.write_alike"), "company.alike", str(id))
        parts.append(Line(voice.words("company.spellings", ways=ways, best=best), same))
    for other, _ in page.alike:
        one = Button(voice.say("button.make_one"), "company.make_one", f"{other.id}:{id}")
        parts.append(Line(voice.words("company.same", other=other.name), one))
    parts.append(Buttons((Button(voice.say("button.rename"), "company.rename", str(id)),)))
    return parts


@button("company.alike")
def alike_pressed(work: Work, company: Company) -> Reply:
    """Everybody's record writes it as most of them do."""
    best = companies.page(work, company).spellings
    reply = _renamed(work, company, best[0][0] if best else company.name)
    return Reply(reply.parts, instead=True)


@button("company.make_one")
def make_one_pressed(work: Work, company: Company, value: str) -> Reply:
    """Two companies are one from now on, under the name of the page."""
    id = value.partition(":")[2]
    into = work.get(Company, int(id)) if id.isdecimal() and len(id) < 20 else None
    if into is None:
        raise Refused("button.gone")
    count = companies.make_one(work, company, into)
    words = voice_of(work).words("company.is_one", name=into.name, other=company.name, count=count)
    return Reply((Text(words),), instead=True)


@button("company.rename")
def rename_pressed(work: Work, company: Company) -> Reply:
    """Ask for another name."""
    voice = voice_of(work)
    return Reply(
        form=Form(
            does="company.rename",
            title=voice.say("form.rename_company"),
            submit=voice.say("button.save"),
            cancel=voice.say("button.cancel"),
            fields=(Field("name", voice.say("label.name"), company.name),),
            value=str(company.id),
        )
    )


@form("company.rename")
def rename_from_form(work: Work, company: Company, incoming: Incoming) -> Reply:
    """The other name is given."""
    name = incoming.fields.get("name", "")
    if not companies.key_of(name):
        return Reply(wrong={"name": voice_of(work).say("company.no_name")})
    return _renamed(work, company, name)


def _renamed(work: Work, company: Company, name: str) -> Reply:
    before = company.name
    now, count = companies.rename(work, company, name)
    words = voice_of(work).words("company.renamed", before=before, name=now.name, count=count)
    return Reply((Text(words),))
