"""The command for customers as a file."""

from handlers.actions import exports
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import command
from handlers.exporting.writers import KINDS
from handlers.message import Reply
from storage.work import Work


@command("export <filter>", also=("导出",), needs=Permission.CAMPAIGN)
def export(work: Work, text: str | None) -> Reply:
    """Customers as a CSV, Excel, vCard or JSON file, to your direct messages."""
    words = (text or "").split()
    kind = next(
        (word.lower().lstrip(".") for word in words if word.lower().lstrip(".") in KINDS), "csv"
    )
    line = " ".join(word for word in words if word.lower().lstrip(".") not in KINDS)
    name, count = exports.send_file(work, line, kind)
    return voice_of(work).reply("export.sent", count=count, file=name)
