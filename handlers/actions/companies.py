"""Where customers work: names that are written differently and mean one company."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from handlers.actions.access import Permission, action
from handlers.message import clean_name
from storage.errors import Refused
from storage.queries import companies
from storage.records import Company, Contact, Deal, Ticket
from storage.work import Work

# What may stand behind a name, or be left out: the company is the same.
_FORMS = frozenset(
    "ltd limited inc incorporated llc llp plc corp corporation co company gmbh ag kg ohg ug mbh ev"
    " sa sas sarl srl spa bv nv oy ab as aps pty pte sro doo ooo zao oao pao ltda lda group holding"
    " international intl".split()
)
_FORMS_CHINESE = re.compile(r"(?:\s*(?:(?:有限责任|股份有限|有限)?公司|集团))+$")
_APART = re.compile(r"[^\w]+")
# So alike that a slip of the finger explains it.
ALIKE = 0.84
MOST_COMPARED = 5_000
A_PAGE = 12
# Of so many people each record's own history says that its company was renamed.
FEW = 500


def key_of(name: str) -> str:
    """A company's name without what may be left out: "The ACME Co., Ltd." is "acme"."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ")
    plain = re.sub(r"(?<=\w)\.(?=\w\b)", "", plain)
    words = [word for word in _APART.split(plain) if word]
    bare = [word for word in words if word not in ("the", "and")]
    while len(bare) > 1 and bare[-1] in _FORMS:
        bare.pop()
    joined = " ".join(bare or words)
    # A name of nothing but signs is still what somebody wrote down.
    return (_FORMS_CHINESE.sub("", joined) or joined or plain.strip())[:256]


def link(work: Work, contact: Contact) -> Company | None:
    """The company that a contact's record names; it is written down when it is new."""
    name = contact.company or ""
    key = key_of(name)
    if not key:
        contact.company_id = None
        return None
    found = companies.keyed(work, key)
    if found is None:
        found = work.add(Company(name=name, key=key, created_at=work.now))
    contact.company_id = found.id
    return found


@action(Permission.SYSTEM)
def link_more(work: Work, limit: int = 200) -> bool:
    """Look up the companies of the next contacts; whether there are more.

    All at once: to ask for each of them would have what was written down before go one by one.
    """
    waiting = [(each, key_of(each.company or "")) for each in companies.without(work, limit)]
    known = companies.keyed_all(work, {key for _, key in waiting if key})
    for contact, key in waiting:
        if not key:
            # Nothing but spaces: it names nobody, and need not be looked at again.
            contact.company = None
            continue
        if key not in known:
            company = Company(name=contact.company or "", key=key, created_at=work.now)
            known[key] = work.add(company)
        contact.company_id = known[key].id
    return len(waiting) == limit


@dataclass(frozen=True)
class Page:
    """A company with all that its people's records tell."""

    company: Company
    people: list[Contact]
    count: int
    spellings: list[tuple[str, int]]
    alike: list[tuple[Company, float]]
    tickets: list[tuple[Ticket, Contact]]
    deals: list[tuple[Deal, Contact]]
    money: list[tuple[str, int, Any]]


@action(Permission.READ)
def called(work: Work, name: str) -> Company:
    """The company of that name. Raises Refused("company.unknown") with the nearest ones."""
    # Those that were written down a moment ago too.
    link_more(work.as_system())
    key = key_of(name)
    found = companies.keyed(work, key) if key else None
    if found is None:
        known = companies.keys(work, MOST_COMPARED)
        begins = [each for each in known if key and each[1].startswith(key)]
        if len(begins) == 1:
            return work.sure(Company, begins[0][0])
        near = begins or [known[at] for at in _nearest(key, [each[1] for each in known])]
        if near:
            names = ", ".join(each[2] for each in near[:5])
            raise Refused("company.meant", name=name[:60], names=names)
        raise Refused("company.unknown", name=name[:60])
    return found


def _nearest(key: str, keys: list[str], at_least: float = 0.6) -> list[int]:
    found = process.extract(
        key[:64],
        keys,
        scorer=DamerauLevenshtein.normalized_similarity,
        score_cutoff=at_least,
        limit=5,
    )
    return [at for _, _, at in found]


@action(Permission.READ)
def page(work: Work, company: Company) -> Page:
    """Everything about a company."""
    return Page(
        company,
        companies.people(work, company, A_PAGE),
        companies.people_count(work, company),
        companies.spellings(work, company),
        alike(work, company),
        companies.open_tickets(work, company, 6),
        companies.open_deals(work, company, 6),
        companies.money(work, company),
    )


@action(Permission.READ)
def alike(work: Work, company: Company) -> list[tuple[Company, float]]:
    """Companies that are probably the same, most alike first."""
    known = [each for each in companies.keys(work, MOST_COMPARED) if each[0] != company.id]
    found = process.extract(
        company.key[:64],
        [each[1] for each in known],
        scorer=DamerauLevenshtein.normalized_similarity,
        score_cutoff=ALIKE,
        limit=3,
    )
    # Of short names every other one is alike.
    return [
        (work.sure(Company, known[at][0]), score) for _, score, at in found if len(company.key) > 3
    ]


@action(Permission.READ)
def listed(work: Work, limit: int = 30) -> list[tuple[Company, int]]:
    """The companies with most people."""
    link_more(work.as_system())
    return companies.largest(work, limit)


@action(Permission.CAMPAIGN, audited=True)
def rename(work: Work, company: Company, name: str) -> tuple[Company, int]:
    """Call a company otherwise in everybody's record; how many were changed.

    One of that name that is there already is the same from now on.
    """
    name, key = clean_name(name), key_of(name)
    if not key:
        raise Refused("company.no_name")
    other = companies.keyed(work, key)
    if other is not None and other.id != company.id:
        company.into_id = other.id
    else:
        other = company
        _call(work, company, key)
    other.name = name
    work.flush()
    return other, _write_alike(work, (company, other), other)


def _call(work: Work, company: Company, key: str) -> None:
    """The old name goes on to mean it."""
    former, row = company.key, companies.row_keyed(work, key)
    if row is not None or former == key:
        return
    company.key = key
    work.flush()
    alias = Company(name=company.name, key=former, into_id=company.id, created_at=work.now)
    work.add(alias)


@action(Permission.CAMPAIGN, audited=True)
def make_one(work: Work, company: Company, into: Company) -> int:
    """Have two companies be one from now on; how many people's records were changed."""
    if company.id == into.id or company.into_id is not None:
        raise Refused("company.one_already", name=into.name)
    company.into_id = into.id
    work.flush()
    return _write_alike(work, (company, into), into)


def _write_alike(work: Work, all_of: tuple[Company, Company], into: Company) -> int:
    """Have everybody's record name one company; of few people each record's history says so."""
    # Imported here: changes of records come to this module for their company.
    from handlers.actions import changes

    chosen = {each.id: each for each in all_of}
    if sum(companies.people_count(work, each) for each in chosen.values()) > FEW:
        return companies.write_all_alike(work, list(chosen), into)
    written = 0
    for company in chosen.values():
        for contact in companies.people(work, company, FEW):
            before = contact.company
            contact.company_id = into.id
            if before != into.name:
                contact.company = into.name
                changes.write_down(work, contact, [("company", before, into.name)], "company")
                written += 1
    return written
