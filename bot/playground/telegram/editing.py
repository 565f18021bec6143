"""The Bot API methods that change what is already in a chat, or answer a button."""

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.playground.telegram.answers import bad_request
from bot.playground.telegram.calls import Call
from bot.playground.telegram.keyboards import read_markup
from bot.playground.telegram.messages import NO_MARKUP, Markup, Message
from bot.playground.telegram.methods import method
from bot.playground.telegram.people import Person
from bot.playground.telegram.sending import read_caption, read_text

if TYPE_CHECKING:
    from bot.playground.telegram.cloud import TelegramCloud

MAX_ALERT = 200
DELETABLE_FOR = timedelta(hours=48)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
# The emoji that Telegram lets everybody react with.
REACTIONS = frozenset(
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 🌚 🌭 💯 🤣 "
    "⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 "
    "🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷 😡 "
    "❤\u200d🔥 👨\u200d💻 🤷\u200d♂ 🤷\u200d♀".split()
)


def _to_edit(cloud: "TelegramCloud", call: Call) -> tuple[Person, Message]:
    person = cloud.chat_partner(call)
    message = person.messages.get(call.integer("message_id") or 0)
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return person, message


def _inline_markup(call: Call) -> Markup:
    # An edit without a keyboard takes the buttons away, as the real one does.
    markup = read_markup(call)
    if markup is not NO_MARKUP and markup.keyboard is not None:
        raise bad_request("inline keyboard expected")
    return markup if markup.buttons else NO_MARKUP


def _edited(cloud: "TelegramCloud", call: Call, person: Person, message: Message) -> object:
    message.edited_at = cloud.now()
    cloud.record_change(call, person, message.id, message.text)
    return person.as_told(message)


@method("editMessageText")
def edit_message_text(cloud: "TelegramCloud", call: Call) -> object:
    person, message = _to_edit(cloud, call)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    text, entities = read_text(call)
    markup = _inline_markup(call)
    before = (message.text, message.entities, message.buttons)
    if (text, entities, markup.buttons) == before:
        raise bad_request(_NOT_MODIFIED)
    message.text, message.entities, message.markup = text, entities, markup
    return _edited(cloud, call, person, message)


@method("editMessageCaption")
def edit_message_caption(cloud: "TelegramCloud", call: Call) -> object:
    person, message = _to_edit(cloud, call)
    if message.file is None:
        raise bad_request("there is no caption in the message to edit")
    text, entities = read_caption(call)
    markup = _inline_markup(call)
    before = (message.text, message.entities, message.buttons)
    if (text, entities, markup.buttons) == before:
        raise bad_request(_NOT_MODIFIED)
    message.text, message.entities, message.markup = text, entities, markup
    return _edited(cloud, call, person, message)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(cloud: "TelegramCloud", call: Call) -> object:
    person, message = _to_edit(cloud, call)
    markup = _inline_markup(call)
    if markup.buttons == message.buttons:
        raise bad_request(_NOT_MODIFIED)
    message.markup = markup
    # Telegram does not mark a message as edited when only its buttons change.
    cloud.record_change(call, person, message.id, message.text)
    return person.as_told(message)


@method("deleteMessage")
def delete_message(cloud: "TelegramCloud", call: Call) -> object:
    person = cloud.chat_partner(call)
    message = person.messages.get(call.integer("message_id") or 0)
    if message is None:
        raise bad_request("message to delete not found")
    if cloud.now() - message.at > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    _delete(cloud, call, person, message)
    return True


@method("deleteMessages")
def delete_messages(cloud: "TelegramCloud", call: Call) -> object:
    person = cloud.chat_partner(call)
    wanted = call.json("message_ids")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 100:
        raise bad_request("message identifiers are not specified")
    for number in wanted:
        message = person.messages.get(number)
        # What is not there or too old is skipped without a word.
        if message is not None and cloud.now() - message.at <= DELETABLE_FOR:
            _delete(cloud, call, person, message)
    return True


def _delete(cloud: "TelegramCloud", call: Call, person: Person, message: Message) -> None:
    del person.messages[message.id]
    cloud.record_change(call, person, message.id, message.text)


@method("setMessageReaction")
def set_message_reaction(cloud: "TelegramCloud", call: Call) -> object:
    person = cloud.chat_partner(call)
    message = person.messages.get(call.integer("message_id") or 0)
    if message is None:
        raise bad_request("message to react not found")
    wanted = call.json("reaction") or []
    if not isinstance(wanted, list) or not all(isinstance(each, dict) for each in wanted):
        raise bad_request("can't parse reaction: expected an Array of ReactionType")
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = [str(each.get("emoji", "")) for each in wanted]
    # Clients send some emoji with a variation selector, which Telegram ignores.
    if not {each.replace("\ufe0f", "") for each in emoji} <= REACTIONS:
        raise bad_request("REACTION_INVALID")
    cloud.check_reachable(person)
    message.bot_reactions = emoji
    cloud.record_change(call, person, message.id, "".join(emoji))
    return True


@method("answerCallbackQuery")
def answer_callback_query(cloud: "TelegramCloud", call: Call) -> object:
    person = cloud.asker(call.text("callback_query_id"))
    if person is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.text("text")
    if len(text) > MAX_ALERT:
        raise bad_request("MESSAGE_TOO_LONG")
    if text:
        person.alerts.append(text)
    cloud.changed(person)
    return True
