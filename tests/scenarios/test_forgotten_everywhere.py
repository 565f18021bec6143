"""Who wants to be forgotten is forgotten wherever the team has written about them, too."""

from sqlmodel import select

from storage.records import Erasure, Order
from tests.scenarios.test_customer_desk_privacy import places_of
from tests.world import World


async def forgets(w: World) -> None:
    """Bob has himself erased, to the last row."""
    w.bob.says("/forget")
    await w.hears(w.bob, "Erase everything?")
    w.bob.presses("Yes, erase everything")
    await w.hears(w.bob, "has been erased")
    await w.until(
        lambda: all(e.finished_at for e in w.look(lambda work: work.all(select(Erasure)))), 30
    )


async def test_what_the_team_wrote_of_sales_promises_and_opinions_goes(w: World) -> None:
    """Sums stay without words; what was still to be said or done is not."""
    w.bob.says("hello")
    await w.thread(1)
    lines = (
        "/crm field add plan text",
        "/crm set Bob Bell plan secretplan",
        "/crm tag Bob Bell #secrettag",
        "/crm order Bob Bell 2 x lamp 19.90 EUR",
        "/crm refund 1001 5 EUR secretreason",
        "/crm need Bob Bell looking for secretneed",
        "/crm review Bob Bell 5 secretreview",
        "/crm deal Bob Bell 5000 EUR secretdeal",
        "/crm remind Bob Bell tomorrow 10:00 secretpromise",
        "/crm later Bob Bell tomorrow 9:00 secretgreeting",
        "/crm log Bob Bell secretnote",
    )
    for line in lines:
        await w.says(w.mia, line)
    assert all(_known(w, secret) for secret in _secrets())
    await forgets(w)

    assert {secret: _known(w, secret) for secret in _secrets() if _known(w, secret)} == {}
    amounts = {str(each.amount) for each in w.look(lambda work: work.all(select(Order)))}
    assert {f"{float(each):.2f}" for each in amounts} == {"39.80", "5.00"}
    told = len(w.mia.heard)
    w.passes(days=2)
    await w.says(w.mia, "/crm day")
    assert not any("secret" in each for each in [*w.mia.heard[told:], *w.bob.heard])


def _known(w: World, secret: str) -> list[str]:
    """Where it stands, but for the line that staff have typed: it names nobody, and goes by age."""
    found = places_of(w, secret)
    return [each for each in found if not (each.startswith("inbox:") and "refund" in each)]


def _secrets() -> list[str]:
    words = "plan tag reason need review deal promise greeting note".split()
    return [f"secret{word}" for word in words]
