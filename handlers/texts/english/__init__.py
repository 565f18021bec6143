"""Every word in English, one file a subject."""

from handlers.texts.english import (
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

ENGLISH: dict[str, str] = {
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
