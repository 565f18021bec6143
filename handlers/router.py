"""What somebody said finds who answers it: a command, a button, a form, or the conversation."""

import importlib
import pkgutil
from typing import Any

from handlers import grammar, team
from handlers.actions import (
    answering,
    contacts,
    conversations,
    healing,
    imports,
    members,
    merging,
    overtaken,
    reactions,
    threads,
    ticket_moves,
    tickets,
    unfurling,
)
from handlers.actions.access import Permission, denied, may
from handlers.actions.outgoing import TELEGRAM
from handlers.actions.policies import voice_of
from handlers.command import BUTTONS, FORMS, LOOKING, Command, Handler, parameters_of, verbs
from handlers.customer import conversation
from handlers.grammar import Ambiguous, Context, Unclear
from handlers.message import Button, Form, Hint, Incoming, Kind, Line, Part, Reply, Text
from handlers.suggest import nearest
from handlers.team.dates import which_moment
from handlers.team.house import day
from handlers.team.marks import put_on
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Contact, Record
from storage.work import NOBODY, Actor, Work

# A file laid into that folder is found by itself: nobody has to list it.
for _module in pkgutil.iter_modules(team.__path__):
    importlib.import_module(f"{team.__name__}.{_module.name}")


def answer(work: Work, incoming: Incoming) -> Reply | None:
    """Everything that is to happen because of what somebody said, and what they get to see.

    Raises Refused when a rule says no: the caller rolls back and shows `refusal`.
    """
    if incoming.kind is Kind.NOTHING:
        return None
    if incoming.door == TELEGRAM:
        return conversation.answer(work, incoming)
    if incoming.kind is Kind.PLACE:
        healing.heard(work.as_system(), incoming)
        return None
    if incoming.kind is Kind.LEFT:
        members.leave(work.as_system(), incoming.account, incoming.person.id)
        return None
    return _team(as_member(work, incoming), incoming)


def only_looks(incoming: Incoming) -> bool:
    """Whether it only shows something, whatever that is, so that it need not be asked in turn."""
    if incoming.kind is Kind.COMMAND:
        verb, rest = grammar.first_word(grammar.normal(incoming.text))
        return not rest and any(each.looks_alone for each in verbs().get(verb, ()))
    return incoming.kind is Kind.BUTTON and incoming.does in LOOKING


def look(work: Work, incoming: Incoming) -> tuple[bool, Reply | None]:
    """Whether it could be answered by looking, and the answer; not to who is new here."""
    if not members.is_as_known(work, incoming.account, incoming.person):
        return False, None
    return True, answer(work, incoming)


def as_member(work: Work, incoming: Incoming) -> Work:
    """The work on behalf of the member who speaks; of nobody when they are none."""
    member = members.meet(work, incoming.account, incoming.person)
    return work.acting_as(Actor(name=member.name, member=member) if member else NOBODY)


def refusal(work: Work, incoming: Incoming, refused: Refused) -> Reply | None:
    """The words for a rule's no; a customer is not shown our rules."""
    if incoming.door == TELEGRAM:
        return None
    try:
        voice = voice_of(as_member(work, incoming))
    except Refused:
        voice = Voice()
    return voice.reply(refused.key, **refused.values)


def apology(work: Work, incoming: Incoming | None, number: int) -> Reply | None:
    """What a person gets when we failed: no details, and the number to ask about."""
    if incoming is None or incoming.door == TELEGRAM:
        return None
    return voice_of(as_member(work, incoming)).reply("failure", number=number)


def _team(work: Work, incoming: Incoming) -> Reply | None:
    match incoming.kind:
        case Kind.COMMAND:
            return run(work, incoming, incoming.text, Context())
        case Kind.MENTION:
            return run(work, incoming, _line(incoming), _context(work, incoming))
        case Kind.HOME:
            return day(work)
        case Kind.BUTTON:
            return _pressed(work, incoming)
        case Kind.FORM | Kind.SHORTCUT:
            return _form(work, incoming)
        case Kind.MESSAGE:
            return _message(work, incoming)
        case Kind.EDIT:
            known = answering.answer_edited(work, incoming)
            if known is None and overtaken.is_first(work, incoming):
                return _message(work, incoming)
        case Kind.DELETE:
            if answering.answer_deleted(work, incoming) is None:
                overtaken.note_deleted(work, incoming)
        case Kind.REACTION if work.actor.member is not None:
            # What strangers put on a message is not our business, and no reason for a word.
            reactions.carry_out(work, incoming)
            return put_on(work, incoming)
        case Kind.LINK if work.actor.member is not None:
            unfurling.unfurl(work, incoming)
    return None


def _context(work: Work, incoming: Incoming) -> Context:
    ticket = conversations.ticket_at(work, incoming.chat, incoming.thread)
    if ticket is None:
        return Context()
    ticket = tickets.survivor(work, ticket)
    return Context(ticket, work.sure(Contact, ticket.contact_id))


def _message(work: Work, incoming: Incoming) -> Reply | None:
    if incoming.private:
        return run(work, incoming, _line(incoming), Context())
    if not incoming.thread:
        return None
    # Whose thread it is comes first: what people say in other threads is not our business.
    ticket = conversations.ticket_at(work, incoming.chat, incoming.thread)
    if ticket is None or overtaken.is_heard(work, incoming):
        return None
    if ticket.merged_into_id is not None:
        return answering.answer(work, ticket_moves.follow(work, ticket, incoming), incoming)
    where = threads.follow(work, ticket, incoming)
    return answering.answer(work, ticket, incoming) or where


