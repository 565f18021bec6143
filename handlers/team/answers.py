"""What can be done about an answer: say it, hold it back, keep it inside, send it once more."""

from handlers.actions import answering, delivery, holding, lanes
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import button, command
from handlers.message import Incoming, Reply, Text
from storage.errors import Refused
from storage.records import Interaction
from storage.work import Work


@command("reply <text>", also=("answer", "回复"), needs=Permission.SERVE)
def reply(work: Work, text: str, incoming: Incoming) -> Reply | None:
    """In a ticket's thread: the words behind it go to the customer."""
    return answering.reply(work, incoming)


@command("lane [customer|internal|default]", also=("通道",))
def lane(work: Work, text: str | None, incoming: Incoming) -> Reply:
    """In a channel: whether plain text in its threads goes to the customer or stays inside."""
    if incoming.private:
        raise Refused("lane.no_channel")
    voice = voice_of(work)
    chosen = (text or "").strip().casefold()
    if chosen:
        now = lanes.choose_lane(work, incoming.chat, _LANES.get(chosen, chosen))
        return voice.reply(f"lane.{now}")
    return voice.reply(f"lane.{lanes.lane_of(work, incoming.chat)}")


_LANES = {"客户": "customer", "内部": "internal", "默认": "default"}


@button("answer.undo")
def undo_pressed(work: Work, said: Interaction) -> Reply:
    """Nothing of it leaves; the line shows it."""
    holding.take_back(work, said)
    return _decided(work, "hold.undone")


def _decided(work: Work, key: str) -> Reply:
    """In the place of the buttons, at once."""
    return Reply((Text(voice_of(work).words(key)),), instead=True)


@button("answer.make_note")
def make_note_pressed(work: Work, said: Interaction) -> Reply:
    """It stays inside; the line shows it."""
    holding.make_note(work, said)
    return _decided(work, "hold.noted")


@button("answer.send_anyway")
def send_anyway_pressed(work: Work, said: Interaction) -> Reply:
    """It goes; the line shows it when it has gone."""
    holding.send_anyway(work, said)
    return _decided(work, "hold.released")


@button("answer.send_again")
def send_again_pressed(work: Work, said: Interaction) -> Reply:
    """Send a line once more."""
    answering.send_again(work, said)
    return Reply((Text(voice_of(work).words("answer.sent_again")),), instead=True)


@button("answer.leave")
def leave_pressed(work: Work, said: Interaction) -> Reply:
    """Leave it as it is."""
    delivery.leave_unsure(work, said)
    return Reply((Text(voice_of(work).words("answer.left")),), instead=True)
