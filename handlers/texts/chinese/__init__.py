"""Every word in Chinese, one file a subject."""

from handlers.texts.chinese import (
    campaigns,
    commands,
    contacts,
    conversation,
    customers,
    desk,
    digest,
    follow_ups,
    hours,
    house,
    knowledge,
    labels,
    people,
    self_service,
    tickets,
    usage,
)

CHINESE: dict[str, str] = {
    **campaigns.WORDS,
    **commands.WORDS,
    **contacts.WORDS,
    **conversation.WORDS,
    **customers.WORDS,
    **desk.WORDS,
    **digest.WORDS,
    **follow_ups.WORDS,
    **usage.WORDS,
    **hours.WORDS,
    **house.WORDS,
    **knowledge.WORDS,
    **labels.WORDS,
    **people.WORDS,
    **self_service.WORDS,
    **tickets.WORDS,
}