def _line(incoming: Incoming) -> str:
    """What was typed; a table or cards dropped without a command are to be brought in."""
    if not any(map(imports.is_table, incoming.media)):
        return incoming.text
    verb, _ = grammar.first_word(grammar.normal(incoming.text))
    return incoming.text if verb in verbs() else "import"


# Commands


def run(work: Work, incoming: Incoming, line: str, context: Context) -> Reply | None:
    """Run a typed line; alone it is my day."""
    line = grammar.normal(line)
    if not line:
        return day(work)
    verb, rest = grammar.first_word(line)
    table = verbs()
    if verb not in table:
        return _did_you_mean(work, verb, rest, table)
    candidates = [each for each in table[verb] if grammar.fits(each, rest, context)]
    if not candidates:
        usage = grammar.usage_of(voice_of(work), table[verb][0])
        raise Refused("command.no_ticket", usage=f"/crm {usage}")
    command = grammar.likeliest(candidates, rest)
    if not may(work.actor, command.needs):
        raise denied(work, command.needs)
    try:
        values = grammar.read(work, command, rest, context)
    except Ambiguous as ambiguous:
        return _which(work, ambiguous)
    except Unclear as unclear:
        return which_moment(work, unclear)
    reply = command.do(work, **values, **_given(command.do, incoming))
    if reply is not None and reply.form is not None and not incoming.trigger:
        return _form_offered(work, reply.form, line)
    return reply


def _form_offered(work: Work, form: Form, line: str) -> Reply:
    """A form opens only for a slash command or a button: a message gets the button."""
    words = voice_of(work).words("command.form", title=form.title)
    press = Button(voice_of(work).say("button.open_form"), "command.run", line[:1900])
    return Reply((Line(words, press),))


def _given(do: Handler, incoming: Incoming) -> dict[str, Any]:
    return {each.name: incoming for each in parameters_of(do) if each.type is Incoming}


def _did_you_mean(work: Work, verb: str, rest: str, table: dict[str, list[Command]]) -> Reply:
    if not may(work.actor, Permission.READ):
        raise Refused("access.stranger")
    voice = voice_of(work)
    # Two words for one command are one proposal.
    meant: dict[str, str] = {}
    for word in nearest(verb, table, 6):
        meant.setdefault(table[word][0].verb, word)
    near = list(meant.values())[:3]
    if not near:
        return _perhaps_a_name(work, f"{verb} {rest}".strip())
    parts: list[Part] = [Text(voice.words("command.did_you_mean", verb=verb, near=near[0]))]
    for each in near:
        line = f"{each} {rest}".strip()
        shown = ((f"/crm {line}"[:150], "c"),)
        parts.append(Line(shown, Button(voice.say("button.run"), "command.run", line[:1900])))
    return Reply(tuple(parts))


def _perhaps_a_name(work: Work, typed: str) -> Reply:
    """What is no command may be somebody's name, typed without a verb."""
    voice = voice_of(work)
    words = voice.words("command.unknown", verb=grammar.first_word(typed)[0])
    if not contacts.find(work, typed[:64], 1):
        return Reply((Text(words),))
    line = f"find {typed[:64]}"
    run = Button(voice.say("button.run"), "command.run", line)
    return Reply((Text(words), Line(((f"/crm {line}", "c"),), run)))


def _which(work: Work, ambiguous: Ambiguous) -> Reply:
    voice = voice_of(work)
    key = "contact.which" if len(ambiguous.hits) > 1 else "contact.this_one"
    parts: list[Part] = [Text(voice.words(key, name=ambiguous.query))]
    for hit in ambiguous.hits[:6]:
        line = ambiguous.line.replace("{}", f"contact:{hit.contact.id}", 1)[:1900]
        company = f" · {hit.contact.company}" if hit.contact.company else ""
        button = Button(voice.say("button.choose"), "command.run", line)
        parts.append(Line(((hit.contact.name, "b"), (company, "")), button))
    parts.append(Hint(voice.words("contact.nothing_done_yet")))
    return Reply(tuple(parts))


# Buttons and forms


def _pressed(work: Work, incoming: Incoming) -> Reply | None:
    if incoming.does == "command.run":
        reply = run(work, incoming, incoming.value, Context())
        return None if reply is None else Reply(reply.parts, instead=True, form=reply.form)
    do = BUTTONS.get(incoming.does)
    if do is None:
        raise Refused("button.unknown")
    reply = do(work, **_values(work, do, incoming))
    if incoming.home and reply is not None and reply.instead:
        # No message stands there whose place it could take: the page is drawn anew.
        return Reply(day(work).parts, instead=True)
    return reply


def _form(work: Work, incoming: Incoming) -> Reply | None:
    do = FORMS.get(incoming.does)
    if do is None:
        raise Refused("button.unknown")
    return do(work, **_values(work, do, incoming))


def _values(work: Work, do: Handler, incoming: Incoming) -> dict[str, Any]:
    """What a button's or form's handler wants: the record that the value names, the value, all."""
    values: dict[str, Any] = {}
    for parameter in parameters_of(do):
        if parameter.type is Incoming:
            values[parameter.name] = incoming
        elif isinstance(parameter.type, type) and issubclass(parameter.type, Record):
            values[parameter.name] = _record(work, parameter.type, incoming.value)
        else:
            values[parameter.name] = incoming.value
    return values


def _record(work: Work, model: type[Record], value: str) -> Record:
    number = value.partition(":")[0]
    id = int(number) if number.isdecimal() and len(number) < 20 else 0
    id = min(id, grammar.LARGEST_ID)
    record = work.get(model, id)
    if record is None and model is Contact:
        # They may have been made one with somebody else: their old cards lead there.
        record = merging.survivor_of(work.as_system(), id)
    if record is None:
        raise Refused("button.gone")
    return record
