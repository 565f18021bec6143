"""`rapport find`: people on the command line."""

from handlers.actions import contacts
from handlers.texts import Voice
from storage.errors import Refused
from storage.work import Work


def found_people(work: Work, query: str, limit: int) -> list[str]:
    """A line for each: id, name, company, and why, when it is not the name itself."""
    voice = Voice("en")
    try:
        hits = contacts.find_patiently(work, query, limit)
    except Refused as refused:
        return [voice.say(refused.key, **refused.values)]
    lines = []
    for hit in hits:
        why = "" if hit.why == "name" else voice.say(f"found.{hit.why}")
        parts = (str(hit.contact.id), hit.contact.name, hit.contact.company or "", why)
        # A name may hold what a terminal obeys.
        lines.append("\t".join("".join(c for c in part if c.isprintable()) for part in parts))
    return lines
