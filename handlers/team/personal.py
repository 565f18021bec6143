"""People's own Telegram accounts: not to be listened to."""

from handlers.actions import personal
from handlers.actions.policies import voice_of
from handlers.command import button
from handlers.message import Reply, Text
from storage.records import BusinessConnection
from storage.work import Work


@button("personal.refuse")
def refuse_pressed(work: Work, row: BusinessConnection) -> Reply:
    """Do not listen to an account that somebody has connected."""
    personal.refuse(work, row)
    return Reply((Text(voice_of(work).words("personal.refused", name=row.name)),), instead=True)
