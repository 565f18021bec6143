"""The people and the past week of the demo, so that there is something to find, send and report."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from bot.playground import sample_profiles
from bot.playground.slack import Member, SlackCloud
from bot.playground.telegram import Person, TelegramCloud
from handlers.actions import members, needs, orders, policies, products
from handlers.actions.orders import Bought, Item
from handlers.message import Person as Speaker
from handlers.understanding import Wish
from storage.queries import house
from storage.records import (
    Contact,
    ContactTag,
    Direction,
    Feedback,
    FeedbackKind,
    Identity,
    IdentityKind,
    Interaction,
    Product,
    Role,
    Stage,
    Survey,
    Ticket,
    TicketStatus,
)
from storage.records import Member as TeamMember
from storage.work import Work

ENGLISH = (
    ("Anna", "Lee", "annalee", "Acme", ("vip",)),
    ("Omar", "Haddad", "omarh", "Haddad & Sons", ("vip", "wholesale")),
    ("Tom", "Baker", "tombaker", None, ()),
    ("Grace", "Okafor", "grace_ok", "Lagos Prints", ("vip",)),
)
CHINESE = (
    ("小明", "王", "wangxm", "明日科技", ("vip",)),
    ("丽", "陈", "chenli", None, ("wholesale",)),
)
# They have never written: the story begins with them.
STRANGERS = (("Sofia", "Rossi", "sofiarossi", "en"), ("静", "李", "lijing", "zh-hans"))

SAID = {
    "en": (
        "Is the blue kettle safe in a dishwasher?",
        "My order 998 came with a broken lid",
        "Can I change the delivery address?",
        "Great service, thank you!",
        "How much is shipping to Berlin?",
        "The invoice has the wrong VAT number",
    ),
    "zh": (
        "蓝色的水壶可以放进洗碗机吗？",
        "我的订单少了一件",
        "可以改送货地址吗？",
        "谢谢，服务很好！",
        "发票抬头写错了",
    ),
}
ANSWERED = {
    "en": (
        "Yes, I have just looked it up for you.",
        "Sorry! A new one is on its way.",
        "Done, it goes to the new address.",
    ),
    "zh": ("可以的，我刚帮您查过。", "抱歉！已为您补发。", "已经改好了。"),
}


def people(telegram: TelegramCloud, language: str = "en") -> list[Person]:
    """The customers' phones: first those who have never written, then those who are known."""
    # Who speaks the reader's language is in hand at first.
    for first, last, username, speaks in sorted(
        STRANGERS, key=lambda each: not each[3].startswith(language)
    ):
        telegram.person(first, last, username, speaks)
    for first, last, username, _, _ in ENGLISH:
        telegram.person(first, last, username, started=True)
    for first, last, username, _, _ in CHINESE:
        telegram.person(first, last, username, "zh-hans", started=True)
    return list(telegram.people.values())


def staff(slack: SlackCloud, language: str) -> list[Member]:
    """Who works in Slack: Ann and Bo serve, Mia manages."""
    locale = "zh-CN" if language == "zh" else "en-GB"
    zone = "Asia/Shanghai" if language == "zh" else "Europe/London"
    slack.channel("support")
    slack.channel("general")
    team = [
        slack.member("ann", "Ann Archer", zone, "ann@acme.test", locale=locale),
        slack.member("bo", "Bo Chen", "Asia/Shanghai", "bo@acme.test", locale="zh-CN"),
        slack.member("mia", "Mia Moss", zone, "mia@acme.test", locale=locale),
    ]
    for each in team:
        # From the start the app stands among everybody's direct messages, with its Home tab.
        slack.workspace.dm_with(each.id)
    return team


def remember(
    work: Work,
    telegram: TelegramCloud,
    slack: SlackCloud,
    team: list[Member],
    language: str = "en",
) -> None:
    """A week of business: members, contacts, tickets, messages, a few products and scores."""
    dice = random.Random(7)
    if language != "en":
        policies.set_policy(work, "team_language", language)
    # Opening hours and their like go by the clock of most of them.
    policies.set_policy(work, "team_zone", team[0].tz)
    known = [_member(work, slack, each) for each in team]
    agents = known[:2]
    sold = [
        products.add(work, name, Decimal(price), "EUR", sku, "kitchen")
        for sku, name, price in (
            ("K-1", "Kettle, blue", 49),
            ("K-2", "Kettle, steel", 59),
            ("M-1", "Mug, white", 9),
        )
    ]
    known_people = list(telegram.people.values())[len(STRANGERS) :]
    met: list[Contact] = []
    for person, described in zip(known_people, (*ENGLISH, *CHINESE), strict=True):
        contact = _contact(work, person, described, agents[0])
        _past(work, dice, contact, agents)
        _bought(work, dice, contact, sold)
        met.append(contact)
    _wishes(work, met)
    sample_profiles.enrich(work, known[-1], language)


def _member(work: Work, slack: SlackCloud, member: Member) -> TeamMember:
    speaker = Speaker(
        id=member.id,
        name=member.real_name,
        language=member.locale,
        zone=member.tz,
        email=member.email or "",
        belongs=True,
    )
    known = members.meet(work, slack.workspace.team_id, speaker)
    assert known is not None
    if member.name == "mia":
        members.set_role(work, known, Role.ADMIN)
    return known


