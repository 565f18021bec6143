"""Links in campaigns that go by our own door, so that it is known whether they were opened."""

import secrets
from collections.abc import Collection
from typing import Any
from weakref import WeakKeyDictionary

from handlers.actions.access import Permission, action
from storage.queries import trials
from storage.records import Campaign, PersonalLink
from storage.work import Work

# The path of the door: /c/<token>-<button>.
PATH = "c"
_addresses: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def note_address(engine: Any, address: str | None) -> None:
    """Where our door stands for who works on this database; without it links are not told."""
    if address:
        _addresses[engine] = address.rstrip("/")


def address(work: Work) -> str:
    """Where our door stands; empty when nobody has said."""
    return _addresses.get(work.engine, "")


def links_for(
    work: Work, campaign: Campaign, recipient_ids: Collection[int]
) -> dict[int, PersonalLink]:
    """A personal link for each of these recipients, where a campaign has links to be opened."""
    if not address(work) or not any("url" in each for each in campaign.buttons or ()):
        return {}
    found = trials.links_of(work, recipient_ids)
    for id in recipient_ids:
        if id not in found:
            # Chance, and nothing about the person in it.
            token = secrets.token_urlsafe(12).replace("-", "_")
            found[id] = work.add(
                PersonalLink(token=token, campaign_id=campaign.id, recipient_id=id)
            )
    return found


def through(work: Work, link: PersonalLink, button: int) -> str:
    """The address of a button as one person gets it."""
    return f"{address(work)}/{PATH}/{link.token}-{button}"


@action(Permission.ANYONE)
def open_link(work: Work, token: str, button: int) -> str | None:
    """Somebody opens a link: where it leads, by the campaign's own words; None for no link of ours.

    Nothing of the request decides where it leads, so it leads nowhere else.
    """
    link = trials.link_of(work, token)
    campaign = work.get(Campaign, link.campaign_id) if link is not None else None
    buttons = (campaign.buttons or []) if campaign is not None else []
    if link is None or button >= len(buttons) or "url" not in buttons[button]:
        return None
    link.clicked_at = link.clicked_at or work.now
    if button not in link.opened:
        link.opened = sorted([*link.opened, button])
    return buttons[button]["url"]
