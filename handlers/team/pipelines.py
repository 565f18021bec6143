"""Commands about the way to a sale: the stages with their chances, and what a quarter may bring."""

import re

from handlers.actions import deals, forecasts, pipelines
from handlers.actions.access import Permission, may
from handlers.actions.pipelines import Way
from handlers.actions.policies import voice_of
from handlers.cards.deals import column_words
from handlers.cards.forecasts import forecast_card, share_words
from handlers.command import button, command
from handlers.grammar import first_word
from handlers.message import BOLD, Hint, Line, Part, Reply, Text
from storage.errors import Refused
from storage.records import DealStage, Pipeline
from storage.work import Work

_ADD = ("add", "添加", "新增")
_NEW = ("new", "新建")
_RENAME = ("rename", "改名", "重命名")
_MOVE = ("move", "移动")
_REMOVE = ("remove", "delete", "删除", "移除")
_FIRST = ("first", "最前")

_IN = re.compile(r"\s+(?:in|to|into|到)\s+(?P<name>.+)$", re.IGNORECASE)
_AFTER = re.compile(r"\s+(?:after|behind|排在|在)\s*(?P<name>.+?)(?:之后|后面|后)?$", re.IGNORECASE)
_RENAMED = re.compile(
    r"(?P<before>.+?)\s*(?:\s(?:to|into|as)\s|→|->|为|成)\s*(?P<after>.+)", re.IGNORECASE
)
_PERCENT = re.compile(r"(?P<name>.+?)\s*[:：]?\s*(?P<percent>\d{1,4})\s*[%％]?")


@command("pipeline [add|rename|move|remove|new] [<stage> <percent>]", also=("pipelines", "管道"))
def pipeline(work: Work, text: str | None) -> Reply:
    """The stages with their chances; an admin arranges them."""
    line = (text or "").strip()
    if not line:
        return _shown(work)
    word, rest = first_word(line)
    for words, do in (
        (_NEW, _new),
        (_ADD, _add),
        (_RENAME, _rename),
        (_MOVE, _move),
        (_REMOVE, _remove),
    ):
        if word in words:
            return do(work, rest)
    found = _PERCENT.fullmatch(line)
    if found is None:
        raise Refused("pipeline.not_understood")
    stage = pipelines.stage_named(work, found["name"])
    percent = pipelines.probable(found["percent"])
    pipelines.set_probability(work, stage, percent)
    return voice_of(work).reply("pipeline.percent_set", name=stage.name, percent=percent)


def _shown(work: Work) -> Reply:
    voice = voice_of(work)
    shares = forecasts.shares_of(work)
    sums = {c.stage.id: c.sums for _, columns in deals.columns(work) for c in columns}
    parts: list[Part] = []
    for way in pipelines.ways(work):
        parts.append(Text(((f"💼 {way.pipeline.name}", BOLD),)))
        for stage in way.stages:
            words = column_words(voice, stage, sums.get(stage.id, []))
            share = shares.get(stage.id)
            if share is not None:
                words = (*words, (" · ", ""), *share_words(voice, share))
            parts.append(Line(words))
    if may(work.actor, Permission.SET_UP):
        parts.append(Hint(voice.words("pipeline.hint")))
    return Reply(tuple(parts))


def _new(work: Work, rest: str) -> Reply:
    name, colon, stages = rest.replace("：", ":").partition(":")
    if not colon:
        raise Refused("pipeline.not_understood")
    listed = pipelines.described(stages)
    made = pipelines.add_pipeline(work, name, listed)
    return voice_of(work).reply("pipeline.made", name=made.name, count=len(listed))


def _add(work: Work, rest: str) -> Reply:
    all_ways = pipelines.ways(work)
    after: DealStage | None = None
    whose: Pipeline = all_ways[0].pipeline
    within = _IN.search(rest)
    if within is not None:
        whose, rest = _pipeline(work, within["name"]), rest[: within.start()]
    behind = _AFTER.search(rest)
    if behind is not None:
        after = pipelines.stage_named(work, behind["name"], whose.id)
        rest = rest[: behind.start()]
        if within is None:
            whose = pipelines.way_of(work, after.pipeline_id).pipeline
    listed = pipelines.described(rest)
    if len(listed) != 1:
        raise Refused("pipeline.not_understood")
    (name, percent), *_ = listed
    made = pipelines.add_stage(work, whose, name, percent, after)
    return voice_of(work).reply(
        "pipeline.stage_added", name=made.name, percent=percent, pipeline=whose.name
    )


def _pipeline(work: Work, name: str) -> Pipeline:
    found = pipelines.pipeline_named(work, name)
    if found is None:
        raise Refused("pipeline.unknown", name=name[:64])
    return found


def _rename(work: Work, rest: str) -> Reply:
    found = _RENAMED.fullmatch(rest)
    if found is None:
        raise Refused("pipeline.not_understood")
    thing = _thing(work, found["before"])
    before = thing.name
    if isinstance(thing, Pipeline):
        pipelines.rename_pipeline(work, thing, found["after"])
    else:
        pipelines.rename_stage(work, thing, found["after"])
    return voice_of(work).reply("pipeline.renamed", before=before, after=thing.name)


def _thing(work: Work, name: str) -> DealStage | Pipeline:
    """The stage or pipeline of a name; a pipeline only when it is named in full."""
    found = pipelines.pipeline_named(work, name)
    if found is not None:
        return found
    return pipelines.stage_named(work, name)


def _move(work: Work, rest: str) -> Reply:
    behind = _AFTER.search(rest)
    name, _, word = rest.rpartition(" ")
    after: DealStage | None = None
    if behind is not None:
        stage = pipelines.stage_named(work, rest[: behind.start()])
        after = pipelines.stage_named(work, behind["name"], stage.pipeline_id)
    elif word.casefold() in _FIRST:
        stage = pipelines.stage_named(work, name)
    else:
        raise Refused("pipeline.not_understood")
    pipelines.move_stage(work, stage, after)
    way: Way = pipelines.way_of(work, stage.pipeline_id)
    names = " → ".join(each.name for each in way.stages)
    return voice_of(work).reply("pipeline.moved", stages=names)


def _remove(work: Work, rest: str) -> Reply:
    thing = _thing(work, rest)
    name = thing.name
    if isinstance(thing, Pipeline):
        pipelines.remove_pipeline(work, thing)
    else:
        pipelines.remove_stage(work, thing)
    return voice_of(work).reply("pipeline.removed", name=name)


@command("forecast [quarter]", also=("预测",))
def show_forecast(work: Work, text: str | None) -> Reply:
    """What a quarter may bring, by the chances of the stages and by history."""
    return forecast_card(voice_of(work), forecasts.forecast(work, text or ""))


@button("forecast.show")
def forecast_pressed(work: Work, value: str) -> Reply:
    """Another quarter."""
    reply = show_forecast(work, value)
    return Reply(reply.parts, instead=True)
