"""How recency, frequency and money look in a chat, each score with what it rests on."""

from dataclasses import dataclass
from datetime import date, timedelta

from handlers.message import (
    BOLD,
    CODE,
    Button,
    Buttons,
    Heading,
    Hint,
    Line,
    Part,
    Reply,
    Text,
    Words,
)
from handlers.texts import Voice
from storage.records import Contact, CustomerTotal, RfmCuts

# With fewer customers than that a fifth says little.
ENOUGH = 25
# Which cells people ask for, by name; x is any score.
GROUPS = {"best": "55x", "loyal": "x5x", "new": "51x", "at_risk": "15x", "lost": "11x"}
SCORES = (5, 4, 3, 2, 1)


@dataclass(frozen=True)
class Grid:
    """How many customers are in which cell, in one currency; `cuts` is None before the first."""

    currency: str
    cuts: RfmCuts | None
    # (cell, customers, what they have spent), cells in which nobody is left out.
    cells: tuple[tuple[int, int, int], ...] = ()
    others: tuple[str, ...] = ()

    @property
    def customers(self) -> int:
        """How many are in it."""
        return sum(each for _, each, _ in self.cells)

    @property
    def is_enough(self) -> bool:
        """Whether fifths of so many say something."""
        return self.customers >= ENOUGH


@dataclass(frozen=True)
class Standing:
    """Where one customer stands, with what each score rests on."""

    total: CustomerTotal
    recency: int
    frequency: int
    money: int
    # Since the last order.
    days: int
    customers: int

    @property
    def cell(self) -> str:
        """The three scores: "545"."""
        return f"{self.recency}{self.frequency}{self.money}"

    @property
    def is_enough(self) -> bool:
        """Whether fifths of so many say something."""
        return self.customers >= ENOUGH


def standing_words(voice: Voice, standing: Standing) -> Words:
    """ "545: bought 12 days ago (top fifth) · 14 orders (second fifth) · €1,240 (top fifth)"."""
    total = standing.total
    words = voice.words(
        "rfm.standing",
        cell=standing.cell,
        ago=voice.say("rfm.today") if standing.days < 1 else _ago(voice, standing.days),
        recency=_fifth(voice, standing.recency),
        orders=total.orders,
        frequency=_fifth(voice, standing.frequency),
        amount=voice.money(total.spent, total.currency),
        money=_fifth(voice, standing.money),
    )
    if standing.is_enough:
        return words
    few = voice.say("rfm.few", count=standing.customers)
    return (*words, (f" — {few}", "i"))


def _ago(voice: Voice, days: int) -> str:
    return voice.say("rfm.ago", length=timedelta(days=days))


def _fifth(voice: Voice, score: int) -> str:
    return voice.say(f"rfm.fifth_{score}")


def grid_card(voice: Voice, grid: Grid) -> Reply:
    """The customers by recency (down) and frequency (across), and what the scores mean."""
    parts: list[Part] = [Heading(voice.say("rfm.title", currency=grid.currency))]
    if grid.cuts is None or not grid.cells:
        return Reply((*parts, Text(voice.words("rfm.nobody"))))
    spent = sum(worth for _, _, worth in grid.cells)
    amount = voice.money(spent, grid.currency)
    parts.append(Text(voice.words("rfm.sum", count=grid.customers, amount=amount)))
    if not grid.is_enough:
        parts.append(Hint(voice.words("rfm.few", count=grid.customers)))
    parts.append(Text(_table(voice, grid)))
    parts += [Hint(each) for each in _meanings(voice, grid.cuts)]
    parts.append(Buttons(tuple(_groups(voice, grid))))
    if grid.others:
        others = tuple(Button(each, "rfm.grid", each) for each in grid.others[:5])
        parts += [Hint(voice.words("rfm.others")), Buttons(others)]
    return Reply(tuple(parts))


def _table(voice: Voice, grid: Grid) -> Words:
    counts: dict[tuple[int, int], int] = {}
    for cell, customers, _ in grid.cells:
        key = (cell // 100, cell // 10 % 10)
        counts[key] = counts.get(key, 0) + customers
    width = max(3, *(len(str(each)) for each in counts.values())) + 1
    # A code span that begins with spaces is moved by them: the corner is filled.
    head = "R\\F " + "".join(f"F{score}".rjust(width) for score in reversed(SCORES))
    rows = [
        f"R{recency} :"
        + "".join(
            str(counts.get((recency, frequency), 0)).rjust(width) for frequency in reversed(SCORES)
        )
        for recency in SCORES
    ]
    lines: list[tuple[str, str]] = []
    for row in (head, *rows):
        lines += [(row, CODE), ("\n", "")]
    return (*voice.words("rfm.axes"), ("\n", ""), *lines[:-1])


def _meanings(voice: Voice, cuts: RfmCuts) -> list[Words]:
    """What the best and the worst of each score is."""
    if not cuts.recency:
        return []
    days = [voice.calendar_day(date.fromisoformat(each)) for each in cuts.recency]
    sums = [voice.money(each, cuts.currency) for each in cuts.money]
    return [
        voice.words("rfm.recency", best=days[-1], worst=days[0]),
        voice.words("rfm.frequency", best=cuts.frequency[-1], worst=cuts.frequency[0]),
        voice.words("rfm.money", best=sums[-1], worst=sums[0]),
        voice.words("rfm.method", at=cuts.at),
    ]


def _groups(voice: Voice, grid: Grid) -> list[Button]:
    found = []
    for name, pattern in GROUPS.items():
        count = sum(
            customers
            for cell, customers, _ in grid.cells
            if all(b in ("x", a) for a, b in zip(str(cell), pattern, strict=True))
        )
        if count:
            label = f"{voice.say(f'rfm.group_{name}')} ({count})"
            found.append(Button(label, "rfm.cell", f"{pattern}:{grid.currency}"))
    return found


def cell_card(
    voice: Voice,
    pattern: str,
    currency: str,
    count: int,
    people: list[tuple[Contact, CustomerTotal]],
) -> Reply:
    """Who is in a cell, who has spent most first."""
    parts: list[Part] = [
        Text(voice.words("rfm.cell", cell=pattern.upper(), count=count, currency=currency))
    ]
    for contact, total in people:
        amount = voice.money(total.spent, total.currency)
        rest = voice.say("rfm.person", orders=total.orders, amount=amount, at=total.last_at)
        show = Button(voice.say("button.orders_of"), "orders.of", str(contact.id))
        parts.append(Line(((contact.name, BOLD), (f" · {rest}", "")), show))
    if count > len(people):
        parts.append(Hint(voice.words("rfm.more", count=count - len(people))))
    return Reply(tuple(parts))
