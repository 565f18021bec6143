"""What a campaign says to each person, made when their message is claimed.

So it says what is known of them at that moment, and what stands in the outbox has no words.
"""

from collections.abc import Collection

from handlers.actions import links, trials
from handlers.actions.campaigns import rendering
from handlers.message import Reply
from storage.queries import queueing
from storage.records import Campaign, PersonalLink
from storage.work import Work


def words_for(work: Work, campaign: Campaign, recipient_ids: Collection[int]) -> dict[int, Reply]:
    """The message as each of these recipients gets it, by the recipient's id."""
    people = queueing.addressed(work, recipient_ids)
    trial = trials.of(work, campaign)
    personal = links.links_for(work, campaign, people)
    return {
        id: rendering(
            campaign,
            contact,
            trials.texts_of(campaign, trial, recipient.variant),
            _addresses(work, campaign, personal.get(id)),
        )
        for id, (recipient, contact) in people.items()
    }


def _addresses(work: Work, campaign: Campaign, link: PersonalLink | None) -> dict[int, str]:
    """Where each button leads for one person, by its place, where that is told to us."""
    if link is None:
        return {}
    return {at: links.through(work, link, at) for at in range(len(campaign.buttons or ()))}
