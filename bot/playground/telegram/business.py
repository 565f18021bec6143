"""People's own accounts that are connected to the bot, and their owners' chats with others."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from bot.playground.telegram.answers import Refusal, bad_request
from bot.playground.telegram.calls import Call
from bot.playground.telegram.entities import found_in
from bot.playground.telegram.messages import Message
from bot.playground.telegram.methods import method
from bot.playground.telegram.people import Person

if TYPE_CHECKING:
    from bot.playground.telegram.cloud import TelegramCloud

# A bot may write where the customer has written within a day.
_USED_WITHIN = timedelta(hours=24)
_CALLED = {
    "message": "business_message",
    "edited_message": "edited_business_message",
}


@dataclass(slots=True)
class PersonalAccount:
    """The account of `owner`; messages in its chats are numbered for themselves."""

    cloud: "TelegramCloud"
    owner: Person
    can_reply: bool = True
    enabled: bool = False
    connection: str = ""
    chats: dict[int, "PersonalChat"] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def connects(self) -> None:
        """Connect it, for the first time or again, which is another connection."""
        self.cloud.accounts.pop(self.connection, None)
        self.connection = f"bC-{self.owner.id}_{self.cloud.new_message_id()}"
        self.cloud.accounts[self.connection] = self
        self.enabled = True
        self._tell()

    def disconnects(self) -> None:
        """Take the bot out of it."""
        self.enabled = False
        self._tell()

    def allows(self, *, reply: bool) -> None:
        """Let the bot write, or only listen."""
        self.can_reply = reply
        self._tell()

    def with_(self, person: Person) -> "PersonalChat":
        """The owner's chat with somebody."""
        if person.id not in self.chats:
            self.chats[person.id] = PersonalChat(
                cloud=self.cloud,
                id=person.id,
                first_name=person.first_name,
                last_name=person.last_name,
                username=person.username,
                language_code=person.language_code,
                account=self,
            )
        return self.chats[person.id]

    def as_api(self) -> dict[str, Any]:
        """The BusinessConnection object of the Bot API."""
        rights = {"can_reply": True, "can_delete_sent_messages": True} if self.can_reply else {}
        return {
            "id": self.connection,
            "user": self.owner.as_user(),
            "user_chat_id": self.owner.id,
            "date": self.cloud.timestamp(),
            "rights": rights | {"can_read_messages": True},
            "is_enabled": self.enabled,
        }

    def _tell(self) -> None:
        self.cloud.updates.put("business_connection", self.as_api(), lane=self.owner.id)


@dataclass(slots=True, repr=False)
class PersonalChat(Person):
    """A chat of an account's owner with a customer; what the customer does in it, and sees."""

    account: PersonalAccount = field(kw_only=True)
    # Which of the messages that the customer sees the owner typed.
    by_hand: set[int] = field(default_factory=set)
    heard_at: Any = None

    def next_message_id(self) -> int:
        """Numbers of the account's own, which may be those of messages in the bot's chats."""
        return next(self.account.numbers)

    def owner_says(self, text: str, *, away: bool = False, reply_to: int | None = None) -> Message:
        """The owner types something, or (away) Telegram says it for them."""
        message = Message(
            id=self.next_message_id(),
            chat_id=self.id,
            from_bot=True,
            at=self.cloud.now(),
            text=text,
            entities=found_in(text),
            reply_to=reply_to,
            extra={"is_from_offline": True} if away else {},
        )
        self.by_hand.add(message.id)
        self.messages[message.id] = message
        self._tell("message", self.as_told(message))
        return message

    def owner_edits(self, message_id: int, text: str) -> None:
        """The owner changes what they typed."""
        message = self._message(message_id)
        message.text, message.edited_at = text, self.cloud.now()
        self._tell("edited_message", self.as_told(message))

    def deletes(self, *message_ids: int) -> None:
        """Somebody of the two deletes messages for both; here the bot is told."""
        for each in message_ids:
            del self.messages[each]
        gone = {
            "business_connection_id": self.account.connection,
            "chat": self.as_chat(),
            "message_ids": list(message_ids),
        }
        self.cloud.updates.put("deleted_business_messages", gone, lane=self.id)
        self.cloud.changed(self)

    def hears(self, message: Message) -> None:
        """What the bot writes is told to it as well."""
        Person.hears(self, message)
        self._tell("message", self.as_told(message))

    def as_told(self, message: Message) -> dict[str, Any]:
        """A message of this chat as the Bot API tells it: the account speaks, not the bot."""
        owner = self.account.owner.as_user()
        answered = self.messages.get(message.reply_to or 0)
        quoted = None
        if answered is not None:
            author = owner if answered.from_bot else self.as_user()
            quoted = answered.as_api(author, self.as_chat())
        sender = owner if message.from_bot else self.as_user()
        told = message.as_api(sender, self.as_chat(), quoted)
        told["business_connection_id"] = self.account.connection
        if message.from_bot and message.id not in self.by_hand:
            told["sender_business_bot"] = self.cloud.bot_user
        return told

    def check(self) -> None:
        """Refuse what may not be written here now."""
        if not self.account.enabled:
            raise bad_request("BUSINESS_CONNECTION_INVALID")
        if not self.account.can_reply:
            raise Refusal(403, "Forbidden: BOT_ACCESS_FORBIDDEN")
        if self.heard_at is None or self.cloud.now() - self.heard_at > _USED_WITHIN:
            raise bad_request("BUSINESS_PEER_USAGE_MISSING")

    def _tell(self, kind: str, payload: dict[str, Any]) -> None:
        if kind == "message" and "sender_business_bot" not in payload:
            self.heard_at = self.cloud.now()
        if kind in _CALLED and self.account.enabled:
            self.cloud.updates.put(_CALLED[kind], payload, lane=self.id)
        self.cloud.changed(self)


def chat_of(cloud: "TelegramCloud", connection: str, number: int) -> PersonalChat:
    """The chat that a call names. Raises Refusal when there is none."""
    account = cloud.accounts.get(connection)
    if account is None:
        raise bad_request("BUSINESS_CONNECTION_INVALID")
    chat = account.chats.get(number)
    if chat is None:
        raise bad_request("chat not found")
    return chat


@method("getBusinessConnection")
def get_business_connection(cloud: "TelegramCloud", call: Call) -> object:
    """Whose account a connection is."""
    account = cloud.accounts.get(call.text("business_connection_id"))
    if account is None:
        raise bad_request("BUSINESS_CONNECTION_INVALID")
    return account.as_api()


@method("deleteBusinessMessages")
def delete_business_messages(cloud: "TelegramCloud", call: Call) -> object:
    """Delete for both sides what the bot has written; the bot is told of it, too."""
    account = cloud.accounts.get(call.text("business_connection_id"))
    wanted = call.json("message_ids")
    if account is None or not account.enabled:
        raise bad_request("BUSINESS_CONNECTION_INVALID")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 100:
        raise bad_request("message identifiers are not specified")
    for chat in account.chats.values():
        mine = [each for each in wanted if each in chat.messages]
        for each in mine:
            cloud.record_change(call, chat, each, chat.messages[each].text)
        if mine:
            chat.deletes(*mine)
    return True
