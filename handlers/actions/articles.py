"""The knowledge base: short articles, offered to customers who ask what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from handlers.actions import tickets
from handlers.actions.access import Permission, action
from handlers.actions.knowledge import LONGEST_TEXT, in_language, keep_version, note_change
from handlers.actions.outgoing import say_to_customer
from handlers.actions.policies import policy
from handlers.cards import shortened
from handlers.message import BOLD, Button, Buttons, Reply, Text, plain
from handlers.texts import Voice
from storage.errors import Refused
from storage.queries import contacts, house, knowledge
from storage.records import (
    Article,
    ArticleOffer,
    Contact,
    Interaction,
    OfferState,
    Ticket,
    TicketStatus,
    Urgency,
)
from storage.work import Work

LONGEST_TITLE = 120
MOST_QUESTIONS = 20
# More than so many for one request would be a machine that does not listen.
MOST_OFFERS = 2


@dataclass(frozen=True)
class Page:
    """What an article says in one language, and the questions that it answers."""

    title: str
    text: str
    questions: tuple[str, ...] = ()


def page_of(article: Article, language: str) -> tuple[str, Page] | None:
    """An article's page in a language, or else in another one, and in which."""
    found = in_language(article.pages, language)
    if found is None:
        return None
    spoken, page = found
    return spoken, Page(page["title"], page["text"], tuple(page.get("questions", ())))


@action(Permission.READ)
def listed(work: Work) -> list[Article]:
    """Every article, by number."""
    return knowledge.articles(work)


@action(Permission.READ)
def numbered(work: Work, number: int) -> Article:
    """The article of that number. Raises Refused("article.unknown")."""
    article = knowledge.article_numbered(work, number)
    if article is None:
        raise Refused("article.unknown", number=number)
    return article


@action(Permission.CAMPAIGN, audited=True)
def write(work: Work, article: Article | None, pages: Mapping[str, Page]) -> Article:
    """Write an article, or change one in the languages given; a page without text goes.

    Raises Refused when no page would be left, and for one that is too long or has no title.
    """
    left = dict(article.pages) if article else {}
    for language, page in pages.items():
        left.pop(language, None)
        if not page.text.strip():
            continue
        if not page.title.strip():
            raise Refused("article.no_title")
        if len(page.text) > LONGEST_TEXT or len(page.title) > LONGEST_TITLE:
            raise Refused("knowledge.too_long", most=LONGEST_TEXT)
        left[language] = {
            "title": page.title.strip(),
            "text": page.text.strip(),
            "questions": [each.strip() for each in page.questions if each.strip()][:MOST_QUESTIONS],
        }
    if not left:
        raise Refused("article.no_text")
    if article is None:
        number = house.next_number(work, "article")
        article = work.add(Article(number=number, changed_at=work.now))
    else:
        keep_version(work, article)
    article.pages = left
    note_change(work, article)
    return article


@action(Permission.CAMPAIGN, audited=True)
def set_active(work: Work, article: Article, active: bool) -> Article:
    """Have an article offered, or not any more; its counts stay."""
    article.active = active
    note_change(work, article)
    return article


# Offered


@action(Permission.SYSTEM)
def offer(work: Work, article: Article, said: Interaction, ticket: Ticket) -> ArticleOffer | None:
    """Show a customer the article that answers what they asked; None when people should answer."""
    contact = work.sure(Contact, said.contact_id)
    identity = contacts.telegram_of(work, contact)
    earlier = knowledge.offers_of(work, ticket)
    found = page_of(article, contact.language)
    if (
        identity is None
        or identity.blocked_at is not None
        or found is None
        or ticket.first_answered_at is not None
        or not ticket.is_open
        or len(earlier) >= MOST_OFFERS
        or any(each.article_id == article.id for each in earlier)
    ):
        return None
    minutes = int(policy(work, "article_minutes"))
    made = work.add(
        ArticleOffer(
            article_id=article.id,
            ticket_id=ticket.id,
            contact_id=contact.id,
            interaction_id=said.id,
            at=work.now,
            until=work.now + timedelta(minutes=minutes),
        )
    )
    article.offered += 1
    say_to_customer(
        work,
        identity,
        _shown(Voice(contact.language), found[1], made),
        key=f"article:{made.id}",
        urgency=Urgency.REPLY,
        reply_to=(said.origin or "").rpartition(":")[2],
    )
    title = shortened(found[1].title, 80)
    tickets.tell_thread(work, ticket, "article.offered", number=article.number, title=title)
    return made


def _shown(voice: Voice, page: Page, made: ArticleOffer) -> Reply:
    words = ((f"📖 {page.title}\n", BOLD), *plain(page.text))
    yes = Button(voice.say("article.yes"), "article.yes", str(made.id))
    no = Button(voice.say("article.no"), "article.no", str(made.id))
    return Reply((Text(words), Text(voice.words("article.question")), Buttons((yes, no))))


@action(Permission.CUSTOMER)
def offer_made(work: Work, contact: Contact, id: int) -> ArticleOffer | None:
    """An offer that was made to this customer; other people's are none."""
    made = work.get(ArticleOffer, id)
    return made if made is not None and made.contact_id == contact.id else None


@action(Permission.CUSTOMER)
def judge(work: Work, made: ArticleOffer, helped: bool) -> bool:
    """The customer says whether it helped; False when they had said so before.

    When it did and nobody else has been asked anything, the request is over without any bother.
    """
    if made.state in (OfferState.HELPED, OfferState.DID_NOT_HELP):
        return False
    was = made.state
    article = work.sure(Article, made.article_id)
    ticket = tickets.survivor(work, work.sure(Ticket, made.ticket_id))
    if helped:
        article.helped += 1
        _settle(work, made, OfferState.HELPED)
        if ticket.is_open and was is not OfferState.PASSED:
            tickets.end(work, ticket, TicketStatus.RESOLVED)
            tickets.tell_thread(work, ticket, "article.helped", number=article.number)
            return True
    else:
        article.did_not_help += 1
        _settle(work, made, OfferState.DID_NOT_HELP)
    key = "article.helped_late" if helped else "article.did_not_help"
    tickets.tell_thread(work, ticket, key, number=article.number)
    return True


def pass_by(work: Work, ticket_id: int, after: int) -> None:
    """The conversation goes on: what was offered before that no longer waits for an answer."""
    for made in knowledge.offered_in(work, ticket_id):
        if made.interaction_id < after:
            _settle(work, made, OfferState.PASSED)


@action(Permission.SYSTEM)
def unanswered(work: Work, limit: int) -> list[ArticleOffer]:
    """Offers to which no answer came in time."""
    return knowledge.offers_over(work, work.now, limit)


@action(Permission.SYSTEM)
def fall_through(work: Work, made: ArticleOffer) -> None:
    """No answer is an answer too: people are asked."""
    _settle(work, made, OfferState.UNANSWERED)
    ticket = tickets.survivor(work, work.sure(Ticket, made.ticket_id))
    if ticket.is_open and ticket.first_answered_at is None:
        article = work.sure(Article, made.article_id)
        tickets.tell_thread(work, ticket, "article.unanswered", number=article.number)


def _settle(work: Work, made: ArticleOffer, state: OfferState) -> None:
    made.state, made.settled_at = state, work.now
