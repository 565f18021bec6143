"""Modals and App Homes."""

from dataclasses import dataclass, field

from bot.playground.slack.blocks import with_ids
from bot.playground.slack.forms import state_of
from bot.playground.slack.text import NameOf, read_blocks, text_of
from bot.playground.slack.wire import Json

KEPT = ("title", "submit", "close", "private_metadata", "callback_id", "external_id")
FLAGS = ("clear_on_close", "notify_on_close", "submit_disabled")


@dataclass(eq=False)
class View:
    """One open view of one person; `errors` are the words beside its fields, by block id."""

    id: str
    user: str
    source: Json
    hash: str
    owner: Json
    name_of: NameOf
    root_id: str = ""
    previous_id: str | None = None
    blocks: list[Json] = field(default_factory=list)
    values: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root_id = self.root_id or self.id
        self.show(self.source, self.hash)

    def show(self, source: Json, new_hash: str) -> None:
        """Replace what is shown; values stay where block and action keep their ids."""
        self.source, self.hash = source, new_hash
        self.blocks = with_ids(source.get("blocks") or [])
        self.values = state_of(self.blocks, self.values)
        self.errors = {}

    @property
    def type(self) -> str:
        return str(self.source["type"])

    @property
    def title(self) -> str:
        return text_of(self.source.get("title"), self.name_of)

    @property
    def callback_id(self) -> str:
        return str(self.source.get("callback_id") or "")

    @property
    def plain(self) -> str:
        """What its reader sees, title first."""
        lines = [self.title, read_blocks(self.blocks, self.name_of), *self.errors.values()]
        return "\n".join(line for line in lines if line)

    def as_slack(self) -> Json:
        shape: Json = {"id": self.id, "type": self.type, **self.owner}
        for part in KEPT:
            shape[part] = self.source.get(part) or (None if part in ("submit", "close") else "")
        for part in FLAGS:
            shape[part] = bool(self.source.get(part))
        if self.type == "home":
            shape.pop("title")
        return {
            **shape,
            "blocks": self.blocks,
            "state": {"values": self.values},
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
        }

    def for_page(self) -> Json:
        return {**self.as_slack(), "errors": self.errors}
