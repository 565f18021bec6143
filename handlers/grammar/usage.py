"""How a command is typed, in its reader's language."""

import re

from handlers.command import Command
from handlers.texts import Voice

# The name of a gap: the whole of [name], or what stands in <contact|#12>.
_GAP = re.compile(r"(?<=\[)[a-z]+(?=\])|(?<=<)[a-z]+(?=[>|…])")


def usage_of(voice: Voice, command: Command) -> str:
    """Its verb and what stands behind it, the gaps named in the reader's language."""

    def named(found: re.Match[str]) -> str:
        key = f"usage.{found[0]}"
        return voice.say(key) if voice.knows(key) else found[0]

    _, _, rest = command.usage.partition(" ")
    return f"{verb_of(voice, command)} {_GAP.sub(named, rest)}".strip()


def verb_of(voice: Voice, command: Command) -> str:
    """The word to type, in the reader's own language where there is one."""
    own = (word for word in command.also if not word.isascii() and word.isalpha())
    return next(own, command.verb) if voice.language == "zh" else command.verb
