"""What goes to many people at once: counted anew, the number typed, a second person's yes."""

from handlers.actions import audiences
from handlers.actions.members import me
from handlers.actions.policies import policy
from storage.errors import Refused
from storage.records import Campaign
from storage.work import Work


def counted_anew(work: Work, campaign: Campaign) -> int:
    """How many it reaches at this moment. Raises Refused while they are still being counted."""
    if campaign.tally is None or audiences.is_counted(campaign):
        audiences.count_anew(work, campaign)
    if not audiences.is_counted(campaign):
        raise Refused("campaign.still_counting")
    return audiences.reach(campaign)


def agreed(work: Work, campaign: Campaign, people: int, shown: int, typed: int | None) -> bool:
    """Whether it may go to so many; False when a second person has to say so too.

    Raises Refused where the number has to be typed (as it is, or as it was shown), and to who has
    asked already.
    """
    if to_type(work, people) is not None and typed not in (people, shown):
        raise Refused("campaign.type_number", count=people)
    if people <= policy(work, "campaign_second_above"):
        return True
    if campaign.asked_by == me(work).id:
        raise Refused("campaign.second_person")
    if campaign.asked_by is not None:
        return True
    campaign.asked_by = me(work).id
    return False


def to_type(work: Work, people: int) -> int | None:
    """The number of people, when it has to be typed before anything goes to them."""
    return people if people > policy(work, "campaign_typed_above") else None
