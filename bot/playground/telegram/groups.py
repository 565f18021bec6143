"""Groups: a chat of several people, into which the bot can be put, and which may get another id."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.playground.telegram.answers import Refusal
from bot.playground.telegram.calls import Call
from bot.playground.telegram.entities import found_in
from bot.playground.telegram.messages import Message
from bot.playground.telegram.methods import method
from bot.playground.telegram.people import Person

if TYPE_CHECKING:
    from bot.playground.telegram.cloud import TelegramCloud

UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"


@dataclass(slots=True)
class Group(Person):
    """A group; what the bot says in it stands in `heard` as with a person."""

    title: str = ""
    kind: str = "group"
    inside: bool = False
    migrated_to: int | None = None

    def as_chat(self) -> dict[str, Any]:
        """The Chat object of the Bot API."""
        return {"id": self.id, "title": self.title, "type": self.kind}

    def adds_bot(self, by: Person) -> None:
        """Somebody puts the bot into the group."""
        self.inside = self.started = True
        self._bot_is(by, "left", "member")

    def removes_bot(self, by: Person) -> None:
        """Somebody puts the bot out of it."""
        self.inside = False
        self._bot_is(by, "member", "kicked")

    def written_by(self, person: Person, text: str) -> Message:
        """Somebody writes in it, and the bot may read along."""
        message = Message(
            id=self.cloud.new_message_id(),
            chat_id=self.id,
            from_bot=False,
            at=self.cloud.now(),
            text=text,
            kind="text",
            entities=found_in(text),
        )
        self.messages[message.id] = message
        self._say("message", message.as_api(person.as_user(), self.as_chat(), None))
        return message

    def migrates(self, by: Person, *, tells: bool = True) -> "Group":
        """It becomes a supergroup with another id; who still calls it by the old one is told."""
        new = self.cloud.group(self.title, kind="supergroup")
        new.inside = new.started = self.inside
        self.migrated_to = new.id
        if tells:
            told = {
                "message_id": self.cloud.new_message_id(),
                "date": self.cloud.timestamp(),
                "from": by.as_user(),
                "chat": self.as_chat(),
                "migrate_to_chat_id": new.id,
            }
            self._say("message", told)
        return new

    def check(self) -> None:
        """Refuse what cannot reach it."""
        if self.migrated_to is not None:
            raise Refusal(400, UPGRADED, {"migrate_to_chat_id": self.migrated_to})
        if not self.inside:
            raise Refusal(403, "Forbidden: bot is not a member of the group chat")

    def _bot_is(self, by: Person, before: str, after: str) -> None:
        bot = self.cloud.bot_user
        change = {
            "chat": self.as_chat(),
            "from": by.as_user(),
            "date": self.cloud.timestamp(),
            "old_chat_member": {"status": before, "user": bot},
            "new_chat_member": {"status": after, "user": bot}
            | ({"until_date": 0} if after == "kicked" else {}),
        }
        self._say("my_chat_member", change)

    def _say(self, kind: str, payload: dict[str, Any]) -> None:
        self.cloud.updates.put(kind, payload, lane=self.id)
        self.cloud.changed()


@method("leaveChat")
def leave_chat(cloud: "TelegramCloud", call: Call) -> object:
    """Go out of a group."""
    group = cloud.groups.get(call.chat_id or 0)
    if group is None:
        raise Refusal(400, "Bad Request: chat not found")
    group.check()
    group.inside = False
    cloud.changed()
    return True
