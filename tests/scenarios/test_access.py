"""Guests, outsiders, bots and people who left are nobody; roles say who may do what."""

import pytest

from bot.playground.slack import Member
from tests.world import World

OUTSIDE = {
    "guest": {"guest": True},
    "guest of one channel": {"ultra_restricted": True},
    "somebody of another company": {"stranger": True},
    "a bot": {"bot": True},
    "somebody who left": {"deleted": True},
}


def outsider(w: World, kind: str) -> Member:
    """Somebody who is in the channel and not of the team."""
    found = w.slack.member("olga", "Olga Out", **OUTSIDE[kind])  # type: ignore[arg-type]
    if found.id not in w.support.members:
        w.support.members.append(found.id)
    return found


@pytest.mark.parametrize("kind", OUTSIDE)
async def test_who_is_not_of_the_team_sees_nothing_and_does_nothing(w: World, kind: str) -> None:
    """Commands, buttons and words in threads of outsiders count for nothing."""
    await w.says(w.ann, "/crm add Anna Lee, Acme, +44 20 7946 0958")
    w.bob.says("my order")
    card = await w.thread(1)
    olga = outsider(w, kind)
    for line in (
        "/crm",
        "/crm show anna",
        "/crm find anna",
        "/crm ticket 1",
        "/crm shwo anna",
        "/crm help",
    ):
        said = await w.says(olga, line)
        assert "not part of this team" in said
        assert "0958" not in said and "Acme" not in said
    await olga.presses("Take", channel=w.support, ts=card.ts)
    await olga.says(w.support, "words of an outsider", thread_ts=card.ts)
    await olga.opens_home()
    answer = await w.ann.says(w.support, "words of the team", thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in answer.reactions)

    assert not any("outsider" in heard for heard in w.bob.heard)
    assert "nobody" in card.plain or "Ann Archer" in card.plain
    assert olga.home is None or "my order" not in olga.home.plain


async def test_who_leaves_loses_access_when_slack_says_so(w: World) -> None:
    """Dismissed at noon, nobody from noon on."""
    w.bob.says("my order")
    card = await w.thread(1)
    assert "Your day" in await w.says(w.ann, "/crm")
    await w.ann.changes(deleted=True)
    await w.slack.quiet()
    await w.until(lambda: True)

    assert "not part of this team" in await w.says(w.ann, "/crm")
    await w.ann.says(w.support, "one last word", thread_ts=card.ts)
    kept = await w.bo.says(w.support, "hello from Bo", thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in kept.reactions)
    assert not any("last word" in heard for heard in w.bob.heard)


async def test_who_comes_back_is_let_in_again(w: World) -> None:
    """A mistake in Slack that is put right is put right here too."""
    assert "Your day" in await w.says(w.ann, "/crm")
    await w.ann.changes(deleted=True)
    await w.slack.quiet()
    assert "not part of this team" in await w.says(w.ann, "/crm")
    await w.ann.changes(deleted=False)
    await w.slack.quiet()

    assert "Your day" in await w.says(w.ann, "/crm")


@pytest.mark.parametrize(
    "line",
    [
        "/crm campaign vip Hello",
        "/crm digest",
        "/crm role @bo admin",
        "/crm policy receipt off",
        "/crm troubles",
    ],
)
async def test_agents_may_not_do_what_managers_and_admins_do(w: World, line: str) -> None:
    """Deny by default, with a word on whom to ask."""
    await w.says(w.bo, "/crm")

    assert "another role" in await w.says(w.ann, line)


async def test_a_manager_may_campaign_but_not_give_roles(w: World) -> None:
    """Each role includes the one below it."""
    await w.says(w.bo, "/crm")
    await w.says(w.ann, "/crm")
    assert "manager now" in await w.says(w.mia, "/crm role @bo manager")
    assert "another role" in await w.says(w.bo, "/crm role @ann manager")
    assert "Nobody has the tag" in await w.says(w.bo, "/crm campaign vip Hello")


async def test_the_last_admin_cannot_give_the_office_away(w: World) -> None:
    """Somebody must be left to set things up."""
    assert "only admin" in await w.says(w.mia, "/crm role @mia agent")


async def test_the_first_admin_needs_the_code_of_the_console(w: World) -> None:
    """Where Slack names no administrator, the console does; the code works once."""
    w.mia.admin = False
    from handlers.actions.members import first_code

    code = w.store.write(first_code)
    assert "not the code" in await w.says(w.ann, "/crm admin 1234")
    assert "admin now" in await w.says(w.ann, f"/crm admin {code}")
    assert "already" in await w.says(w.bo, f"/crm admin {code}")


async def test_a_customer_cannot_reach_what_is_the_teams(w: World) -> None:
    """What a customer types is words for the team, whatever it looks like."""
    w.bob.says("/crm show anna")
    await w.in_thread("/crm show anna")
    w.bob.says("/role bob admin")
    await w.in_thread("/role bob admin")

    assert all("#1" in heard for heard in w.bob.heard)


async def test_a_customers_button_of_somebody_else_does_nothing_to_them(w: World) -> None:
    """A pressed button acts for the one who pressed it."""
    w.bob.says("hello")
    await w.hears(w.bob, "#1")
    query = {
        "id": w.telegram.new_query(w.bob),
        "from": w.bob.as_user(),
        "chat_instance": "1",
        "data": "ticket.resolve|1",
    }
    w.telegram.updates.put("callback_query", query, lane=w.bob.id)
    await w.until(lambda: w.telegram.ledger.calls["answerCallbackQuery"])

    assert "new" in (await w.thread(1)).plain
