"""An envelope that no library reads is kept, acknowledged and shown; the next one flows."""

from typing import Any

import pytest
from sqlmodel import select

from storage.records import InboxRow, InboxState
from tests.world import World

DEEP: Any = "x"
for _ in range(300):
    DEEP = [DEEP]

PAYLOADS: dict[str, Any] = {
    "no event": {"type": "event_callback", "event": None},
    "event is a string": {"type": "event_callback", "event": "x"},
    "event is a list": {"type": "event_callback", "event": [1]},
    "authorizations are a number": {"type": "event_callback", "authorizations": 5, "event": {}},
    "team is a list": {"type": "event_callback", "team": [], "event": {"type": "message"}},
    "user is null": {"type": "block_actions", "user": None, "actions": [{}], "message": 7},
    "a NUL and half a character in the id": {
        "type": "event_callback",
        "event_id": "Ev\x00\ud800",
        "event": {"type": "message", "channel": "C\x00", "ts": "\udfff"},
    },
    "deep": {"type": "event_callback", "event": {"type": "message", "text": DEEP}},
    "a list": [],
    "a number": 17,
    "null": None,
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
async def test_a_malformed_payload_is_acknowledged(w: World, payload: Any) -> None:
    """Slack hears that we have it, so it does not send it again; a command is answered after it."""
    envelope = {"type": "events_api", "envelope_id": "strange", "payload": payload}
    await w.slack.inject_envelope(envelope)
    await w.until(lambda: "strange" in w.slack.sockets.acked)

    assert "/crm find" in await w.says(w.ann, "/crm help")


@pytest.mark.parametrize(
    "envelope",
    [{"envelope_id": "strange"}, {"envelope_id": "strange", "type": "of_tomorrow"}],
    ids=["nothing else", "no payload"],
)
async def test_an_envelope_that_lacks_something_is_acknowledged(w: World, envelope: Any) -> None:
    """The library passes over it without a word; Slack would send it again."""
    await w.slack.inject_envelope(envelope)
    await w.until(lambda: "strange" in w.slack.sockets.acked)

    assert "/crm find" in await w.says(w.ann, "/crm help")


async def test_a_malformed_payload_is_a_dead_letter(both: World) -> None:
    """An admin finds it under the troubles and may discard it."""
    w = both
    await w.says(w.mia, "/crm")
    payload = {"type": "event_callback", "event": None}
    envelope = {"type": "events_api", "envelope_id": "strange", "payload": payload}
    await w.slack.inject_envelope(envelope)
    dead = select(InboxRow).where(InboxRow.state == InboxState.DEAD)
    await w.until(lambda: w.look(lambda work: work.all(dead)))
    await w.sees(w.mia, "could not be handled")

    assert "could not be handled" in await w.says(w.mia, "/crm troubles")
    await w.mia.presses("Discard", channel=w.support)
    await w.sees(w.mia, "is put away")
