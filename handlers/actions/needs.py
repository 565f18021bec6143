"""What customers look for: noted from what they say or by the team, offered, met, dropped."""

from rapidfuzz import fuzz

from handlers.actions.access import Permission, action
from handlers.actions.outgoing import tell
from handlers.cards.lines import shortened
from handlers.cards.needs import match_reply
from handlers.texts import Voice
from handlers.understanding import Wish
from storage.errors import Refused
from storage.queries import feedback, members
from storage.records import Contact, Interaction, Member, Need, Product, Role, Urgency
from storage.work import Work

PROPOSED, OPEN, REFUSED = "proposed", "open", "refused"
OFFERED, MET, DROPPED = "offered", "met", "dropped"
STATES = (OPEN, OFFERED, MET, DROPPED)
# As near as the words of a product must come to those of a need, of 100.
ALIKE = 82
MOST_MATCHES = 20


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


@action(Permission.SERVE, audited=True)
def add(work: Work, contact: Contact, wish: Wish, said: Interaction | None = None) -> Need:
    """Write down what a customer looks for, and where they said so when that is known."""
    what = shortened(wish.what, 512)
    if not what:
        raise Refused("need.empty")
    return work.add(
        Need(
            contact_id=contact.id,
            interaction_id=said.id if said is not None else None,
            what=what,
            lowest_price=wish.lowest,
            highest_price=wish.highest,
            currency=wish.currency,
            state=OPEN,
            created_at=work.now,
        )
    )


@action(Permission.SERVE, audited=True)
def put(work: Work, need: Need, state: str, product: Product | None = None) -> bool:
    """It is offered, met, dropped or open again; False when it was so already."""
    if state not in STATES:
        raise Refused("need.no_state", words=", ".join(STATES))
    if need.state == state and (product is None or need.product_id == product.id):
        return False
    need.state, need.changed_at = state, work.now
    if product is not None:
        need.product_id = product.id
    return True


@action(Permission.READ)
def of(work: Work, contact: Contact) -> list[Need]:
    """What a customer looks for and looked for, the newest first."""
    return feedback.needs_of(work, contact)


@action(Permission.READ)
def in_state(work: Work, state: str = OPEN) -> list[tuple[Need, Contact]]:
    """The newest needs in a state, with whose they are."""
    return feedback.needs_in(work, (state,))


# What is new on sale, beside what people look for


def fits(need: Need, product: Product) -> bool:
    """Whether a product may be what somebody looks for, at a price that they would pay."""
    said, name = need.what.casefold(), f"{product.name} {product.category or ''}".casefold()
    if fuzz.token_set_ratio(said, name) < ALIKE and fuzz.partial_ratio(said, name) < ALIKE:
        return False
    if product.price is None or need.currency not in (None, product.currency):
        return True
    return need.highest_price is None or product.price <= need.highest_price


def propose_matches(work: Work, product: Product) -> int:
    """Tell each owner whose customers look for such a product; how many customers that are."""
    found: dict[int, list[tuple[Need, Contact]]] = {}
    for need, contact in feedback.needs_in(work, (OPEN,), limit=5000):
        if fits(need, product):
            for owner in _owners(work, contact):
                found.setdefault(owner.id, []).append((need, contact))
    for id, matches in found.items():
        owner = work.sure(Member, id)
        voice = Voice(owner.language, owner.zone)
        reply = match_reply(voice, product, matches[:MOST_MATCHES])
        tell(work, owner, reply, key=f"match:{product.id}:{id}", urgency=Urgency.SERVICE)
    return len({contact.id for matches in found.values() for _, contact in matches})


def _owners(work: Work, contact: Contact) -> list[Member]:
    """Who hears of it: the contact's owner, or else whoever leads."""
    owner = work.get(Member, contact.owner_id)
    if owner is not None and owner.active:
        return [owner]
    return members.with_role(work, Role.MANAGER) or members.with_role(work, Role.ADMIN)
