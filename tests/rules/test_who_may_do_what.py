"""The table of who may do what in docs/security.md, held against the gate itself."""

import importlib
import pkgutil

import pytest

from handlers import actions
from handlers.actions.access import ACTIONS, Permission, may
from storage.records import Contact, Member, Role
from storage.work import Actor
from tests.rules.made import START

for _module in pkgutil.iter_modules(actions.__path__):
    importlib.import_module(f"{actions.__name__}.{_module.name}")

# Only for managers and admins.
MANAGERS = """
campaigns.draft campaigns.compose campaigns.start campaigns.pause campaigns.resume campaigns.cancel
campaigns.change_texts campaigns.change_speed campaigns.send_late campaign_answers.recall
trials.plan journeys.write journeys.start journeys.pause journeys.resume journeys.end
imports.receive imports.start imports.change_reading imports.cancel imports.undo exports.send_file
merging.merge merging.undo doubles.open_pairs doubles.compared doubles.tell_apart doubles.put_off
segments.add segments.change segments.rename segments.delete
tags.rename tags.delete companies.rename companies.make_one
policies.set_policy policies.set_policy_in members.choose_digest lanes.choose_lane routing.route
service_levels.set_targets business_hours.set_hours business_hours.set_holiday
preferences.add_topic preferences.remove_topic
"""
# Only for admins.
ADMINS = """
members.set_role inbox.dead inbox.retry inbox.discard personal.refuse
custom_fields.add custom_fields.rename custom_fields.retire custom_fields.set_kind
custom_fields.set_choices filing.add_category filing.remove_category
pipelines.add_pipeline pipelines.add_stage pipelines.rename_stage pipelines.remove_stage
pipelines.set_probability
"""
# For everybody of the team, and for nobody else: reading too.
TEAM = """
contacts.log contacts.add_tags contacts.remove_tags profiles.edit changes.undo
changes.history orders.place orders.refund orders.return_goods orders.set_status orders.change
products.add follow_ups.remind follow_ups.snooze later.say_later later.send_now
later.cancel answering.say answering.reply blocking.block campaigns.numbers
campaigns.card merging.survivor_of segments.read segments.why exports.write
"""
# A customer for themselves.
CUSTOMERS = """
consents.stop_marketing consents.allow_marketing preferences.choose_topic preferences.quiet_hours
preferences.no_news_until contacts.choose_language contacts.share_phone satisfaction.rate nps.rate
privacy.stored privacy.send_file privacy.forget own_tickets.mine own_tickets.orders
"""


def _actor(role: Role | None) -> Actor:
    if role is None:
        return Actor(name="Bob", contact=Contact(name="Bob", created_at=START))
    member = Member(slack_team="T", slack_user="U", name="Ann", role=role, created_at=START)
    return Actor(name="Ann", member=member)


def _who_may(needs: Permission) -> list[Role | None]:
    return [role for role in (None, *Role) if may(_actor(role), needs)]


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        (MANAGERS, [Role.MANAGER, Role.ADMIN]),
        (ADMINS, [Role.ADMIN]),
        (CUSTOMERS, [None]),
    ],
    ids=["managers", "admins", "customers"],
)
def test_each_may_do_what_the_table_says_and_no_more(
    words: str, allowed: list[Role | None]
) -> None:
    """A customer is no member, and a member is no customer."""
    wrong = {name: _who_may(ACTIONS[name]) for name in words.split()}

    assert {name: who for name, who in wrong.items() if who != allowed} == {}


def test_the_team_reads_and_serves_and_customers_do_not() -> None:
    """Nothing of the team's is a customer's to do or to see."""
    wrong = {name: _who_may(ACTIONS[name]) for name in TEAM.split()}

    assert all(None not in who for who in wrong.values()), wrong


def test_a_member_who_is_not_there_any_more_may_nothing() -> None:
    """Whoever left the workspace, or became a guest."""
    gone = Member(
        slack_team="T", slack_user="U", name="X", role=Role.ADMIN, active=False, created_at=START
    )
    wanted = set(Permission) - {Permission.ANYONE}

    assert [each for each in wanted if may(Actor(name="X", member=gone), each)] == []
    assert [each for each in wanted if may(Actor(name="nobody"), each)] == []
