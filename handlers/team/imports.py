"""Commands, buttons and the form for files of customers."""

from handlers.actions import imports
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.cards.imports import columns_form
from handlers.command import button, command, form
from handlers.message import BOLD, Button, Incoming, Line, Part, Reply
from storage.records import Import, ImportMode, OnKnown
from storage.work import Work


@command("import", also=("导入",), needs=Permission.CAMPAIGN)
def bring_in(work: Work, incoming: Incoming) -> Reply:
    """Bring in customers from a CSV, Excel or vCard file that you drop here."""
    voice = voice_of(work)
    if not incoming.media:
        return voice.reply("import.drop_here")
    record = imports.receive(work, incoming)
    return voice.reply("import.taken", file=record.file_name)


@command("imports", also=("导入列表",), needs=Permission.CAMPAIGN)
def list_imports(work: Work) -> Reply:
    """The newest imports, each with its card."""
    voice = voice_of(work)
    parts: list[Part] = []
    for each in imports.recent(work):
        words = ((f"#{each.number} ", BOLD), (f"{each.file_name} · {each.state}", ""))
        parts.append(Line(words, Button(voice.say("button.open"), "import.show", str(each.id))))
    return Reply(tuple(parts)) if parts else voice.reply("import.none")


@button("import.show")
def show_import(work: Work, record: Import) -> Reply:
    """A file's card as it stands."""
    return Reply(imports.card(work, record).parts)


@button("import.start")
def start_import(work: Work, record: Import, incoming: Incoming) -> None:
    """It is written; the card shows how far it is."""
    mode = ImportMode(incoming.value.partition(":")[2])
    imports.start(work, record, mode)
    imports.show(work.as_system(), record)


@button("import.cancel")
def cancel_import(work: Work, record: Import) -> None:
    """It ends here."""
    imports.cancel(work, record)
    imports.show(work.as_system(), record)


@button("import.undo")
def undo_import(work: Work, record: Import) -> None:
    """All of it is taken back."""
    imports.undo(work, record)
    imports.show(work.as_system(), record)


@button("import.columns")
def ask_columns(work: Work, record: Import) -> Reply:
    """What each column means, to be changed."""
    return Reply(form=columns_form(voice_of(work), record))


@form("import.columns")
def change_columns(work: Work, record: Import, incoming: Incoming) -> Reply | None:
    """The columns are as somebody says; the file is read once more."""
    order = incoming.fields.get("order") or "auto"
    imports.change_reading(
        work,
        record,
        incoming.fields.get("columns", ""),
        "" if order == "auto" else order,
        OnKnown(incoming.fields.get("known") or OnKnown.FILL),
        "report" if incoming.fields.get("unknown") == "report" else "make",
    )
    imports.show(work.as_system(), record)
    return None
