"""files.*: uploads in three steps, and what is known of a file."""

import mimetypes

from bot.playground.slack.calls import Call, method
from bot.playground.slack.message import File
from bot.playground.slack.wire import ApiError, Json


@method("files.getUploadURLExternal")
def get_upload_url(call: Call) -> Json:
    name, length = call.needed("filename"), call.number("length", 0)
    if length <= 0:
        raise ApiError("invalid_arguments", response_metadata={"messages": ["invalid length"]})
    workspace = call.workspace
    file_id = workspace.ids.next("F")
    url = f"{call.url}/files-pri/{workspace.team_id}-{file_id}/{name}"
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    created = workspace.stamps.epoch()
    workspace.files[file_id] = File(
        file_id, name, b"", workspace.bot_user_id, url, kind, "", created
    )
    return {"upload_url": f"{call.url}/upload/v1/{file_id}", "file_id": file_id}


@method("files.completeUploadExternal")
def complete_upload(call: Call) -> Json:
    files = [_uploaded(call, item) for item in call.decoded("files") or ()]
    if not files:
        raise ApiError("invalid_arguments")
    wanted = call.text("channel_id") or call.text("channels")
    for number, channel_id in enumerate(filter(None, wanted.split(","))):
        call.args["channel"] = channel_id
        channel = call.writable()
        message = call.workspace.post(
            channel,
            call.workspace.bot_user_id,
            call.text("initial_comment") if number == 0 else "",
            subtype="file_share",
            files=files,
            thread_ts=call.text("thread_ts") or None,
            blocks=call.blocks(),
            bot=call.workspace.bot_signature,
        )
        call.note(message)
    return {"files": [file.as_slack() for file in files]}


def _uploaded(call: Call, item: Json) -> File:
    file = _file(call, str(item.get("id")))
    if not file.data:
        raise ApiError("file_not_found")
    file.title = str(item.get("title") or file.name)
    return file


def _file(call: Call, file_id: str) -> File:
    file = call.workspace.files.get(file_id)
    if file is None:
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    return file


@method("files.info")
def info(call: Call) -> Json:
    return {"file": _file(call, call.text("file")).as_slack(), "comments": []}


@method("files.delete")
def delete(call: Call) -> Json:
    file = _file(call, call.text("file"))
    file.deleted, file.data = True, b""
    for channel in call.workspace.channels.values():
        for message in channel.by_ts.values():
            if file in message.files:
                message.files.remove(file)
    call.workspace.changed()
    return {}