def _contact(
    work: Work,
    person: Person,
    described: tuple[str, str, str, str | None, tuple[str, ...]],
    owner: TeamMember,
) -> Contact:
    _, _, username, company, tags = described
    chinese = person.language_code.startswith("zh")
    name = (
        f"{person.last_name}{person.first_name}"
        if chinese
        else f"{person.first_name} {person.last_name}"
    )
    # Before the first order that they may have placed.
    met = work.now - timedelta(days=300 + person.id % 60)
    contact = work.add(
        Contact(
            name=name,
            first_name=person.first_name,
            company=company,
            language="zh" if chinese else "en",
            source="telegram",
            stage=Stage.CUSTOMER if tags else Stage.LEAD,
            owner_id=owner.id,
            created_at=met,
        )
    )
    for kind, value, shown in (
        (IdentityKind.TELEGRAM, str(person.id), f"@{username}"),
        (IdentityKind.USERNAME, username, f"@{username}"),
    ):
        work.add(
            Identity(contact_id=contact.id, kind=kind, value=value, shown=shown, created_at=met)
        )
    for tag in tags:
        work.add(ContactTag(contact_id=contact.id, tag=tag))
    return contact


def _past(work: Work, dice: random.Random, contact: Contact, agents: list[TeamMember]) -> None:
    """Some requests of the last eight days, all answered and resolved."""
    lines, answers = SAID[contact.language], ANSWERED[contact.language]
    for days in sorted(dice.sample(range(1, 9), dice.randint(3, 6)), reverse=True):
        opened = work.now - timedelta(days=days, minutes=dice.randint(0, 600))
        asked = dice.choice(lines)
        answered = opened + timedelta(minutes=dice.randint(4, 55))
        agent = dice.choice(agents)
        ticket = _resolved(work, contact, asked, agent, opened, answered)
        _said(work, ticket, Direction.IN, asked, opened, None)
        contact.last_heard_at = opened
        _said(work, ticket, Direction.OUT, dice.choice(answers), answered, agent)
        if dice.random() < 0.5:
            thanks = "谢谢！" if contact.language == "zh" else "Thank you!"
            contact.last_heard_at = answered + timedelta(minutes=3)
            _said(work, ticket, Direction.IN, thanks, contact.last_heard_at, None)
        if dice.random() < 0.4:
            score = dice.choice((4, 5, 5))
            _rated(work, ticket, score, answered + timedelta(hours=1))


def _rated(work: Work, ticket: Ticket, score: int, at: datetime) -> None:
    """What the customer said of a request once it was resolved."""
    said = work.add(
        Feedback(
            contact_id=ticket.contact_id,
            ticket_id=ticket.id,
            kind=FeedbackKind.CSAT,
            score=score,
            at=at,
        )
    )
    # The survey points at it, and may be written first.
    work.flush()
    ticket.csat = score
    work.add(
        Survey(
            contact_id=ticket.contact_id,
            ticket_id=ticket.id,
            asked_at=at,
            score=score,
            rated_at=at,
            feedback_id=said.id,
        )
    )


def _bought(work: Work, dice: random.Random, contact: Contact, sold: list[Product]) -> None:
    """Some orders, the newest on its way; now and then something was given back."""
    times = dice.randint(1, 5)
    for days in sorted((dice.randint(1, 3), *dice.sample(range(20, 300), times)), reverse=True):
        chosen = dice.sample(sold, dice.randint(1, 2))
        items = tuple(
            Item(each.name, Decimal(dice.choice((1, 1, 2))), each.price or Decimal(0), each)
            for each in chosen
        )
        at = work.now - timedelta(days=days)
        status = "shipped" if days <= 3 else "delivered"
        bought = Bought(items, "EUR", at, payment_method="card", status=status)
        made = orders.place(work, contact, bought)
        if status == "delivered" and dice.random() < 0.2:
            orders.refund(work, made, Decimal(5), "EUR", "damaged in transit")


def _wishes(work: Work, contacts: list[Contact]) -> None:
    """What two of them look for."""
    for contact, wish in zip(
        contacts,
        (
            Wish("glass teapot", highest=Decimal(40), currency="EUR"),
            Wish("20 travel mugs", lowest=Decimal(200), highest=Decimal(300), currency="EUR"),
        ),
        strict=False,
    ):
        needs.add(work, contact, wish)


def _resolved(
    work: Work,
    contact: Contact,
    subject: str,
    agent: TeamMember,
    opened: datetime,
    answered: datetime,
) -> Ticket:
    return work.add(
        Ticket(
            number=house.next_number(work, "ticket"),
            contact_id=contact.id,
            subject=subject,
            status=TicketStatus.RESOLVED,
            assignee_id=agent.id,
            opened_at=opened,
            first_answered_at=answered,
            # Long enough ago for a new message to be a new request.
            resolved_at=min(answered + timedelta(hours=1), work.now - timedelta(hours=2)),
        )
    )


def _said(
    work: Work,
    ticket: Ticket,
    direction: Direction,
    text: str,
    at: datetime,
    agent: TeamMember | None,
) -> None:
    work.add(
        Interaction(
            contact_id=ticket.contact_id,
            ticket_id=ticket.id,
            member_id=agent.id if agent else None,
            channel="telegram",
            direction=direction,
            text=text,
            at=at,
        )
    )
