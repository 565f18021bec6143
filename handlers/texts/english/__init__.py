"""Every word in English, one file a subject."""

from handlers.texts.english import (
    campaigns,
    commands,
    contacts,
    conversation,
    customers,
    digest,
    follow_ups,
    house,
    labels,
    people,
    tickets,
    usage,
)

ENGLISH: dict[str, str] = {
    **campaigns.WORDS,
    **commands.WORDS,
    **contacts.WORDS,
    **conversation.WORDS,
    **customers.WORDS,
    **digest.WORDS,
    **follow_ups.WORDS,
    **usage.WORDS,
    **house.WORDS,
    **labels.WORDS,
    **people.WORDS,
    **tickets.WORDS,
}
