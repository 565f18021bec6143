"""People who do not exist, twice each: with slips, short names, moved houses, swapped fields."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from rapidfuzz import fuzz, process

from benchmarks.made_names import Maker
from storage.doubles.person import Person
from storage.doubles.scripts import latin
from storage.doubles.variants import _GIVEN, _SHORT, _SPELLINGS
from storage.finding.folding import folded
from storage.finding.nicknames import _GROUPS, also_called
from storage.finding.pinyin import is_chinese, spoken

# How letters are misread, and how the same sound is written otherwise.
_MISREAD = [
    ("m", "rn"), ("rn", "m"), ("cl", "d"), ("l", "i"), ("i", "l"), ("o", "0"), ("e", "c"),
    ("s", "5"), ("u", "v"), ("h", "b"), ("g", "q"), ("l", "1"), ("vv", "w"), ("w", "vv"),
]  # fmt: skip
_MISHEARD = [
    ("ph", "f"), ("f", "ph"), ("c", "k"), ("k", "c"), ("ck", "k"), ("ie", "y"), ("y", "ie"),
    ("ee", "ea"), ("ea", "ee"), ("th", "t"), ("ou", "oo"), ("ai", "ay"), ("s", "z"), ("z", "s"),
    ("tt", "t"), ("ll", "l"), ("nn", "n"), ("n", "nn"), ("l", "ll"), ("v", "w"), ("w", "v"),
    ("mac", "mc"), ("son", "sen"), ("sen", "son"), ("i", "y"), ("e", "a"), ("kh", "h"),
]  # fmt: skip
_STREETS = (
    "banks burke high station mill church park hill river lake forest garden queen king victoria "
    "albert george market bridge castle spring oak cedar maple wattle kangaroo emu lonsdale "
    "chapel school railway water north south east west long new old green white"
).split()
_KINDS = "street road avenue place court close drive crescent terrace lane circuit".split()
_SHORT_KINDS = {"street": "st", "road": "rd", "avenue": "ave", "place": "pl", "drive": "dr"}
_TOWNS = (
    "milton marsden granville cleveland ashfield burwood croydon epping fairfield hornsby "
    "kingston liverpool mosman newtown oakleigh preston richmond sunbury toowong windsor "
    "yarra zetland dubbo orange tamworth ballarat bendigo geelong mildura sale"
).split()
_STATES = "nsw vic qld sa wa tas act nt".split()
_DOMAINS = (
    "gmail.com outlook.test yahoo.test mail.test work.test acme.test qq.test 163.test".split()
)
_RUSSIAN = str.maketrans(
    {"ж": "j", "х": "h", "ц": "c", "щ": "sch", "ю": "iu", "я": "ia", "й": "y", "ы": "y", "ё": "yo"}
)


class Corrupter:
    """Writes what stands there as hurried people and machines do."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def slip(self, text: str) -> str:
        """One finger wrong."""
        chance = self._chance
        if not text:
            return text
        at = chance.randrange(len(text))
        letter = chance.choice("0123456789" if text[at].isdigit() else "abcdefghijklmnopqrstuvwxyz")
        match chance.randrange(4):
            case 0:
                return text[:at] + text[at + 1 :] if len(text) > 1 else text
            case 1:
                return text[:at] + letter + text[at + 1 :]
            case 2:
                return text[:at] + letter + text[at:]
            case _:
                return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]

    def replaced(self, text: str, table: list[tuple[str, str]]) -> str:
        """One of the table's replacements; a slip when none fits."""
        low = text.lower()
        fits = [(old, new) for old, new in table if old in low]
        if not fits:
            return self.slip(text)
        old, new = self._chance.choice(fits)
        return low.replace(old, new, 1)

    def hurt(self, text: str) -> str:
        """One mistake of any kind."""
        form = self._chance.random()
        if form < 0.65:
            return self.slip(text)
        return self.replaced(text, _MISREAD if form < 0.75 else _MISHEARD)


