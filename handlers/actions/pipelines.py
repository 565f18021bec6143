"""The ways to a sale: pipelines and their stages, each with how likely a deal is won from it."""

import re
from dataclasses import dataclass

from handlers.actions.access import Permission, action
from handlers.actions.policies import AFTERWARDS, team_voice
from handlers.message import clean_name
from handlers.texts import LANGUAGES, Voice
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import deals
from storage.records import DealStage, Pipeline
from storage.work import Work

MOST_STAGES = 20
MOST_PIPELINES = 12
LARGEST_ID = 2**63 - 1

_PERCENT = re.compile(r"\s*[:：]?\s*(\d{1,3})\s*[%％]?\s*$")
_APART = re.compile(r"[\s_-]+")
# What is said of a deal that is over; a stage of that name could not be told from it.
_ENDS = {"won", "lost", "赢单", "输单"}


@dataclass(frozen=True)
class Way:
    """A pipeline with its stages, in order."""

    pipeline: Pipeline
    stages: tuple[DealStage, ...]

    def after(self, stage: DealStage) -> DealStage | None:
        """The stage behind another one; None behind the last."""
        later = (each for each in self.stages if each.position > stage.position)
        return next(later, None)


def folded(name: str) -> str:
    """A name as it is compared: "Closed-won" and "closed won" are the same."""
    return _APART.sub("", name.strip().lstrip("#＃")).casefold()


@action(Permission.READ)
def ways(work: Work) -> list[Way]:
    """Every pipeline with its stages. There is always one."""
    found = deals.pipelines(work) or [_begin(work)]
    return [Way(each, tuple(deals.stages(work, each))) for each in found]


def _begin(work: Work) -> Pipeline:
    """The pipeline of a house that has none yet, in the team's language."""
    return _make(work, *_first(team_voice(work)))


def _first(voice: Voice) -> tuple[str, list[tuple[str, int]]]:
    return voice.say("pipeline.first"), described(voice.say("pipeline.first_stages"))


def _follow_language(work: Work) -> None:
    """The first pipeline is called as the team speaks, as long as nobody has arranged it."""
    found = deals.every_pipeline(work)
    stages = deals.every_stage(work, found[0]) if len(found) == 1 else []
    as_it_is = [(each.name, each.probability) for each in stages]
    if not any((found[0].name, as_it_is) == _first(Voice(each)) for each in LANGUAGES if stages):
        return
    found[0].name, names = _first(team_voice(work))
    for stage, (name, _) in zip(stages, names, strict=False):
        stage.name = name


AFTERWARDS["team_language"] = _follow_language


def _make(work: Work, name: str, stages: list[tuple[str, int]]) -> Pipeline:
    same = (each for each in deals.every_pipeline(work) if each.name == name)
    pipeline = next(same, None)
    if pipeline is None:
        position = len(deals.every_pipeline(work))
        pipeline = work.add(Pipeline(name=name, position=position, created_at=work.now))
    pipeline.removed_at = None
    for number, (stage, probability) in enumerate(stages):
        _put(work, pipeline, stage, probability, number)
    return pipeline


def _put(work: Work, pipeline: Pipeline, name: str, probability: int, position: int) -> DealStage:
    """A stage at that place; one of that name that was removed comes back."""
    for each in deals.every_stage(work, pipeline):
        if folded(each.name) == folded(name):
            each.name, each.probability, each.position = name, probability, position
            each.removed_at = None
            return each
    return work.add(
        DealStage(pipeline_id=pipeline.id, name=name, probability=probability, position=position)
    )


def described(text: str) -> list[tuple[str, int]]:
    """ "Lead 10, Talks 40%": names with percents. Raises Refused when one has no percent."""
    found = []
    for part in filter(None, (each.strip() for each in re.split(r"[,，、;；]", text))):
        percent = _PERCENT.search(part)
        if percent is None or percent.start() == 0:
            raise Refused("pipeline.no_percent", name=part[:64])
        found.append((named(part[: percent.start()]), probable(percent[1])))
    return found


def named(text: str) -> str:
    """A stage's or pipeline's name. Raises Refused for one that cannot be."""
    name = clean_name(text.strip().lstrip("#＃").strip("\"'"))
    if not name or name.isdecimal() or "/" in name or folded(name) in _ENDS:
        raise Refused("pipeline.wrong_name", name=text[:64])
    return name


def probable(text: str) -> int:
    """A share in percent. Raises Refused outside of 0 to 100."""
    digits = text.strip().rstrip("%％ ")
    if not digits.isascii() or not digits.isdecimal() or int(digits[:4]) > 100:
        raise Refused("pipeline.wrong_percent", text=text[:16])
    return int(digits)


# Finding


@action(Permission.READ)
def pipeline_named(work: Work, text: str) -> Pipeline | None:
    """The pipeline that a text names."""
    found = (way.pipeline for way in ways(work))
    return next((each for each in found if folded(each.name) == folded(text)), None)


@action(Permission.READ)
def stage_named(work: Work, text: str, pipeline_id: int | None = None) -> DealStage:
    """The stage that a text names: in that pipeline before the others, or as "partners/talks".

    Raises Refused when there is none, or when several begin like that.
    """
    whose, _, name = text.rpartition("/")
    all_ways = ways(work)
    all_ways.sort(key=lambda way: way.pipeline.id != pipeline_id)
    if whose:
        all_ways = [way for way in all_ways if folded(way.pipeline.name) == folded(whose)]
    wanted = folded(name)
    known = [stage for way in all_ways for stage in way.stages]
    exact = [each for each in known if folded(each.name) == wanted]
    alike = [each for each in known if wanted and folded(each.name).startswith(wanted)]
    if exact:
        return exact[0]
    if len({folded(each.name) for each in alike}) == 1:
        return alike[0]
    names = ", ".join(dict.fromkeys(each.name for each in known))
    raise Refused("deal.no_stage", name=text[:64], stages=names or "–")


