"""What a struck call goes through: each kind of fault, on the wire."""

import asyncio
import socket
import struct
from typing import TYPE_CHECKING

from aiohttp import web

from bot.playground.telegram.answers import Refusal, bad_request, refused, too_many
from bot.playground.telegram.calls import Call
from bot.playground.telegram.faults import Fault, Rule

if TYPE_CHECKING:
    from bot.playground.telegram.cloud import TelegramCloud


async def suffer(
    cloud: "TelegramCloud", request: web.Request, call: Call, rule: Rule
) -> web.StreamResponse:
    """The answer, or the lack of one, that the rule has in store for this call."""
    if rule.do is Fault.ACCEPT_THEN_RESET:
        await _accept(cloud, call, rule)
        return _reset(request)
    if rule.do is Fault.RESET_BEFORE:
        return _reset(request)
    if rule.do is Fault.HANG and not rule.accepted:
        await asyncio.sleep(rule.seconds)
        return await cloud.api.perform(call)
    if rule.do in (Fault.STATUS, Fault.GARBAGE, Fault.HANG):
        return await _spoil(cloud, call, rule)
    refusal = _planned_refusal(rule)
    cloud.ledger.refusals[refusal.code] += 1
    cloud.ledger.planned_429 += refusal.code == 429
    return refused(refusal)


def _planned_refusal(rule: Rule) -> Refusal:
    match rule.do:
        case Fault.TOO_MANY:
            return too_many(rule.retry_after)
        case Fault.BLOCKED:
            return Refusal(403, "Forbidden: bot was blocked by the user")
        case Fault.MIGRATE:
            why = "group chat was upgraded to a supergroup chat"
            return Refusal(400, f"Bad Request: {why}", {"migrate_to_chat_id": rule.migrate_to})
        case Fault.BAD_ENTITIES:
            why = "can't parse entities: Can't find end tag corresponding to start tag \"b\""
            return bad_request(why)
        case _:
            return Refusal(401, "Unauthorized")


async def _spoil(cloud: "TelegramCloud", call: Call, rule: Rule) -> web.StreamResponse:
    if rule.accepted:
        await _accept(cloud, call, rule)
    if rule.do is Fault.HANG:
        await asyncio.sleep(rule.seconds)
    if rule.do is Fault.STATUS:
        return web.Response(
            status=rule.status,
            text=f"<html><head><title>{rule.status}</title></head><body>nginx</body></html>",
            content_type="text/html",
        )
    return web.Response(body=rule.body, content_type="application/json")


async def _accept(cloud: "TelegramCloud", call: Call, rule: Rule) -> None:
    """Let the call take effect and write down that its caller never learnt so."""
    ledger = cloud.ledger
    delivered, changed = len(ledger.deliveries), len(ledger.changes)
    await cloud.api.perform(call)
    for delivery in ledger.deliveries[delivered:] + ledger.changes[changed:]:
        if delivery.payload is call.params:
            delivery.outcome = rule.do.value


def _reset(request: web.Request) -> web.StreamResponse:
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            # No lingering: the other side sees a reset, not an orderly end.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)
