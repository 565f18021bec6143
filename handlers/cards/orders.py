"""How orders look in a chat."""

from handlers.message import BOLD, Line
from handlers.texts import LANGUAGES, Voice
from storage.records import Order, OrderKind

_MARK = {OrderKind.PURCHASE: "📦", OrderKind.REFUND: "💸", OrderKind.RETURN: "↩️"}


def order_line(voice: Voice, order: Order) -> Line:
    """Number, how it stands, how much, when."""
    kind = "" if order.kind is OrderKind.PURCHASE else f"{voice.say(f'order.{order.kind}')} · "
    amount = _amount(voice, order)
    return Line(
        (
            (f"{_MARK.get(order.kind, '📦')} {order.number}", BOLD),
            (f" — {kind}{status_words(voice, order.status)}\n", ""),
            (f"{amount} · {voice.day(order.at)}", "i"),
        )
    )


def status_words(voice: Voice, status: str) -> str:
    """A state in plain words; one that we know nothing of as it stands."""
    key = f"order.status.{status.casefold()}"
    return voice.say(key) if key in LANGUAGES["en"] else status.replace("_", " ")


def _amount(voice: Voice, order: Order) -> str:
    from babel.numbers import format_currency

    return format_currency(order.amount, order.currency, locale=voice.language)
