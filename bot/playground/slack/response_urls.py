"""response_url: five answers within half an hour to one command, button or shortcut."""

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.playground.slack.blocks import check_blocks, with_ids
from bot.playground.slack.channel import Channel
from bot.playground.slack.delivery import Patience
from bot.playground.slack.ledger import Entry, Ledger
from bot.playground.slack.message import Message
from bot.playground.slack.wire import ApiError, Json
from bot.playground.slack.workspace import Workspace

USES = 5


@dataclass
class Reply:
    """Where answers go; `original` is what replace_original and delete_original mean."""

    channel: Channel
    user: str
    original: Message | None
    born: float
    used: int = 0


class ResponseUrls:
    def __init__(self, workspace: Workspace, ledger: Ledger, patience: Patience) -> None:
        self.workspace = workspace
        self.ledger = ledger
        self.patience = patience
        self.modern_blocks = True
        self._replies: dict[str, Reply] = {}

    def open(
        self, channel: Channel, user: str, original: Message | None = None
    ) -> tuple[str, Reply]:
        """A new key and what it stands for."""
        key = secrets.token_hex(12)
        self._replies[key] = Reply(channel, user, original, time.monotonic())
        return key, self._replies[key]

    async def serve(self, request: web.Request) -> web.Response:
        reply = self._replies.get(request.match_info["key"])
        if reply is None:
            return _refusal(404, "invalid_url")
        if time.monotonic() - reply.born > self.patience.response_url_lives:
            return _refusal(404, "expired_url")
        if reply.used >= USES:
            return _refusal(404, "used_url")
        try:
            body = json.loads(await request.text())
        except ValueError:
            return _refusal(400, "invalid_payload")
        if not isinstance(body, dict):
            return _refusal(400, "invalid_payload")
        reply.used += 1
        try:
            self.answer(reply, body)
        except ApiError as refused:
            return _refusal(400, refused.error)
        return web.Response(text="ok", content_type="text/html")

    def answer(self, reply: Reply, body: Json) -> Message | None:
        """Show an answer as its body asks; the same words serve acks with a payload."""
        original = reply.original
        if body.get("delete_original") and original:
            self.workspace.delete(original)
            return None
        content = self._content(body)
        if body.get("replace_original") and original and not original.deleted:
            self.workspace.edit(original, self.workspace.bot_user_id, **content)
            self._note(original)
            return original
        content["thread_ts"] = body.get("thread_ts")
        content["bot"] = self.workspace.bot_signature
        if body.get("response_type") == "in_channel":
            message = self.workspace.post(reply.channel, self.workspace.bot_user_id, **content)
        else:
            message = self.workspace.whisper(reply.channel, reply.user, **content)
        reply.original = original or message
        self._note(message)
        return message

    def _content(self, body: Json) -> Json:
        blocks, attachments = body.get("blocks"), body.get("attachments")
        if not (body.get("text") or blocks or attachments):
            raise ApiError("no_text")
        if blocks:
            check_blocks(blocks, "message", self.modern_blocks)
        return {
            "text": str(body.get("text") or ""),
            "blocks": with_ids(blocks) if blocks else None,
            "attachments": attachments,
        }

    def _note(self, message: Message) -> None:
        entry = Entry(
            "response_url",
            message.channel.id,
            message.ts,
            message.thread_ts,
            message.text,
            message.blocks,
            None,
            self.workspace.now(),
            message.ephemeral_for,
        )
        self.ledger.entries.append(entry)


def _refusal(status: int, error: str) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error": error}
    return web.json_response(body, status=status)
