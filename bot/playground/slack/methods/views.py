"""views.*: modals that triggers open, and everybody's App Home."""

from bot.playground.slack.blocks import check_view
from bot.playground.slack.calls import Call, method
from bot.playground.slack.ledger import Entry
from bot.playground.slack.member import Member
from bot.playground.slack.view import View
from bot.playground.slack.wire import ApiError, Json

DEEPEST = 3


def _source(call: Call, kind: str) -> Json:
    source = call.decoded("view")
    check_view(source, call.desk.modern_blocks)
    if source["type"] != kind:
        raise ApiError("invalid_arguments", response_metadata={"messages": ["invalid view type"]})
    return dict(source)


@method("views.open")
def open_(call: Call) -> Json:
    source = _source(call, "modal")
    trigger = call.desk.exchange(call.text("trigger_id"))
    member = call.workspace.members[trigger.user]
    view = call.desk.new_view(member.id, source)
    member.modals = [view]
    return _shown(call, view)


@method("views.push")
def push(call: Call) -> Json:
    source = _source(call, "modal")
    trigger = call.desk.exchange(call.text("trigger_id"))
    member = call.workspace.members[trigger.user]
    if len(member.modals) >= DEEPEST:
        raise ApiError("push_limit_reached")
    view = call.desk.new_view(member.id, source, member.modal)
    member.modals.append(view)
    return _shown(call, view)


@method("views.update")
def update(call: Call) -> Json:
    source = _source(call, "modal")
    view = _open_view(call)
    _check_hash(call, view)
    view.show(source, call.desk.new_hash())
    return _shown(call, view)


def _open_view(call: Call) -> View:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    for member in call.workspace.members.values():
        for view in member.modals:
            if view.id == view_id or (
                external_id and view.source.get("external_id") == external_id
            ):
                return view
    raise ApiError("not_found")


def _check_hash(call: Call, view: View) -> None:
    if call.text("hash") not in ("", view.hash):
        raise ApiError("hash_conflict")


@method("views.publish")
def publish(call: Call) -> Json:
    source = _source(call, "home")
    member: Member = call.member("user_id")
    if member.home is None:
        member.home = call.desk.new_view(member.id, source)
    else:
        _check_hash(call, member.home)
        member.home.show(source, call.desk.new_hash())
    return _shown(call, member.home)


def _shown(call: Call, view: View) -> Json:
    entry = Entry(
        call.method,
        "",
        view.hash,
        None,
        view.title,
        view.blocks,
        None,
        call.workspace.now(),
        view.user,
    )
    call.ledger.entries.append(entry)
    call.workspace.changed()
    return {"view": view.as_slack()}
