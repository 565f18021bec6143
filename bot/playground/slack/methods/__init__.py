"""The Web API methods, one file a family; importing this fills the table in `calls`."""

from bot.playground.slack.methods import chat, conversations, files, team, views

__all__ = ["chat", "conversations", "files", "team", "views"]
