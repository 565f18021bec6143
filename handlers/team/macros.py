"""Commands about macros."""

from handlers import cards
from handlers.actions import macros
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import command
from handlers.grammar import first_word
from handlers.message import Hint, Incoming, Kind, Part, Reply, Text
from handlers.team.canned import ADD, EDIT, REMOVE, behind
from storage.errors import Refused
from storage.records import Ticket
from storage.work import Work


@command(
    "macro [number] [add|remove] [name] [steps]", also=("macros", "宏"), needs=Permission.SERVE
)
def macro(work: Work, ticket: Ticket | None, text: str | None, incoming: Incoming) -> Reply | None:
    """Do several steps with a ticket in one go; alone it lists them."""
    voice = voice_of(work)
    if not text:
        return _listed(work)
    word, rest = first_word(text)
    if word in (*ADD, *EDIT):
        name, steps = first_word(rest)
        saved = macros.write(work, name, behind(incoming, 3) or steps)
        said = Text(voice.words("macro.saved", name=saved.name, count=len(saved.steps)))
        return Reply((said, cards.macro_steps(saved)))
    if word in REMOVE:
        gone = macros.named(work, rest)
        macros.remove(work, gone)
        return voice.reply("macro.removed", name=gone.name)
    found = macros.named(work, text)
    if ticket is None:
        raise Refused("command.no_ticket", usage=f"/crm macro 12 {found.name}")
    done = macros.run(work, found, ticket)
    if incoming.kind is Kind.MENTION:
        return None
    return voice.reply("macro.done", name=found.name, number=done.number)


def _listed(work: Work) -> Reply:
    voice = voice_of(work)
    found = macros.listed(work)
    if not found:
        return voice.reply("macro.none", name="", names="")
    parts: list[Part] = [Text(voice.words("macro.title", count=len(found)))]
    parts += [cards.macro_line(voice, each) for each in found[:40]]
    return Reply((*parts, Hint(voice.words("macro.how"))))
