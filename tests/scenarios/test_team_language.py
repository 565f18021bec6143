"""What follows when a team decides in which language it speaks."""

from pathlib import Path

import pytest

from bot.playground.demo import Demo
from handlers.actions.policies import team_voice
from storage.queries import deals
from storage.work import Work
from tests.world import World


def _stages(work: Work) -> list[str]:
    return [stage.name for each in deals.every_pipeline(work) for stage in deals.stages(work, each)]


async def test_the_first_pipeline_follows_the_teams_language_until_somebody_arranges_it(
    w: World,
) -> None:
    """Stages that were looked at in English are Chinese later; those of the team stay as named."""
    admin = w.mia
    await w.says(admin, "/crm pipeline")
    assert w.look(_stages)[0] == "Lead"
    await w.says(admin, "/crm policy team_language zh")
    assert w.look(_stages) == ["线索", "已确认", "报价", "谈判"]
    await w.says(admin, "/crm policy team_language en")
    assert w.look(_stages)[0] == "Lead"

    await w.says(admin, "/crm pipeline rename Lead to First contact")
    await w.says(admin, "/crm policy team_language zh")

    assert w.look(_stages)[0] == "First contact"


async def test_a_chinese_demo_shows_chinese_cards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What everybody in the desk sees is in the demo's language too."""
    for name in ("DATABASE_URL", "TELEGRAM_WEBHOOK_URL", "RAPPORT_ADMINS"):
        monkeypatch.delenv(name, raising=False)
    demo = Demo(tmp_path, "zh")
    await demo.start(0)
    try:
        assert demo.store.read(team_voice).language == "zh"
    finally:
        await demo.stop()
