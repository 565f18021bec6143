"""Commands and forms about what we sell."""

import re

from handlers import amounts
from handlers.actions import products
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.amounts import Amount
from handlers.cards.orders import number_words, product_line
from handlers.command import button, command, form
from handlers.grammar import Tags
from handlers.message import Button, Buttons, Field, Form, Hint, Incoming, Part, Reply, Text
from handlers.team.filling import wrong_beside
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Product
from storage.work import Work

_SKU = re.compile(r"(?:^|\s)(?:sku|no\.?|编号)[:：=\s]+(\S+)", re.IGNORECASE)
_ADD = {"add", "new", "添加", "新增"}
_EDIT = {"edit", "change", "修改", "编辑"}
_RETIRE = {"retire", "remove", "stop", "停售", "下架", "restore", "sell", "恢复", "上架"}
MOST = 30


@command(
    "product add <name> <price> [sku <number>] [#category]",
    also=("产品", "products", "商品"),
    needs=Permission.SERVE,
)
def product(work: Work, text: str | None, tags: Tags | None) -> Reply:
    """What we sell: list; add Kettle, blue 49 EUR; edit, retire or restore one by its name."""
    verb, _, rest = (text or "").strip().partition(" ")
    word = verb.casefold()
    if word in _ADD:
        if not rest.strip():
            return Reply(form=product_form(voice_of(work)))
        return _added(work, rest, tags[0] if tags else "")
    if word in _EDIT and rest.strip():
        return _edited(work, rest)
    if word in _RETIRE and rest.strip():
        return _retired(work, products.named(work, rest))
    if word in ("", "list", "all", "列表"):
        return _listed(work)
    return Reply((product_line(voice_of(work), products.named(work, text or "")),))


def _listed(work: Work) -> Reply:
    voice = voice_of(work)
    found = products.listed(work)
    new = Buttons((Button(voice.say("button.new_product"), "product.form"),))
    if not found:
        return Reply((Text(voice.words("product.none")), new))
    parts: list[Part] = [Text(voice.words("product.list", count=len(found)))]
    parts += [product_line(voice, each) for each in found[:MOST]]
    if len(found) > MOST:
        parts.append(Hint(voice.words("product.more", count=len(found) - MOST)))
    return Reply((*parts, new))


def _added(work: Work, text: str, category: str) -> Reply:
    sku = _SKU.search(text)
    if sku is not None:
        text = f"{text[: sku.start()]} {text[sku.end() :]}".strip()
    price = amounts.find(text)
    name = text if price is None else f"{text[: price.start]} {text[price.end :]}"
    made = products.add(
        work,
        " ".join(name.split()).strip(" ,，"),
        price.value if price else None,
        (price and price.currency) or "",
        sku[1] if sku else "",
        category,
    )
    return _said(work, made, "product.added")


def _said(work: Work, shown: Product, key: str) -> Reply:
    voice = voice_of(work)
    return Reply((Text(voice.words(key, name=shown.name)), product_line(voice, shown)))


def _edited(work: Work, text: str) -> Reply:
    """A new price behind the name, or the form with all of it."""
    price = amounts.find(text)
    name = text[: price.start].strip() if price is not None else text
    found = products.meant(work, text)
    if found is not None or price is None or not name:
        return Reply(form=product_form(voice_of(work), found or products.named(work, text)))
    found = products.named(work, name)
    products.change(
        work, found, found.name, price.value, price.currency or "", "", found.category or ""
    )
    return _said(work, found, "product.changed")


def _retired(work: Work, found: Product) -> Reply:
    return _said(work, found, "product.sold" if products.retire(work, found) else "product.retired")


def product_form(voice: Voice, known: Product | None = None) -> Form:
    """Everything about a product."""
    price = ""
    if known is not None and known.price is not None:
        price = f"{number_words(known.price)} {known.currency or ''}".strip()
    filled = {
        "name": known.name if known else "",
        "price": price,
        "sku": known.sku if known else "",
        "category": (known.category if known else "") or "",
    }
    labels = {"name": "product", "price": "price", "sku": "sku", "category": "category"}
    return Form(
        does="product.save",
        title=voice.say("form.edit_product" if known else "form.new_product"),
        submit=voice.say("button.save"),
        cancel=voice.say("button.cancel"),
        fields=tuple(
            Field(name, voice.say(f"label.{label}"), value=filled[name], optional=name != "name")
            for name, label in labels.items()
        ),
        value=str(known.id) if known else "",
    )


@button("product.form")
def product_form_pressed(work: Work) -> Reply:
    """Ask for a new product."""
    return Reply(form=product_form(voice_of(work)))


@button("product.edit")
def product_edit_pressed(work: Work, product: Product) -> Reply:
    """Ask for what is to be different."""
    return Reply(form=product_form(voice_of(work), product))


@form("product.save")
def product_from_form(work: Work, incoming: Incoming) -> Reply:
    """It is filled in; what is wrong is said beside its field."""
    voice = voice_of(work)
    said = {name: text.strip() for name, text in incoming.fields.items()}
    price = amounts.whole(said.get("price", "")) if said.get("price") else None
    if said.get("price") and price is None:
        return Reply(wrong={"price": voice.say("deal.no_amount", text=said["price"][:40])})
    try:
        return _saved(work, incoming.value, said, price)
    except Refused as refused:
        field = "sku" if "sku" in refused.key else "name"
        return wrong_beside(work, field, refused)


def _saved(work: Work, id: str, said: dict[str, str], price: Amount | None) -> Reply:
    known = work.get(Product, int(id)) if id.isdecimal() and len(id) < 19 else None
    value, currency = (price.value, price.currency or "") if price else (None, "")
    name, sku, category = said.get("name", ""), said.get("sku", ""), said.get("category", "")
    if known is None:
        made = products.add(work, name, value, currency, sku, category)
        return _said(work, made, "product.added")
    products.change(work, known, name, value, currency, sku, category)
    return _said(work, known, "product.changed")
