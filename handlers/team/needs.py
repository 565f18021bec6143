"""Commands and buttons about what customers look for."""

from handlers.actions import needs
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.cards.needs import need_card, needs_list
from handlers.command import button, command
from handlers.message import Reply
from handlers.understanding import Wish, wish_in
from storage.errors import Refused
from storage.records import Contact, Interaction, Need, Product
from storage.work import Work

_STATES = {
    "open": needs.OPEN, "offered": needs.OFFERED, "met": needs.MET, "dropped": needs.DROPPED,
    "未满足": needs.OPEN, "已推荐": needs.OFFERED, "已满足": needs.MET, "已放弃": needs.DROPPED,
}  # fmt: skip


@command("need <contact> <what> [under <price>]", also=("需求",), needs=Permission.SERVE)
def need(work: Work, contact: Contact, text: str | None) -> Reply:
    """Write down what a customer looks for: anna looking for 3 desks under 500 EUR."""
    if not text:
        return _listed_of(work, contact)
    wish = wish_in(text) or wish_in(f"looking for {text}") or Wish(text)
    kept = needs.add(work, contact, wish)
    shown = _card(work, kept)
    said = voice_of(work).reply("need.kept", name=contact.name)
    return Reply((*said.parts, *shown.parts))


@command("needs [open|offered|met|dropped]", also=("需求列表",))
def needs_in_state(work: Work, text: str | None) -> Reply:
    """What customers look for, the newest first."""
    state = _STATES.get((text or "open").strip().casefold(), needs.OPEN)
    found = needs.in_state(work, state)
    voice = voice_of(work)
    if not found:
        return voice.reply("need.none")
    return needs_list(voice, found, voice.say(f"need.list_{state}", count=len(found)))


def _listed_of(work: Work, contact: Contact) -> Reply:
    voice = voice_of(work)
    found = needs.of(work, contact)
    if not found:
        return voice.reply("need.none_of", name=contact.name)
    pairs = [(each, contact) for each in found]
    return needs_list(voice, pairs, voice.say("need.list_of", name=contact.name))


def _card(work: Work, need: Need) -> Reply:
    contact = work.sure(Contact, need.contact_id)
    said = work.get(Interaction, need.interaction_id)
    return need_card(voice_of(work), need, contact, said)


@button("need.show")
def need_pressed(work: Work, need: Need) -> Reply:
    """What somebody looks for."""
    return _card(work, need)


@button("need.put")
def need_put(work: Work, need: Need, value: str) -> Reply:
    """Into the state of the button; pressing twice is once."""
    needs.put(work, need, value.partition(":")[2])
    return Reply(_card(work, need).parts, instead=True)


@button("need.offer")
def need_offered(work: Work, need: Need, value: str) -> Reply:
    """This product was offered for it."""
    id = value.partition(":")[2]
    product = work.get(Product, int(id)) if id.isdecimal() and len(id) < 19 else None
    if product is None:
        raise Refused("button.gone")
    needs.put(work, need, needs.OFFERED, product)
    said = voice_of(work).reply("need.offered", product=product.name)
    return Reply((*said.parts, *_card(work, need).parts))
