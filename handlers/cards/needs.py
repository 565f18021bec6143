"""How needs look in a chat."""

from decimal import Decimal

from handlers.amounts import in_units
from handlers.message import BOLD, Button, Buttons, Hint, Line, Part, Quote, Reply, Text, Words
from handlers.texts import Voice
from storage.records import Contact, Interaction, Need, Product


def need_words(voice: Voice, need: Need) -> Words:
    """ "3 desks · under €500 · open"."""
    price = _price(voice, need)
    state = voice.say(f"need.state_{need.state}")
    return ((need.what, BOLD), (f"{price} · {state}", ""))


def _price(voice: Voice, need: Need) -> str:
    def shown(amount: Decimal) -> str:
        if need.currency is None:
            return f"{amount.normalize():f}"
        return voice.money(in_units(amount, need.currency), need.currency)

    if need.lowest_price is not None and need.highest_price is not None:
        between = voice.say(
            "need.between", low=shown(need.lowest_price), high=shown(need.highest_price)
        )
        return f" · {between}"
    if need.highest_price is not None:
        return f" · {voice.say('need.under', high=shown(need.highest_price))}"
    return ""


def need_card(voice: Voice, need: Need, contact: Contact, said: Interaction | None) -> Reply:
    """What somebody looks for, where they said so, and what can be done."""
    parts: list[Part] = [
        Text((*voice.words("need.of", name=contact.name), *need_words(voice, need)))
    ]
    if said is not None and said.text:
        parts += [Quote(said.text[:300]), Hint(voice.words("need.said", at=said.at))]
    buttons = tuple(
        Button(voice.say(f"button.need_{state}"), "need.put", f"{need.id}:{state}")
        for state in ("open", "offered", "met", "dropped")
        if state != need.state
    )
    return Reply((*parts, Buttons(buttons)))


def needs_list(voice: Voice, found: list[tuple[Need, Contact]], title: str) -> Reply:
    """What people look for."""
    parts: list[Part] = [Text(((title, BOLD),))]
    for need, contact in found:
        open_it = Button(voice.say("button.open"), "need.show", str(need.id))
        parts.append(Line(((f"{contact.name}: ", ""), *need_words(voice, need)), open_it))
    return Reply(tuple(parts))


def match_reply(voice: Voice, product: Product, matches: list[tuple[Need, Contact]]) -> Reply:
    """Whom a new product may be for."""
    price = ""
    if product.price is not None and product.currency:
        units = in_units(product.price, product.currency)
        price = f" ({voice.money(units, product.currency)})"
    parts: list[Part] = [
        Text(voice.words("need.match", product=product.name, price=price, count=len(matches)))
    ]
    for need, contact in matches:
        offered = Button(voice.say("button.need_offered"), "need.offer", f"{need.id}:{product.id}")
        parts.append(Line(((f"{contact.name}: ", ""), *need_words(voice, need)), offered))
    return Reply(tuple(parts))
