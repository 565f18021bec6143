"""What customers look for: noted from what they say, once somebody of the team agrees."""

from handlers.actions.access import Permission, action
from handlers.understanding import Wish
from storage.records import Interaction, Need
from storage.work import Work

PROPOSED, OPEN, REFUSED = "proposed", "open", "refused"


@action(Permission.SYSTEM)
def propose(work: Work, said: Interaction, wish: Wish) -> Need:
    """Note down what somebody seems to look for; it counts when it is kept."""
    return work.add(
        Need(
            contact_id=said.contact_id,
            interaction_id=said.id,
            what=wish.what,
            lowest_price=wish.lowest,
            highest_price=wish.highest,
            currency=wish.currency,
            state=PROPOSED,
            created_at=work.now,
        )
    )


@action(Permission.SERVE, audited=True)
def keep(work: Work, need: Need) -> Need:
    """It is what they look for."""
    need.state = OPEN
    return need


@action(Permission.SERVE, audited=True)
def refuse(work: Work, need: Need) -> Need:
    """It is not."""
    need.state = REFUSED
    return need
