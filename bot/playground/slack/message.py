"""Messages and files as the workspace keeps them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.playground.slack.text import live_mentions, read, read_blocks, rich_text
from bot.playground.slack.wire import Json

if TYPE_CHECKING:
    from bot.playground.slack.channel import Channel


@dataclass(eq=False)
class File:
    id: str
    name: str
    data: bytes
    user: str
    url: str
    mimetype: str = "application/octet-stream"
    title: str = ""
    created: int = 0
    deleted: bool = False
    # Where it was shown: {channel id: [timestamp of the message, …]}.
    shares: dict[str, list[Json]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.data)

    def as_slack(self) -> Json:
        kind = self.name.rpartition(".")[2].lower() if "." in self.name else "binary"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": kind,
            "pretty_type": kind.upper(),
            "user": self.user,
            "editable": False,
            "size": self.size,
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": self.url,
            "url_private_download": f"{self.url}/download",
            "permalink": self.url,
            "file_access": "visible",
            "shares": {"public": self.shares},
        }


@dataclass(eq=False)
class Message:
    """One message. `bot` says that the app wrote it; `ephemeral_for` who alone sees it."""

    channel: "Channel"
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    thread_ts: str | None = None
    bot: Json | None = None
    username: str | None = None
    icon: str | None = None
    subtype: str | None = None
    files: list[File] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    metadata: Json | None = None
    ephemeral_for: str | None = None
    client_msg_id: str | None = None
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None
    mrkdwn: bool = True
    edited: Json | None = None
    deleted: bool = False
    replies: list["Message"] = field(default_factory=list)
    # What people chose in this message's menus, by person: state.values of their next press.
    states: dict[str, Json] = field(default_factory=dict)

    @property
    def plain(self) -> str:
        """What a reader sees: the blocks when there are any, the text otherwise."""
        name_of = self.channel.workspace.display_name
        lines = [read_blocks(self.blocks, name_of) if self.blocks else read(self.text, name_of)]
        for attachment in self.attachments or ():
            lines.append(read_blocks(attachment.get("blocks") or [], name_of))
            lines += [str(attachment.get(part) or "") for part in ("pretext", "title", "text")]
        lines += [f"[{file.name}]" for file in self.files]
        return "\n".join(line for line in lines if line)

    @property
    def live_mentions(self) -> list[str]:
        """Markup in it that notifies or links: `<!channel>`, `<@U…>`, `<#C…>`, `<url|label>`."""
        nested = [b for a in self.attachments or () for b in a.get("blocks") or ()]
        loose = " ".join(str(a.get("text", "")) for a in self.attachments or ())
        return live_mentions(f"{self.text} {loose}", [*(self.blocks or ()), *nested])

    @property
    def all_blocks(self) -> list[Json]:
        blocks = list(self.blocks or ())
        for attachment in self.attachments or ():
            blocks += attachment.get("blocks") or ()
        return blocks

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    def as_slack(self, metadata: bool = False) -> Json:
        """The message object of events, histories and answers."""
        shape: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        if self.subtype:
            shape["subtype"] = self.subtype
        if self.bot:
            shape |= self.bot
        if self.username:
            # A message under another name is a bot_message without a user, as on Slack.
            del shape["user"]
            shape |= {"username": self.username, "subtype": self.subtype or "bot_message"}
        if self.icon:
            shape["icons"] = {"emoji" if self.icon.startswith(":") else "image_64": self.icon}
        if self.blocks is not None:
            shape["blocks"] = self.blocks
        elif not self.bot and self.text:
            shape["blocks"] = rich_text(self.text)
        if self.attachments:
            shape["attachments"] = self.attachments
        if self.client_msg_id:
            shape["client_msg_id"] = self.client_msg_id
        shape["team"] = self.channel.workspace.team_of(self.user)
        if self.channel.is_ext_shared:
            shape |= {"user_team": shape["team"], "source_team": shape["team"]}
        return (
            shape | self._marks() | ({"metadata": self.metadata} if self._tells(metadata) else {})
        )

    def _tells(self, metadata: bool) -> bool:
        return metadata and self.metadata is not None

    def _marks(self) -> Json:
        marks: Json = {}
        if self.thread_ts:
            marks["thread_ts"] = self.thread_ts
            if self.is_reply and (root := self.channel.find(self.thread_ts)):
                marks["parent_user_id"] = root.user
        if self.replies:
            people = list(dict.fromkeys(reply.user for reply in self.replies))
            marks |= {
                "reply_count": len(self.replies),
                "reply_users_count": len(people),
                "reply_users": people,
                "latest_reply": self.replies[-1].ts,
            }
        if self.files:
            marks |= {"files": [file.as_slack() for file in self.files], "upload": True}
        if self.reactions:
            marks["reactions"] = [
                {"name": name, "users": users, "count": len(users)}
                for name, users in self.reactions.items()
            ]
        if self.edited:
            marks["edited"] = self.edited
        if self.ephemeral_for:
            marks["is_ephemeral"] = True
        return marks
