"""Where file contents go in and out: upload addresses, private downloads, avatars."""

import html

from aiohttp import web

from bot.playground.slack.message import File
from bot.playground.slack.workspace import Workspace


class FileDoors:
    def __init__(self, workspace: Workspace, bot_token: str) -> None:
        self.workspace = workspace
        self.bot_token = bot_token

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/upload/v1/{file}", self.upload),
            web.get("/files-pri/{team_file}/{name}", self.download),
            web.get("/files-pri/{team_file}/{name}/download", self.download),
            web.get("/signin", self.sign_in),
            web.get("/avatar/{member}", self.avatar),
            web.get("/control/file/{file}", self.for_page),
        ]

    async def upload(self, request: web.Request) -> web.Response:
        file = self.workspace.files.get(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound
        file.data = await _content(request)
        return web.Response(text=f"OK - {file.size}")

    async def download(self, request: web.Request) -> web.Response:
        file = self.workspace.files.get(request.match_info["team_file"].rpartition("-")[2])
        if file is None or file.deleted:
            raise web.HTTPNotFound
        if request.headers.get("Authorization") != f"Bearer {self.bot_token}":
            # Slack sends strangers to a page that answers 200: a trap for careless downloads.
            here = request.path_qs.partition("/files-pri/")[0]
            raise web.HTTPFound(f"{here}/signin")
        return _as_response(file)

    async def sign_in(self, _request: web.Request) -> web.Response:
        return web.Response(text="<html><title>Sign in</title></html>", content_type="text/html")

    async def avatar(self, request: web.Request) -> web.Response:
        """Initials in the member's colour."""
        member = self.workspace.members.get(request.match_info["member"])
        if member is None:
            raise web.HTTPNotFound
        initials = "".join(word[0] for word in member.real_name.split()[:2])
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72">'
            f'<rect width="72" height="72" rx="12" fill="#{member.color}"/>'
            '<text x="36" y="47" font-size="30" font-family="sans-serif" fill="#fff" '
            f'text-anchor="middle">{html.escape(initials)}</text></svg>'
        )
        return web.Response(text=drawing, content_type="image/svg+xml")

    async def for_page(self, request: web.Request) -> web.Response:
        """A file for the playground's own page, which has no token."""
        file = self.workspace.files.get(request.match_info["file"])
        if file is None or file.deleted:
            raise web.HTTPNotFound
        return _as_response(file)


async def _content(request: web.Request) -> bytes:
    """The bytes of an upload, sent plainly or as the first part of a multipart form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""


def _as_response(file: File) -> web.Response:
    # Content of strangers is never shown in the page's own origin, except for plain pictures.
    inline = file.mimetype in {"image/png", "image/jpeg", "image/gif", "image/webp"}
    headers = {"X-Content-Type-Options": "nosniff"}
    if not inline:
        headers["Content-Disposition"] = "attachment"
    return web.Response(body=file.data, content_type=file.mimetype, headers=headers)
