"""New tickets find somebody by themselves: fairly, in working hours, whoever restarts."""

from collections import Counter

from bot.playground.slack import Member
from storage.queries import members, tickets
from storage.records import Ticket
from storage.work import Work
from tests.world import World


async def everybody(w: World) -> list[Member]:
    """The three of the team, known to Rapport."""
    team = [w.ann, w.bo, w.mia]
    for member in team:
        await w.says(member, "/crm team")
    return team


def ticket(w: World, number: int) -> Ticket:
    """A ticket as it stands."""
    found = w.look(lambda work: tickets.numbered(work, number))
    assert found is not None
    return found


def who_has(w: World) -> dict[int, str]:
    """The numbers of the tickets that somebody has, with whose they are."""

    def found(work: Work) -> dict[int, str]:
        names = {each.id: each.name for each in members.active(work)}
        listed = tickets.open_tickets(work, limit=100)
        return {t.number: names[t.assignee_id] for t, _ in listed if t.assignee_id is not None}

    return w.look(found)


async def writes(w: World, number: int) -> None:
    """One more customer writes."""
    w.telegram.person(f"Person{number}", "New").says(f"request {number}")
    await w.in_thread(f"request {number}", number=number)


async def is_given(w: World, number: int) -> None:
    """Wait until somebody has a ticket."""
    await w.until(lambda: number in who_has(w))


async def test_round_robin_goes_on_where_it_was_after_a_restart(both: World) -> None:
    """Six tickets, three members, a restart in the middle: two each, in turn."""
    w = both
    await everybody(w)
    await w.says(w.mia, "/crm policy assignment round_robin")
    for number in range(1, 7):
        await writes(w, number)
        await is_given(w, number)
        if number in (2, 4):
            await w.stop_rapport()
            await w.start_rapport()

    found = who_has(w)
    assert Counter(found.values()) == {"Ann Archer": 2, "Bo Berg": 2, "Mia Moss": 2}
    assert [found[n] for n in (1, 2, 3)] == [found[n] for n in (4, 5, 6)]


async def test_many_at_once_are_dealt_out_evenly(w: World) -> None:
    """Nine tickets that waited when the policy was switched on are three for each."""
    await everybody(w)
    for number in range(1, 10):
        await writes(w, number)
    await w.says(w.mia, "/crm policy assignment round_robin")
    await w.until(lambda: len(who_has(w)) == 9)

    assert set(Counter(who_has(w).values()).values()) == {3}


async def test_the_least_busy_gets_the_next_one(both: World) -> None:
    """Who has two waits until the others have two."""
    w = both
    await everybody(w)
    for number in (1, 2):
        await writes(w, number)
        await w.says(w.ann, f"/crm take {number}")
    await w.says(w.mia, "/crm policy assignment least_busy")
    for number in (3, 4, 5, 6):
        await writes(w, number)
        await is_given(w, number)

    assert Counter(who_has(w).values()) == {"Ann Archer": 2, "Bo Berg": 2, "Mia Moss": 2}


async def test_nothing_is_given_to_who_is_away_and_the_one_who_gets_it_is_told(w: World) -> None:
    """The thread says whose turn it is; the member hears of it in a direct message."""
    await everybody(w)
    await w.says(w.ann, "/crm away")
    await w.says(w.mia, "/crm away until monday")
    await w.says(w.mia, "/crm policy assignment round_robin")
    for number in (1, 2):
        await writes(w, number)
        await w.in_thread("It is Bo Berg's turn", number=number)
    await w.sees(w.bo, "It is your turn")

    assert set(who_has(w).values()) == {"Bo Berg"}


async def test_a_category_goes_to_those_who_serve_it(w: World) -> None:
    """Billing is Mia's, whoever's turn it is."""
    await everybody(w)
    await w.says(w.mia, "/crm category add billing @mia")
    for number in (1, 2, 3):
        await writes(w, number)
        await w.says(w.ann, f"/crm file {number} billing")
    await w.says(w.mia, "/crm policy assignment round_robin")
    await w.until(lambda: len(who_has(w)) == 3)

    assert set(who_has(w).values()) == {"Mia Moss"}


async def test_outside_working_hours_nothing_is_given_until_they_begin(w: World) -> None:
    """At night a ticket waits for the morning, and then for whoever's turn it is."""
    await everybody(w)
    await w.says(w.mia, "/crm hours mon-fri 9:00-17:00")
    await w.says(w.mia, "/crm policy assignment round_robin")
    # From Wednesday 10:20 to Wednesday 22:20.
    w.passes(hours=12)
    await writes(w, 1)
    await w.says(w.ann, "/crm tickets")
    assert who_has(w) == {}
    w.passes(hours=11)
    await w.until(lambda: len(who_has(w)) == 1)


async def test_without_the_policy_nobody_is_given_anything(w: World) -> None:
    """Off is the default: whoever takes it has it."""
    await everybody(w)
    await writes(w, 1)
    w.passes(minutes=5)
    await w.says(w.ann, "/crm tickets")

    assert ticket(w, 1).assignee_id is None
