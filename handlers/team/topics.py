"""Commands about what news may be about."""

from handlers.actions import preferences
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import command
from handlers.grammar import first_word
from handlers.message import BOLD, Hint, Line, Part, Reply
from storage.work import Work

_ADD = {"add", "new", "添加", "新增"}
_REMOVE = {"remove", "delete", "rm", "删除", "去掉"}


@command("topic <add|remove> <name> [title | 标题]", also=("主题",), needs=Permission.CAMPAIGN)
def topic(work: Work, text: str) -> Reply:
    """Offer customers a topic of news to have or not, or offer it no longer."""
    voice = voice_of(work)
    verb, rest = first_word(text)
    name, titles = first_word(rest)
    if verb in _REMOVE:
        removed = preferences.remove_topic(work, name)
        return voice.reply("topic.removed", name=removed.name)
    if verb not in _ADD:
        return topics(work)
    english, _, chinese = titles.replace("｜", "|").partition("|")
    shown = {"en": english.strip() or name, "zh": chinese.strip() or english.strip() or name}
    added = preferences.add_topic(work, name, shown)
    return voice.reply("topic.added", name=added.name, title=added.titles["en"])


@command("topics", also=("主题列表",))
def topics(work: Work) -> Reply:
    """What news may be about, and how many do not want it."""
    voice = voice_of(work)
    parts: list[Part] = [
        Line(
            (
                (f"{each.name} ", BOLD),
                (" / ".join(dict.fromkeys(each.titles.values())), ""),
                (f"\n{voice.say('topic.refused', count=refused)}", ""),
            )
        )
        for each, refused in preferences.topics(work)
    ]
    if not parts:
        return voice.reply("topic.none")
    return Reply((*parts, Hint(voice.words("topic.hint"))))
