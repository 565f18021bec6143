"""Pipelines and stages of one's own, and what a quarter may bring by them."""

from storage.queries import deals
from tests.world import World


async def stages(w: World) -> list[str]:
    """The stages of the first pipeline, in order."""
    (first, *_) = w.look(deals.pipelines)
    return [each.name for each in w.look(lambda work: deals.stages(work, first))]


async def test_an_admin_arranges_the_stages(both: World) -> None:
    """Added behind another one, renamed, moved, given another chance, removed and brought back."""
    w = both
    said = await w.says(w.ann, "/crm pipeline")
    assert "Sales" in said and "Lead · 10 %" in said and "Negotiation · 75 %" in said
    assert "add Demo" not in said
    assert "add Demo" in await w.says(w.mia, "/crm pipeline")
    await w.says(w.mia, "/crm pipeline add Demo 30% after Lead")
    assert await stages(w) == ["Lead", "Demo", "Qualified", "Proposal", "Negotiation"]
    assert "Show now" in await w.says(w.mia, "/crm pipeline rename Demo to Show")
    await w.says(w.mia, "/crm pipeline move Show after Proposal")
    assert await stages(w) == ["Lead", "Qualified", "Proposal", "Show", "Negotiation"]
    await w.says(w.mia, "/crm pipeline move Proposal first")
    assert (await stages(w))[0] == "Proposal"
    assert "60 %" in await w.says(w.mia, "/crm pipeline Show 60%")
    await w.says(w.mia, "/crm pipeline remove Show")
    assert "Show" not in await stages(w)
    await w.says(w.mia, "/crm pipeline add Show 61")
    assert (await stages(w))[-1] == "Show"
    assert "already" in await w.says(w.mia, "/crm pipeline add Lead 5")


async def test_nobody_else_may_and_nothing_is_lost(w: World) -> None:
    """An agent is refused; a stage with deals stays; a wrong line says how it goes."""
    await w.says(w.ann, "/crm pipeline")
    for line in ("add Demo 30%", "rename Lead to X", "remove Lead", "Lead 40%", "new P: A 1"):
        assert "role" in (await w.says(w.ann, f"/crm pipeline {line}")).lower(), line
    assert await stages(w) == ["Lead", "Qualified", "Proposal", "Negotiation"]
    await w.says(w.ann, "/crm add Anna Lee")
    await w.says(w.ann, "/crm deal anna 5k website")
    assert "move them first" in await w.says(w.mia, "/crm pipeline remove Lead")
    assert "only pipeline" not in await w.says(w.mia, "/crm pipeline remove Sales")
    for line, answer in (
        ("add Demo 300%", "0 to 100"),
        ("add Demo", "percentage"),
        ("add won 10", "cannot be a name"),
        ("gibberish", "did not understand"),
        ("new X", "did not understand"),
        ("move Lead", "did not understand"),
        ("remove Nothing", "no stage"),
        ("rename Lead to Proposal", "already"),
    ):
        assert answer in await w.says(w.mia, f"/crm pipeline {line}"), line


async def test_a_second_pipeline_has_stages_of_its_own(both: World) -> None:
    """The card names it, a deal can go over to it, and it cannot go while it is needed."""
    w = both
    await w.says(w.ann, "/crm add Anna Lee")
    await w.says(w.ann, "/crm pipeline")
    said = await w.says(w.mia, "/crm pipeline new Partners: Talks 20%, Contract 70")
    assert "Partners has 2 stages" in said
    await w.says(w.ann, "/crm deal anna 5k website #contract")
    assert "Partners / Contract (70 %)" in await w.says(w.ann, "/crm deal 1")
    assert "website" in await w.says(w.ann, "/crm deals partners")
    assert "still" in await w.says(w.mia, "/crm pipeline remove Partners")
    assert "Contract → Lead" in await w.says(w.ann, "/crm stage 1 Sales/Lead")
    assert "removed" in await w.says(w.mia, "/crm pipeline remove Partners")
    assert "Lead (10 %)" in await w.says(w.ann, "/crm deal 1")


async def test_a_forecast_is_weighted_and_says_what_it_rests_on(both: World) -> None:
    """By chance, by history when there is enough of it, each currency for itself."""
    w = both
    await w.says(w.ann, "/crm add Anna Lee")
    assert "No deal is expected" in await w.says(w.ann, "/crm forecast")
    await w.says(w.ann, "/crm deal anna 10000 EUR big close 15 Dec #proposal")
    await w.says(w.ann, "/crm deal anna 1000 USD small close 15 Dec")
    await w.says(w.ann, "/crm deal anna 700 EUR later close 15 Feb")
    await w.says(w.ann, "/crm deal anna 500 EUR someday")
    said = await w.says(w.ann, "/crm forecast")
    assert "Forecast Q4 2026" in said and "€5,000" in said and "$100" in said
    assert "too little data" in said and "no expected day" in said and "€700" not in said
    await w.says(w.mia, "/crm policy forecast_least 2")
    for number, end in ((5, "won 5"), (6, "lost 6 no budget")):
        await w.says(w.ann, f"/crm deal anna 2000 EUR extra{number} #proposal")
        await w.says(w.ann, f"/crm {end}")
    said = await w.says(w.ann, "/crm forecast q4")
    assert "won 50 % (1 of 2)" in said and "€2,000" in said and "€7,000" in said
    assert "€700" in await w.says(w.ann, "/crm forecast next")
    assert "no quarter" in await w.says(w.ann, "/crm forecast soon")
