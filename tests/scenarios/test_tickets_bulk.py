"""Many tickets at once: found by a filter, confirmed with their count, safe to press twice."""

from storage.queries import tickets
from storage.records import Ticket, TicketStatus
from tests.world import World


def ticket(w: World, number: int) -> Ticket:
    """A ticket as it stands."""
    found = w.look(lambda work: tickets.numbered(work, number))
    assert found is not None
    return found


async def four(w: World) -> None:
    """Bob, Li, and two more have written; Bob is a VIP and Ann has his ticket."""
    people = [w.bob, w.li, w.telegram.person("Cid", "Cole"), w.telegram.person("Dee", "Dorn")]
    for number, person in enumerate(people, 1):
        person.says(f"request {number}")
        await w.in_thread(f"request {number}", number=number)
    await w.says(w.ann, "/crm tag bob #vip")
    await w.says(w.ann, "/crm take 1")


async def test_several_numbers_are_resolved_in_one_line(both: World) -> None:
    """Those that were over already are named, and a second time nothing happens."""
    w = both
    await four(w)
    await w.says(w.bo, "/crm resolve 3")
    said = await w.says(w.ann, "/crm resolve 1 #2, 3 99")
    assert "2 tickets resolved" in said and "#3, #99" in said
    said = await w.says(w.ann, "/crm resolve 1 2")

    assert "0 tickets resolved" in said
    await w.hears(w.bob, "resolved")
    assert len([heard for heard in w.bob.heard if "resolved" in heard]) == 1


async def test_a_filter_finds_by_owner_tag_category_priority_and_state(both: World) -> None:
    """In any order; what is not understood is said, with all that is."""
    w = both
    await four(w)
    await w.says(w.mia, "/crm category add big bills")
    await w.says(w.ann, "/crm file 2 big bills")
    await w.says(w.ann, "/crm priority 3 !urgent")
    await w.says(w.ann, "/crm hold 4")

    async def found(line: str) -> list[int]:
        said = await w.says(w.ann, f"/crm tickets {line}")
        return [number for number in range(1, 5) if f"#{number} " in said]

    assert await found("mine") == [1]
    assert await found("unassigned") == [2, 3, 4]
    assert await found("#vip") == [1]
    assert await found("big bills") == [2]
    assert await found("!urgent") == [3]
    assert await found("unassigned on hold") == [4]
    assert await found("@ann") == [1]
    assert await found("") == [1, 2, 3, 4]
    said = await w.says(w.ann, "/crm tickets purple")
    assert "“purple” says nothing to me" in said and "big bills" in said
    assert "No ticket is like that" in await w.says(w.ann, "/crm tickets resolved")


async def test_all_of_a_list_are_resolved_by_one_button_that_says_how_many(both: World) -> None:
    """It asks with the count; pressed twice, by two people, each customer hears it once."""
    w = both
    await four(w)
    await w.says(w.ann, "/crm tickets unassigned")
    button = next(
        element
        for block in w.ann.heard_messages[-1].all_blocks
        for element in block.get("elements", [])
        if element.get("text", {}).get("text") == "Resolve all 3"
    )
    assert "Resolve 3 tickets" in button["confirm"]["text"]["text"]
    await w.says(w.bo, "/crm tickets unassigned")
    # What came meanwhile is not among them: what was seen is what is done.
    late = w.telegram.person("Eve", "Ernst")
    late.says("request 5")
    await w.in_thread("request 5", number=5)
    await w.ann.presses("Resolve all 3", channel=w.support)
    await w.until(lambda: any("3 tickets resolved" in each for each in w.ann.heard))
    await w.bo.presses("Resolve all 3", channel=w.support)
    await w.until(lambda: any("0 tickets resolved" in each for each in w.bo.heard))
    await w.hears(w.li, "解决")

    assert ticket(w, 5).is_open and ticket(w, 1).is_open
    assert all(ticket(w, n).status is TicketStatus.RESOLVED for n in (2, 3, 4))
    assert len([heard for heard in w.li.heard if "解决" in heard]) == 1


async def test_all_of_a_list_are_given_to_one_and_put_aside(w: World) -> None:
    """Whom and until when is asked by buttons; whoever gets them is told of each."""
    await four(w)
    await w.says(w.bo, "/crm team")
    await w.says(w.ann, "/crm tickets unassigned")
    await w.ann.presses("Assign all 3", channel=w.support)
    await w.until(lambda: any("Who is to have 3 tickets" in each for each in w.ann.heard))
    await w.ann.presses("Bo Berg", channel=w.support)
    await w.until(lambda: any("3 tickets given to Bo Berg" in each for each in w.ann.heard))
    await w.until(lambda: sum("gave you this" in each for each in w.bo.heard) == 3)
    await w.says(w.bo, "/crm tickets mine")
    await w.bo.presses("Snooze all 3", channel=w.support)
    await w.until(lambda: any("aside until when" in each for each in w.bo.heard))
    await w.bo.presses("Until they reply", channel=w.support)
    await w.until(lambda: any("3 tickets put aside" in each for each in w.bo.heard))

    assert all(ticket(w, n).status is TicketStatus.ON_HOLD for n in (2, 3, 4))
