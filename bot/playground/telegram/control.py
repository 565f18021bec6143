"""The remote control: people, faults and the ledger over HTTP, for the page and other processes."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.playground.telegram.answers import json_response, to_json
from bot.playground.telegram.faults import Fault
from bot.playground.telegram.limits import Limits, Pace
from bot.playground.telegram.messages import Message
from bot.playground.telegram.people import Person

if TYPE_CHECKING:
    from bot.playground.telegram.cloud import TelegramCloud

Body = dict[str, Any]
Deed = Callable[[Person, Body], Message | None]


def _bytes(body: Body) -> bytes | None:
    """A file in a JSON body is base64 under "data"; without it a sample goes out."""
    return base64.b64decode(body["data"]) if body.get("data") else None


def _document(person: Person, body: Body) -> Message:
    named = {key: body[key] for key in ("name", "mime", "caption", "album") if body.get(key)}
    return person.sends_document(_bytes(body), **named)


def _location(person: Person, body: Body) -> Message:
    return person.sends_location(body.get("latitude", 51.5074), body.get("longitude", -0.1278))


def _contact(person: Person, body: Body) -> Message:
    return person.sends_contact(
        body.get("own", True), body.get("phone", ""), body.get("first_name", "Someone")
    )


def _press(person: Person, body: Body) -> None:
    label = next(body[key] for key in ("button", "data", "label", "text") if body.get(key))
    person.presses(str(label), body.get("message_id"))


# What a person can be made to do, by the last part of the address.
DEEDS: dict[str, Deed] = {
    "say": lambda person, body: person.says(body["text"], body.get("reply_to")),
    "start": lambda person, body: person.starts(body.get("payload", "")),
    "photo": lambda person, body: person.sends_photo(
        _bytes(body), body.get("caption"), body.get("album")
    ),
    "voice": lambda person, body: person.sends_voice(_bytes(body), body.get("caption")),
    "video": lambda person, body: person.sends_video(
        _bytes(body), body.get("caption"), body.get("album")
    ),
    "document": _document,
    "sticker": lambda person, body: person.sends_sticker(body.get("emoji", "👍")),
    "location": _location,
    "contact": _contact,
    "edit": lambda person, body: person.edits(body["message_id"], body["text"]),
    "delete": lambda person, body: person.deletes(body["message_id"]),
    "press": _press,
    "react": lambda person, body: person.reacts(body["message_id"], body.get("emoji")),
    "block": lambda person, _body: person.blocks(),
    "unblock": lambda person, _body: person.unblocks(),
    "read": lambda person, _body: person.reads(),
}


def control_routes(cloud: "TelegramCloud", prefix: str = "") -> list[web.RouteDef]:
    control = _Control(cloud)
    at = prefix + "/control"
    return [
        web.get(at + "/snapshot", control.snapshot),
        web.get(at + "/ledger", control.ledger),
        web.post(at + "/person", _checked(control.person)),
        web.post(at + "/inject", _checked(control.inject)),
        web.post(at + "/bulk", _checked(control.bulk)),
        web.post(at + "/faults", _checked(control.faults)),
        web.post(at + "/limits", _checked(control.limits)),
        web.post(at + "/{person_id:-?\\d+}/{deed}", _checked(control.deed)),
    ]


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _checked(handler: Handler) -> Handler:
    """Turn a body that makes no sense into a 400 with the reason."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (KeyError, LookupError, TypeError, ValueError, StopIteration) as mistake:
            return _json({"error": str(mistake) or "the body lacks a field"}, status=400)

    return answer


def _json(value: object, status: int = 200) -> web.Response:
    return json_response(status, to_json(value))


class _Control:
    def __init__(self, cloud: "TelegramCloud") -> None:
        self.cloud = cloud

    async def snapshot(self, request: web.Request) -> web.StreamResponse:
        last = request.query.get("last")
        return _json(self.cloud.snapshot(int(last) if last else None))

    async def ledger(self, request: web.Request) -> web.StreamResponse:
        return _json(self.cloud.ledger.as_json(int(request.query.get("since", 0))))

    async def person(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        known = ("first_name", "last_name", "username", "language_code", "id", "started")
        person = self.cloud.person(**{key: body[key] for key in known if key in body})
        return _json(person.as_page(self.cloud.url))

    async def deed(self, request: web.Request) -> web.StreamResponse:
        person = self.cloud.people.get(int(request.match_info["person_id"]))
        deed = DEEDS.get(request.match_info["deed"])
        if person is None or deed is None:
            raise web.HTTPNotFound
        message = deed(person, await _body(request))
        return _json(message.as_page(self.cloud.url) if message is not None else {"ok": True})

    async def inject(self, request: web.Request) -> web.StreamResponse:
        raw = json.loads(await request.read())
        updates = raw if isinstance(raw, list) else [raw]
        return _json({"update_ids": [self.cloud.inject(update) for update in updates]})

    async def bulk(self, request: web.Request) -> web.StreamResponse:
        """Many people each say many numbered texts, in turns as a busy hour brings them."""
        body = await _body(request)
        people = [
            self.cloud.person(
                f"Person {number}",
                id=body.get("first_id", 800_000_000) + number,
                started=bool(body.get("started")),
            )
            for number in range(body["people"])
        ]
        first = self.cloud.next_update_id
        text = body.get("text", "message {n} of {person}")
        for number in range(1, body.get("messages", 1) + 1):
            for person in people:
                person.says(text.replace("{n}", str(number)).replace("{person}", str(person.id)))
        ids = [person.id for person in people]
        return _json({"people": ids, "first": first, "next": self.cloud.next_update_id})

    async def faults(self, request: web.Request) -> web.StreamResponse:
        """A list of rules that replaces the plan, or {"rules": […], "latency": seconds}."""
        raw = json.loads(await request.read() or b"{}")
        body: Body = {"rules": raw} if isinstance(raw, list) else raw
        if "rules" in body or not body:
            self.cloud.faults.rules.clear()
        for rule in body.get("rules", []):
            facts = {**rule, "do": Fault(rule["do"])}
            if "body" in facts:
                facts["body"] = str(facts["body"]).encode()
            self.cloud.faults.on(facts.pop("method"), **facts)
        self.cloud.faults.latency = float(body.get("latency", self.cloud.faults.latency))
        return _json({"rules": len(self.cloud.faults.rules), "latency": self.cloud.faults.latency})

    async def limits(self, request: web.Request) -> web.StreamResponse:
        """New limits from now on; {"off": true} lifts them all."""
        body = await _body(request)
        limits = None if body.get("off") else Limits(**body)
        self.cloud.pace = Pace(limits)
        return _json(asdict(limits) if limits else {"off": True})


async def _body(request: web.Request) -> Body:
    body = json.loads(await request.read() or b"{}")
    if not isinstance(body, dict):
        raise TypeError("a JSON object is expected")
    return body
