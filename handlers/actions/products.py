"""What we sell: written down, changed, retired, and what somebody means by a name."""

import re
from decimal import Decimal

from rapidfuzz.distance import DamerauLevenshtein

from handlers.actions import needs
from handlers.actions.access import Permission, action
from handlers.actions.orders import exact
from handlers.actions.policies import policy
from handlers.amounts import LARGEST, is_currency
from handlers.cards.lines import shortened
from storage.errors import Refused
from storage.queries import house, orders
from storage.records import Product
from storage.work import Work

# As alike as two names must be for one to be meant by the other.
ALIKE = 0.86
_SKU = re.compile(r"[\w./-]{1,64}")


@action(Permission.READ)
def listed(work: Work) -> list[Product]:
    """What is sold, by name."""
    return orders.products(work)


@action(Permission.READ)
def named(work: Work, text: str) -> Product:
    """The product that is meant, retired ones too. Raises Refused("product.unknown")."""
    found = meant(work, text) or _among(orders.products(work, retired=True), text)
    if found is None:
        raise Refused("product.unknown", text=text[:64])
    return found


@action(Permission.READ)
def meant(work: Work, text: str) -> Product | None:
    """The only product on sale that a text can mean: number, name, its beginning, a typo."""
    sku = orders.product_numbered(work, text.strip())
    if sku is not None and sku.active:
        return sku
    return _among(orders.products(work), text)


def _among(known: list[Product], text: str) -> Product | None:
    said = " ".join(text.casefold().replace(",", " ").split())
    if not said:
        return None
    names = [(" ".join(each.name.casefold().replace(",", " ").split()), each) for each in known]
    for group in (
        [each for name, each in names if said in (name, each.sku.casefold())],
        [each for name, each in names if name == said.rstrip("s") or name.rstrip("s") == said],
        [each for name, each in names if set(said.split()) <= set(name.split())],
        [each for name, each in names if _alike(name, said)],
    ):
        if group:
            return group[0] if len(group) == 1 else None
    return None


def _alike(a: str, b: str) -> bool:
    return DamerauLevenshtein.normalized_similarity(a, b, score_cutoff=ALIKE) >= ALIKE


@action(Permission.SERVE, audited=True)
def add(
    work: Work,
    name: str,
    price: Decimal | None = None,
    currency: str = "",
    sku: str = "",
    category: str = "",
) -> Product:
    """Write down something that we sell; whoever looks for such a thing is proposed to its owner.

    Raises Refused without a name, and when another has its number.
    """
    product = Product(sku=sku, name=name, created_at=work.now)
    _describe(work, product, name, price, currency, category)
    product.sku = _sku(work, sku or _next_sku(work))
    work.add(product)
    needs.propose_matches(work, product)
    return product


@action(Permission.SERVE, audited=True)
def change(
    work: Work,
    product: Product,
    name: str,
    price: Decimal | None,
    currency: str = "",
    sku: str = "",
    category: str = "",
) -> None:
    """Have a product be as said; orders keep what it cost when they were placed."""
    _describe(work, product, name, price, currency, category)
    if sku and sku != product.sku:
        product.sku = _sku(work, sku)


@action(Permission.SERVE, audited=True)
def retire(work: Work, product: Product) -> bool:
    """Sell it no more, or again; whether it is sold now. Orders and needs keep pointing at it."""
    product.active = not product.active
    return product.active


def _describe(
    work: Work, product: Product, name: str, price: Decimal | None, currency: str, category: str
) -> None:
    named = shortened(name, 256)
    if not named:
        raise Refused("product.no_name")
    code = currency or product.currency or str(policy(work, "currency"))
    if not is_currency(code):
        raise Refused("deal.no_currency", text=code[:16])
    if price is not None and not 0 <= price <= LARGEST:
        raise Refused("order.wrong_amount")
    product.name, product.currency = named, code
    product.price = None if price is None else exact(price, code)
    product.category = shortened(category, 64) or None


def _sku(work: Work, sku: str) -> str:
    if not _SKU.fullmatch(sku):
        raise Refused("product.wrong_sku", text=sku[:64])
    if orders.product_numbered(work, sku) is not None:
        raise Refused("product.sku_taken", sku=sku)
    return sku


def _next_sku(work: Work) -> str:
    while True:
        sku = f"P-{house.next_number(work, 'product')}"
        if orders.product_numbered(work, sku) is None:
            return sku
