"""Which columns of a table are one address: told by whose their headings say it is."""

import re
from collections.abc import Sequence

from handlers.importing.persons import MORE_STREET, PLACE

_PARTS = frozenset((*PLACE, MORE_STREET))
_WHOSE = re.compile(
    r"\b(?:home|work|business|private|mailing|billing|shipping|other|secondary|geschaftlich|privat|"
    r"weitere[rs]?)\b|商务|住宅|其他|家庭"
)
_NUMBERED = re.compile(r"\baddress (\d+) (?=[^\W\d])")
_ANOTHER = re.compile(rf"(?:{'|'.join(sorted(_PARTS))}):\d+")


def is_of_another(target: str) -> bool:
    """Whether it is a part of a second address or a further one: "city:2"."""
    return bool(_ANOTHER.fullmatch(target))


def apart(headings: Sequence[str], found: Sequence[str]) -> list[str]:
    """The same with a number behind each part of a second address and further ones."""
    groups: dict[str, list[int]] = {}
    lines: dict[int, str] = {}
    for at, target in enumerate(found):
        if target not in _PARTS:
            continue
        heading = headings[at] if at < len(headings) else ""
        whose = _whose(heading)
        held = groups.setdefault(whose, [])
        lines[at] = target
        if target in [lines[each] for each in held]:
            if target == "street":
                lines[at] = MORE_STREET
            elif target != MORE_STREET:
                # Said twice, and nothing tells whose it is.
                held = groups.setdefault(f"{whose} {at}", [])
        held.append(at)
    _join_the_plain(groups, lines)
    kept = list(found)
    # One with more parts first: a lonely "location" is not where somebody lives.
    ordered = sorted(groups.values(), key=lambda held: (len(held) < 2, held[0]))
    for number, held in enumerate(ordered, start=1):
        for at in held:
            kept[at] = lines[at] if number == 1 else f"{lines[at]}:{number}"
    return kept


def _whose(heading: str) -> str:
    numbered = _NUMBERED.search(heading)
    return " ".join([*_WHOSE.findall(heading), *([numbered[1]] if numbered else [])])


def _join_the_plain(groups: dict[str, list[int]], lines: dict[int, str]) -> None:
    """ "Billing street" beside a plain "city" is one address, as long as no part is there twice."""
    plain = groups.get("")
    if plain is None:
        return
    said = {lines[at] for at in plain}
    for whose, held in groups.items():
        if whose and not said & {lines[at] for at in held}:
            groups[whose] = sorted(held + plain)
            del groups[""]
            return
