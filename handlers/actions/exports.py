"""Customers go out as a file: to whoever may campaign, noted in the audit log."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import SLACK, send
from handlers.actions.policies import voice_of
from handlers.exporting import writers
from handlers.exporting.picture import PLACES, Picture
from handlers.message import Media
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import exports, members
from storage.records import Unsure
from storage.work import Work

# So many fit a chat; the command line writes any number.
MOST_IN_CHAT = 100_000
# The door by which an export is fetched, when it goes out.
DOOR = "export"
# What stands in columns of its own already.
_ALREADY = frozenset(PLACES)
MOST_OWN = 200


@action(Permission.CAMPAIGN, audited=True)
def send_file(work: Work, words: str, kind: str) -> tuple[str, int]:
    """Have a file made and sent to whoever asks, in their direct messages; its name and size.

    It is made when it goes, of what is known then. Raises Refused for an unknown filter, for
    nobody, and for too many.
    """
    held = exports.condition(work, words)
    count = exports.count(work, held)
    voice = voice_of(work)
    told = words.strip() or voice.say("export.everybody")
    if not count:
        raise Refused("export.nobody", filter=told)
    if count > MOST_IN_CHAT:
        raise Refused("export.too_many", count=f"{count:,}", most=f"{MOST_IN_CHAT:,}")
    member = me(work)
    name = f"customers-{work.now:%Y-%m-%d}.{kind}"
    wanted = json.dumps({"kind": kind, "words": words, "member": member.id})
    send(
        work,
        SLACK,
        member.slack_user,
        "upload",
        {
            "parts": [],
            "file": vars(Media("document", DOOR, wanted, name)),
            "as": voice.say("export.comment", filter=told),
        },
        key=f"export:{new_id()}",
        when_unsure=Unsure.HOLD,
    )
    return name, count


@action(Permission.SYSTEM)
def file_of(work: Work, wanted: str) -> bytes:
    """The bytes of an export that was asked for."""
    asked = json.loads(wanted)
    with tempfile.TemporaryDirectory(prefix="rapport-export-") as folder:
        path = Path(folder) / "file"
        write(work, asked["words"], asked["kind"], path)
        return path.read_bytes()


@action(Permission.SYSTEM)
def write(work: Work, words: str, kind: str, path: Path, progress: Any = None) -> int:
    """Write those whom a filter means into a file; how many. Raises Refused."""
    held = exports.condition(work, words)
    own = _own_keys(work, held) if kind in ("csv", "xlsx") else []
    total = exports.count(work, held) if progress is not None else 0
    return writers.write(kind, path, _people(work, held, progress, total), own)


def _own_keys(work: Work, held: Any) -> list[str]:
    found: dict[str, None] = {}
    for custom in exports.own_keys(work, held):
        for key in custom:
            if key not in _ALREADY and len(found) < MOST_OWN:
                found.setdefault(key)
    return list(found)


def _people(work: Work, held: Any, progress: Any, total: int) -> Iterator[Picture]:
    names = {each.id: each.email or each.name for each in members.active(work)}
    after = done = 0
    while page := exports.page(work, held, after):
        ids = [each.id for each in page]
        reached, tags = exports.identities(work, ids), exports.tags(work, ids)
        marketing = exports.marketing(work, ids)
        for contact in page:
            yield Picture(
                contact,
                reached.get(contact.id, []),
                tags.get(contact.id, []),
                names.get(contact.owner_id or 0, ""),
                marketing.get(contact.id),
            )
        after = ids[-1]
        done += len(page)
        # What was written to the file need not be remembered.
        work.let_go()
        if progress is not None:
            progress(done, total)
