"""The Bot API methods that put a new message into somebody's chat."""

from typing import TYPE_CHECKING, Any

from bot.playground.telegram.answers import bad_request
from bot.playground.telegram.calls import Call
from bot.playground.telegram.entities import Entity, formatted, utf16_length
from bot.playground.telegram.files import File, check_size
from bot.playground.telegram.keyboards import read_markup
from bot.playground.telegram.messages import Message
from bot.playground.telegram.methods import Method, method
from bot.playground.telegram.people import TYPING_SECONDS, Person

if TYPE_CHECKING:
    from bot.playground.telegram.cloud import TelegramCloud

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ALBUM = 10
# The methods that carry a file, and the parameter (and kind) that holds it.
FILE_METHODS = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendVoice": "voice",
    "sendVideo": "video",
    "sendAudio": "audio",
    "sendAnimation": "animation",
    "sendSticker": "sticker",
}
_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note".split()
)


def read_text(call: Call) -> tuple[str, list[Entity]]:
    """The text of a call with its entities, within Telegram's limits."""
    text, entities = formatted(call.text("text"), call.text("parse_mode"), call.json("entities"))
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return text, entities


def read_caption(call: Call) -> tuple[str, list[Entity]]:
    caption = call.text("caption")
    if not caption:
        return "", []
    text, entities = formatted(caption, call.text("parse_mode"), call.json("caption_entities"))
    if utf16_length(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return text, entities


def _begin(cloud: "TelegramCloud", call: Call, kind: str) -> tuple[Person, Message]:
    """A message with everything that all kinds share; it has no number yet."""
    person = cloud.chat_partner(call)
    message = Message(
        id=0,
        chat_id=person.id,
        from_bot=True,
        at=cloud.now(),
        kind=kind,
        markup=read_markup(call),
        silent=call.flag("disable_notification"),
        protected=call.flag("protect_content"),
        reply_to=_reply_target(call, person),
    )
    if "link_preview_options" in call.params:
        message.extra["link_preview_options"] = call.structure("link_preview_options")
    return person, message


def _reply_target(call: Call, person: Person) -> int | None:
    wanted = call.structure("reply_parameters")
    legacy = call.integer("reply_to_message_id")
    target = Call(call.method, wanted).integer("message_id", legacy)
    if not target:
        return None
    if target in person.messages:
        return target
    if wanted.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


@method("sendMessage")
def send_message(cloud: "TelegramCloud", call: Call) -> object:
    person, message = _begin(cloud, call, "text")
    message.text, message.entities = read_text(call)
    return cloud.deliver(call, person, [message])[0]


def _sends_file(kind: str) -> Method:
    def send(cloud: "TelegramCloud", call: Call) -> object:
        person, message = _begin(cloud, call, kind)
        if kind != "sticker":
            message.text, message.entities = read_caption(call)
        _attach(message, _file(cloud, call, kind, call.params.get(kind), kind), call)
        return cloud.deliver(call, person, [message])[0]

    return send


for _name, _kind in FILE_METHODS.items():
    method(_name)(_sends_file(_kind))


def _file(cloud: "TelegramCloud", call: Call, kind: str, given: Any, field: str) -> File:
    """The file of a call: uploaded under the field's name or attach://, or known by its id.

    Addresses have been fetched into `call.files` before a method runs.
    """
    if isinstance(given, str) and given.startswith("attach://"):
        field = given.removeprefix("attach://")
    elif given:
        upload = call.files.get(str(given))
        if upload is None:
            return cloud.files.by_id(str(given))
        return cloud.files.keep(kind, upload.data, upload.name, upload.mime)
    upload = call.files.get(field)
    if upload is None:
        raise bad_request(f"there is no {kind} in the request")
    check_size(kind, upload.data)
    return cloud.files.keep(kind, upload.data, upload.name, upload.mime)


def _attach(message: Message, file: File, call: Call) -> None:
    kind = message.kind
    file.duration = call.integer("duration") or file.duration
    message.file = file
    message.content = {kind: file.photo_sizes() if kind == "photo" else file.as_json()}
    if kind == "animation":
        # Old clients know only documents, so Telegram tells an animation twice.
        message.content["document"] = file.as_json()
    if kind == "audio":
        for name in ("performer", "title"):
            if call.text(name):
                message.content["audio"][name] = call.text(name)


@method("sendMediaGroup")
def send_media_group(cloud: "TelegramCloud", call: Call) -> object:
    items = call.json("media")
    if not isinstance(items, list) or not items:
        raise bad_request("there are no messages to send")
    if len(items) > MAX_ALBUM:
        raise bad_request("too many messages to send as an album")
    kinds = {item.get("type") for item in items if isinstance(item, dict)}
    if not kinds <= {"photo", "video"} and len(kinds) > 1:
        raise bad_request("can't use the media of the specified type in the album")
    album = cloud.new_album_id()
    messages = []
    for item in items:
        person, message = _album_item(cloud, call, item)
        message.album = album
        messages.append(message)
    return cloud.deliver(call, person, messages)


def _album_item(cloud: "TelegramCloud", call: Call, item: Any) -> tuple[Person, Message]:
    kind = item.get("type") if isinstance(item, dict) else None
    if kind not in ("photo", "video", "document", "audio"):
        raise bad_request("can't parse InputMedia: type must be photo, video, document or audio")
    person, message = _begin(cloud, call, kind)
    one = Call(call.method, {**item, "chat_id": person.id}, call.files)
    message.text, message.entities = read_caption(one)
    _attach(message, _file(cloud, one, kind, item.get("media"), kind), one)
    return person, message


@method("sendLocation")
def send_location(cloud: "TelegramCloud", call: Call) -> object:
    latitude, longitude = call.number("latitude"), call.number("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong location specified")
    person, message = _begin(cloud, call, "location")
    message.content = {"location": {"latitude": latitude, "longitude": longitude}}
    return cloud.deliver(call, person, [message])[0]


@method("sendContact")
def send_contact(cloud: "TelegramCloud", call: Call) -> object:
    if not call.text("phone_number") or not call.text("first_name"):
        raise bad_request("PHONE_NUMBER_INVALID")
    person, message = _begin(cloud, call, "contact")
    facts = ("phone_number", "first_name", "last_name", "vcard")
    message.content = {"contact": {name: call.text(name) for name in facts if call.text(name)}}
    return cloud.deliver(call, person, [message])[0]


@method("copyMessage")
def copy_message(cloud: "TelegramCloud", call: Call) -> object:
    source = cloud.people.get(call.integer("from_chat_id") or 0)
    original = source and source.messages.get(call.integer("message_id") or 0)
    if not original:
        raise bad_request("message to copy not found")
    person, message = _begin(cloud, call, original.kind)
    message.content, message.file = original.content, original.file
    message.text, message.entities = original.text, original.entities
    if "caption" in call.params and original.kind != "text":
        message.text, message.entities = read_caption(call)
    return {"message_id": cloud.deliver(call, person, [message])[0]["message_id"]}


@method("sendChatAction")
def send_chat_action(cloud: "TelegramCloud", call: Call) -> object:
    person = cloud.chat_partner(call)
    if call.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    cloud.check_reachable(person)
    person.typing_until = cloud.monotonic() + TYPING_SECONDS
    cloud.changed(person)
    return True


def addresses(call: Call) -> list[str]:
    """Web addresses among the files of a call, which the cloud fetches before it sends."""
    given: list[Any] = [call.params.get(FILE_METHODS.get(call.method, ""))]
    if call.method == "sendMediaGroup":
        items = call.json("media")
        given = [each.get("media") for each in items or [] if isinstance(each, dict)]
    return [each for each in given if isinstance(each, str) and each.startswith("http")]
