"""The parts of the manual that are made from the tables which Rapport itself answers by."""

# For the table of commands to be full.
import handlers.router  # noqa: F401
from handlers.actions.access import GRANTED
from handlers.command import COMMANDS, Command
from handlers.texts import Voice
from storage.records import Role

HEADS = {
    "en": "| Type | What it does | Who may | Or |",
    "zh": "| 输入 | 作用 | 谁可以用 | 也可以写 |",
}
WHO = {
    "en": {Role.AGENT: "everybody", Role.MANAGER: "managers", Role.ADMIN: "admins"},
    "zh": {Role.AGENT: "所有人", Role.MANAGER: "经理", Role.ADMIN: "管理员"},
}


def command_table(language: str = "en") -> str:
    """Every command of the team as a Markdown table."""
    voice = Voice(language)
    rows = [HEADS[language], "|---|---|---|---|"]
    for command in COMMANDS:
        also = ", ".join(f"`{each}`" for each in command.also)
        does = voice.say(f"help.{command.name}")
        who = WHO[language][_lowest_role(command)]
        rows.append(f"| {_code(command)} | {_cell(does)} | {who} | {also} |")
    return "\n".join(rows) + "\n"


def _code(command: Command) -> str:
    return f"`/crm {_cell(command.usage)}`"


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def _lowest_role(command: Command) -> Role:
    return next(role for role in Role if command.needs in GRANTED[role])
