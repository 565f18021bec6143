"""How things that were understood are proposed in a thread."""

from datetime import datetime

from handlers.message import Button, Buttons, Hint, Look, Part, Text, Words
from handlers.texts import Voice
from storage.records import Suggestion, SuggestionKind, SuggestionState


def suggestion_parts(voice: Voice, suggestion: Suggestion, by: str) -> tuple[Part, ...]:
    """One proposal with its buttons; once it is settled, what came of it."""
    if suggestion.state is not SuggestionState.OPEN:
        return (Hint(_outcome(voice, suggestion, by)),)
    return (Text(_words(voice, suggestion)), Buttons(tuple(_buttons(voice, suggestion))))


def _words(voice: Voice, suggestion: Suggestion) -> Words:
    detail = suggestion.detail
    match suggestion.kind:
        case SuggestionKind.CATEGORY | SuggestionKind.PRIORITY:
            what = _named(voice, suggestion)
            key = f"suggestion.{suggestion.kind}"
            if detail.get("rule"):
                return voice.words(f"{key}_by_rule", what=what)
            return voice.words(key, what=what, reasons=_quoted(voice, detail), sure=detail["sure"])
        case SuggestionKind.CANNED:
            return voice.words("suggestion.canned", name=detail["name"], text=detail["preview"])
        case SuggestionKind.NEED:
            return voice.words("suggestion.need", what=_need(voice, suggestion))
    key = "suggestion.follow_up" if detail.get("walls") else "suggestion.follow_up_vague"
    return voice.words(key, said=suggestion.value)


def _named(voice: Voice, suggestion: Suggestion) -> str:
    if suggestion.kind is SuggestionKind.PRIORITY:
        return voice.say(f"priority.{suggestion.value}")
    return suggestion.value


def _quoted(voice: Voice, detail: dict[str, list[str]]) -> str:
    return voice.say("suggestion.comma").join(
        voice.say("suggestion.word", word=word) for word in detail.get("reasons", ())
    )


def _need(voice: Voice, suggestion: Suggestion) -> str:
    detail = suggestion.detail
    price = " – ".join(each.removesuffix(".0") for each in detail.get("price", ()))
    if not price:
        return str(detail["what"])
    one = len(detail["price"]) == 1
    key = "suggestion.price_up_to" if one else "suggestion.price_between"
    return str(detail["what"]) + voice.say(key, price=price, currency=detail["currency"])


def _buttons(voice: Voice, suggestion: Suggestion) -> list[Button]:
    value = str(suggestion.id)
    no = Button(voice.say(f"suggestion.no_{suggestion.kind}"), "suggestion.refuse", value)
    if suggestion.kind is not SuggestionKind.FOLLOW_UP:
        label = voice.say(f"suggestion.yes_{suggestion.kind}", what=_named(voice, suggestion))
        return [Button(label, "suggestion.take", value, Look.PRIMARY), no]
    walls = suggestion.detail.get("walls", ())
    readings = [
        Button(
            voice.say("suggestion.remind", at=_printed(voice, wall)),
            "suggestion.take",
            f"{value}:{number}",
            # Of two readings neither is the one to press without looking.
            Look.PRIMARY if len(walls) == 1 else Look.NORMAL,
        )
        for number, wall in enumerate(walls)
    ]
    other = Button(voice.say("suggestion.other_time"), "suggestion.ask", value)
    return [*readings, other, no]


def _printed(voice: Voice, wall: str) -> str:
    moment = datetime.fromisoformat(wall)
    return f"{voice.calendar_day(moment.date())} {moment:%H:%M}"


def _outcome(voice: Voice, suggestion: Suggestion, by: str) -> Words:
    detail = suggestion.detail
    if suggestion.state is SuggestionState.REFUSED:
        return voice.words(f"suggestion.refused_{suggestion.kind}", name=by)
    key = f"suggestion.taken_{suggestion.kind}"
    match suggestion.kind:
        case SuggestionKind.CANNED:
            return voice.words(key, name=by, what=detail["name"])
        case SuggestionKind.NEED:
            return voice.words(key, name=by, what=_need(voice, suggestion))
        case SuggestionKind.FOLLOW_UP:
            due = datetime.fromisoformat(detail["due"])
            return voice.words(key, name=by, what=suggestion.value, at=due)
    return voice.words(key, name=by, what=_named(voice, suggestion))