class MadePeople:
    """Pairs of names and of whole records, each with whether it is one person."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._maker = Maker(seed)
        self._wrong = Corrupter(self._chance)
        self._lexicon = sorted(
            {n for line in (*_SPELLINGS, *_SHORT, *_GROUPS) for n in line.split()[:1]} | set(_GIVEN)
        )
        self._lexicon = [name for name in self._lexicon if name.isascii()]
        self._pool = self._maker.names(6000)
        self._pool = [name for name in self._pool if len(name.split()) < 4 and len(name) < 30]

    # Names

    def name(self) -> str:
        """Somebody's name."""
        chance = self._chance
        if chance.random() < 0.45:
            family = self._maker.latin().split()[-1]
            middle = chance.choice(["", "", "", "", chance.choice(self._lexicon)])
            return " ".join(f"{chance.choice(self._lexicon)} {middle} {family}".title().split())
        form = chance.random()
        if form < 0.6:
            return self._maker.latin()
        if form < 0.72:
            return self._maker.russian()
        return self._maker.chinese() if form < 0.9 else self._maker.romanised()

    def name_pairs(self, count: int) -> list[tuple[str, str, bool]]:
        """So many pairs of names, four in ten of them one person's."""
        found: list[tuple[str, str, bool]] = []
        while len(found) < count:
            name = self.name()
            is_same = self._chance.random() < 0.4
            other = self.same_name(name) if is_same else self.other_name(name)
            if other.strip() and (is_same or folded(other) != folded(name)):
                found.append((name, other, is_same))
        return found

    def same_name(self, name: str) -> str:
        """The same person's name, written otherwise."""
        chance, wrong = self._chance, self._wrong
        if any(map(is_chinese, name)):
            return self._same_in_chinese(name)
        if not name.isascii() and chance.random() < 0.5:
            plain = folded(name)
            name = latin(plain if chance.random() < 0.5 else plain.translate(_RUSSIAN)).title()
            if chance.random() < 0.5:
                return name
        form = chance.random()
        words = name.split()
        ways: list[tuple[float, Callable[[], str]]] = [
            (0.06, name.lower),
            (0.26, lambda: wrong.hurt(name)),
            (0.36, lambda: wrong.hurt(wrong.hurt(name))),
            (0.46, lambda: f"{words[-1]}, {' '.join(words[:-1])}"),
            (0.53, lambda: wrong.hurt(" ".join(reversed(words)))),
            (0.61, lambda: " ".join([words[0][0] + ".", *words[1:]])),
            (0.75, lambda: self._short(words)),
            (0.80, lambda: " ".join([words[0], words[-1]])),
            (0.85, lambda: " ".join([words[0], chance.choice(self._lexicon).title(), *words[1:]])),
            (0.88, lambda: f"{chance.choice(['Dr.', 'Mr', 'Mrs', 'Prof.', 'Ms'])} {name}"),
            (0.90, lambda: f"{name} {chance.choice(['Jr.', 'PhD', 'III'])}"),
            (0.92, lambda: "".join(words)),
            (0.95, name.upper),
            (1.01, lambda: wrong.hurt(self._short(words))),
        ]
        return next(make for until, make in ways if form < until)()

    def _short(self, words: list[str]) -> str:
        from storage.doubles.variants import _table

        first = folded(words[0])
        known = sorted((also_called(first) | _table().get(first, frozenset())) - {first})
        if not known:
            return self._wrong.replaced(" ".join(words), _MISHEARD)
        return " ".join([self._chance.choice(known).title(), *words[1:]])

    def _same_in_chinese(self, name: str) -> str:
        chance = self._chance
        said = spoken(name)
        if said is None:
            return self._wrong.slip(name)
        family, given = said
        match chance.randrange(6):
            case 0:
                return f"{family} {given}".title()
            case 1:
                return f"{given} {family}".title()
            case 2:
                return f"{family}{given}"
            case 3:
                return name + chance.choice(("先生", "女士", "老师"))
            case 4:
                return self._wrong.slip(f"{family} {given}")
            case _:
                return f"{name[0]} {name[1:]}"

    def other_name(self, name: str) -> str:
        """Somebody else's name, that has something in common with this one or nothing."""
        chance = self._chance
        other = self.name()
        words, others = name.split(), other.split()
        if any(map(is_chinese, name)):
            if chance.random() < 0.5 and len(name) > 1:
                at = chance.randrange(1, len(name))
                return name[:at] + chr(chance.randrange(0x4E00, 0x9F00)) + name[at + 1 :]
            return self._maker.chinese() if chance.random() < 0.7 else self._maker.romanised()
        form = chance.random()
        if form < 0.25:
            return other
        if form < 0.5:
            given = others[0] if chance.random() < 0.5 else chance.choice(self._lexicon).title()
            return " ".join([given, *words[1:]]) if self._differ(given, words[0]) else other
        if form < 0.65:
            return " ".join([*words[:-1], others[-1]])
        if form < 0.72:
            return f"{words[0][0]}. {others[-1]}" if len(others) > 1 else other
        if form < 0.8:
            near = process.extract(words[0].lower(), self._lexicon, scorer=fuzz.ratio, limit=8)
            given = chance.choice(near)[0]
            return " ".join([given.title(), *words[1:]]) if self._differ(given, words[0]) else other
        near = process.extract(name, chance.sample(self._pool, 400), scorer=fuzz.WRatio, limit=4)
        return str(chance.choice(near)[0])

    def _differ(self, a: str, b: str) -> bool:
        from storage.doubles.variants import is_variant

        a, b = folded(a), folded(b)
        return a != b and a[:1] != "." and not is_variant(a, b)

    # Whole records

    def person(self) -> Person:
        """Somebody with everything that there is to know."""
        chance = self._chance
        name = self.name()
        plain = latin(folded(" ".join(spoken(name) or (name,)))).split() or ["x"]
        local = chance.choice(
            (
                f"{plain[0]}.{plain[-1]}",
                plain[0] + str(chance.randrange(99)),
                f"{plain[0][0]}{plain[-1]}",
            )
        )
        return Person(
            names=(name,),
            phones=(f"+{chance.choice((44, 61, 86, 49, 1))}{chance.randrange(10**8, 10**10)}",),
            emails=(f"{local}@{chance.choice(_DOMAINS)}",),
            birthday=date(1930, 1, 1) + timedelta(days=chance.randrange(27_000)),
            addresses=(self._address(),),
            company=self._maker.company(),
            ids=(str(chance.randrange(10**6, 10**7)),),
            gender=chance.choice(("female", "male")),
        )

    def _address(self) -> str:
        chance = self._chance
        unit = f"flat {chance.randrange(1, 40)} " if chance.random() < 0.2 else ""
        street = chance.choice(_STREETS) + chance.choice(["", "wood", "field", "ton"])
        town = f"{chance.choice(_TOWNS)} {chance.randrange(1000, 9999)} {chance.choice(_STATES)}"
        return f"{unit}{chance.randrange(1, 300)} {street} {chance.choice(_KINDS)} {town}"

    def pairs(self, count: int) -> Iterator[tuple[Person, Person, bool]]:
        """So many pairs of records as a search for doubles meets them."""
        chance = self._chance
        for _ in range(count):
            person = self.person()
            is_same = chance.random() < 0.4
            other = self.again(person) if is_same else self.near(person)
            yield (*self._as_kept(person, other), is_same)

    def again(self, person: Person) -> Person:
        """The same person written down another time, with one to eight mistakes."""
        chance, wrong = self._chance, self._wrong
        changed = dict(vars(person))
        changed["birthday"] = f"{person.birthday:%Y%m%d}"
        for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 4, 6, 8))):
            match chance.randrange(11):
                case 0 | 1:
                    changed["names"] = (self.same_name(changed["names"][0]) or person.names[0],)
                case 2:
                    # People marry, and lists slip by a line.
                    name = changed["names"][0]
                    if chance.random() < 0.3:
                        name = self.other_name(name) or name
                    changed["names"] = (wrong.hurt(name),)
                case 3 | 4:
                    changed["addresses"] = (self._readdressed(changed["addresses"][0]),)
                case 5:
                    changed["birthday"] = self._misdated(changed["birthday"])
                case 6:
                    # Somebody else's number, or another one of their own, as often as a slip.
                    other = str(chance.randrange(10**6, 10**7))
                    slipped = wrong.slip(changed["ids"][0])
                    changed["ids"] = (other if chance.random() < 0.5 else slipped,)
                case 7:
                    phone = changed["phones"][0]
                    changed["phones"] = (
                        wrong.slip(phone)
                        if chance.random() < 0.4
                        else f"0{chance.randrange(10**8, 10**10)}",
                    )
                case 8:
                    changed["emails"] = (self._other_mailbox(changed["emails"][0]),)
                case 9:
                    changed["company"] = (
                        self._maker.company()
                        if chance.random() < 0.6
                        else wrong.hurt(changed["company"])
                    )
                case _:
                    changed["addresses"] = (
                        (self._address(),)
                        if chance.random() < 0.5
                        else (wrong.hurt(changed["addresses"][0]),)
                    )
        return Person(**changed)

    def _readdressed(self, text: str) -> str:
        chance = self._chance
        words = text.split()
        match chance.randrange(5):
            case 0:
                words = [_SHORT_KINDS.get(word, word) for word in words]
            case 1:
                words.pop(chance.randrange(len(words)))
            case 2:
                at = chance.randrange(len(words) - 1)
                words[at], words[at + 1] = words[at + 1], words[at]
            case 3:
                at = chance.randrange(len(words) - 1)
                words[at : at + 2] = [words[at] + words[at + 1]]
            case _:
                at = chance.randrange(len(words))
                words[at] = self._wrong.hurt(words[at])
        return " ".join(words)

    def _misdated(self, text: str) -> str:
        if len(text) < 8 or self._chance.random() < 0.5:
            return self._wrong.slip(text)
        if self._chance.random() < 0.3:
            return f"{date(1930, 1, 1) + timedelta(days=self._chance.randrange(27_000)):%Y%m%d}"
        if self._chance.random() < 0.5:
            return text[:4] + text[6:] + text[4:6]
        return text[:6] + f"{self._chance.randrange(1, 29):02}"

    def _other_mailbox(self, text: str) -> str:
        local, _, domain = text.partition("@")
        match self._chance.randrange(5):
            case 0:
                return f"{local}@{self._chance.choice(_DOMAINS)}"
            case 1:
                return f"{local}+{self._chance.choice(('shop', 'news'))}@{domain}"
            case 2:
                return f"{self._wrong.slip(local) or local}@{domain}"
            case 3:
                return f"{local}@{self._wrong.slip(domain)}"
            case _:
                return self.person().emails[0]

    def near(self, person: Person) -> Person:
        """Somebody else, with something in common: a household, a namesake, a colleague."""
        chance = self._chance
        other = self.person()
        form = chance.random()
        if form < 0.2:
            return replace(other, names=(self.other_name(person.names[0]) or other.names[0],))
        if form < 0.36:
            # A household: one address, often one phone, and one family name.
            words = person.names[0].split()
            family = " ".join([other.names[0].split()[0], *words[1:]])
            return replace(
                other,
                names=(family if len(words) > 1 else self.other_name(person.names[0]) or "x",),
                addresses=person.addresses if chance.random() < 0.7 else other.addresses,
                phones=person.phones if chance.random() < 0.15 else other.phones,
                emails=person.emails if chance.random() < 0.03 else other.emails,
            )
        if form < 0.43:
            return replace(other, names=person.names)
        if form < 0.52:
            return replace(other, company=person.company)
        if form < 0.58:
            return replace(other, birthday=person.birthday)
        if form < 0.6:
            return replace(other, addresses=person.addresses)
        if form < 0.61:
            return replace(other, phones=person.phones)
        return other

    def _as_kept(self, a: Person, b: Person) -> tuple[Person, Person]:
        """Some fields are kept by nobody here, and some are missing on one side."""
        chance = self._chance
        form = chance.random()
        kept = {"birthday", "addresses", "ids"} if form < 0.35 else set()
        if form >= 0.35:
            kept = {field for field in _EMPTY if chance.random() < 0.45}
        unkept = {field: empty for field, empty in _EMPTY.items() if field not in kept}
        some = {field: empty for field, empty in _EMPTY.items() if chance.random() < 0.06}
        if chance.random() < 0.03:
            some["names"] = ()
        return replace(a, **unkept), replace(b, **unkept | some)


_EMPTY: dict[str, Any] = {
    "phones": (), "emails": (), "birthday": None, "addresses": (), "company": None, "ids": (),
    "gender": None,
}  # fmt: skip
