"""A small Slack workspace on loopback that real Slack libraries can talk to."""

from bot.playground.slack.channel import Channel
from bot.playground.slack.cloud import SlackCloud
from bot.playground.slack.delivery import Patience
from bot.playground.slack.faults import Fault
from bot.playground.slack.interactions import Answer
from bot.playground.slack.limits import Limits
from bot.playground.slack.member import Member
from bot.playground.slack.message import File, Message
from bot.playground.slack.view import View

__all__ = [
    "Answer",
    "Channel",
    "Fault",
    "File",
    "Limits",
    "Member",
    "Message",
    "Patience",
    "SlackCloud",
    "View",
]