@action(Permission.READ)
def stage_of_id(work: Work, id: str) -> DealStage:
    """The stage that a button or a list names by id. Raises Refused when it is gone."""
    known = id.isdecimal() and len(id) < 20
    stage = work.get(DealStage, min(int(id), LARGEST_ID)) if known else None
    if stage is None or stage.removed_at is not None:
        raise Refused("button.gone")
    return stage


@action(Permission.READ)
def way_of(work: Work, pipeline_id: int) -> Way:
    """A pipeline with its stages, one that was removed too."""
    pipeline = work.sure(Pipeline, pipeline_id)
    return Way(pipeline, tuple(deals.stages(work, pipeline)))


# Arranging


@action(Permission.SET_UP, audited=True)
def add_pipeline(work: Work, name: str, stages: list[tuple[str, int]]) -> Pipeline:
    """Begin another pipeline. Raises Refused when there is one of that name, or no stage."""
    name = named(name)
    if pipeline_named(work, name) is not None:
        raise Refused("pipeline.exists", name=name)
    if not stages or len(stages) > MOST_STAGES:
        raise Refused("pipeline.how_many", most=MOST_STAGES)
    if len({folded(stage) for stage, _ in stages}) < len(stages):
        raise Refused("pipeline.twice")
    if len(ways(work)) >= MOST_PIPELINES:
        raise Refused("pipeline.enough", most=MOST_PIPELINES)
    return _make(work, name, stages)


@action(Permission.SET_UP, audited=True)
def add_stage(
    work: Work, pipeline: Pipeline, name: str, probability: int, after: DealStage | None = None
) -> DealStage:
    """Put a stage into a pipeline, behind another one or at the end."""
    name = named(name)
    present = deals.stages(work, pipeline)
    if any(folded(each.name) == folded(name) for each in present):
        raise Refused("pipeline.exists", name=name)
    if len(present) >= MOST_STAGES:
        raise Refused("pipeline.how_many", most=MOST_STAGES)
    stage = _put(work, pipeline, name, probability, len(present))
    at = present.index(after) + 1 if after in present else len(present)
    _order([*present[:at], stage, *present[at:]])
    return stage


def _order(stages: list[DealStage]) -> None:
    for number, each in enumerate(stages):
        each.position = number


@action(Permission.SET_UP, audited=True)
def rename_stage(work: Work, stage: DealStage, name: str) -> DealStage:
    """Call a stage something else; its deals and its history go on."""
    name = named(name)
    pipeline = work.sure(Pipeline, stage.pipeline_id)
    for each in deals.every_stage(work, pipeline):
        if each.id == stage.id or folded(each.name) != folded(name):
            continue
        if each.removed_at is None:
            raise Refused("pipeline.exists", name=name)
        # A stage that is gone must not keep its name from the others for ever.
        each.name = f"{each.name[:40]} · {new_id() % 10**9}"
        work.flush()
    stage.name = name
    return stage


@action(Permission.SET_UP, audited=True)
def set_probability(work: Work, stage: DealStage, probability: int) -> DealStage:
    """Say how likely a deal is won from a stage."""
    stage.probability = probability
    return stage


@action(Permission.SET_UP, audited=True)
def move_stage(work: Work, stage: DealStage, after: DealStage | None) -> DealStage:
    """Put a stage behind another one of its pipeline; None: before all of them."""
    pipeline = work.sure(Pipeline, stage.pipeline_id)
    others = [each for each in deals.stages(work, pipeline) if each.id != stage.id]
    if after is not None and after not in others:
        raise Refused("pipeline.other", name=after.name)
    at = others.index(after) + 1 if after is not None else 0
    _order([*others[:at], stage, *others[at:]])
    return stage


@action(Permission.SET_UP, audited=True)
def remove_stage(work: Work, stage: DealStage) -> DealStage:
    """Take a stage out. Raises Refused while a deal is in it, and for the last one."""
    pipeline = work.sure(Pipeline, stage.pipeline_id)
    count = deals.count_in(work, stage)
    if count:
        raise Refused("pipeline.not_empty", name=stage.name, count=count)
    others = [each for each in deals.stages(work, pipeline) if each.id != stage.id]
    if not others:
        raise Refused("pipeline.last_stage", name=stage.name)
    stage.removed_at = work.now
    _order(others)
    return stage


@action(Permission.SET_UP, audited=True)
def rename_pipeline(work: Work, pipeline: Pipeline, name: str) -> Pipeline:
    """Call a pipeline something else."""
    name = named(name)
    for each in deals.every_pipeline(work):
        if each.id == pipeline.id or folded(each.name) != folded(name):
            continue
        if each.removed_at is None:
            raise Refused("pipeline.exists", name=name)
        each.name = f"{each.name[:40]} · {new_id() % 10**9}"
        work.flush()
    pipeline.name = name
    return pipeline


@action(Permission.SET_UP, audited=True)
def remove_pipeline(work: Work, pipeline: Pipeline) -> Pipeline:
    """Take a pipeline away. Raises Refused while a deal is in it, and for the last one."""
    count = sum(deals.count_in(work, each) for each in deals.stages(work, pipeline))
    if count:
        raise Refused("pipeline.not_empty", name=pipeline.name, count=count)
    if len(ways(work)) == 1:
        raise Refused("pipeline.last", name=pipeline.name)
    pipeline.removed_at = work.now
    return pipeline
