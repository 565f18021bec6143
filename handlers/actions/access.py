"""The one permission gate and the one writer of audit lines: `@action`."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from storage.errors import Refused
from storage.records import AuditEntry, Record, Role
from storage.work import Actor, Work

P = ParamSpec("P")
R = TypeVar("R")


class Permission(StrEnum):
    """What an action asks of whoever does it."""

    # Anybody who reached us at all, a stranger included: joining, asking for help.
    ANYONE = "anyone"
    # A customer speaking for themselves.
    CUSTOMER = "customer"
    READ = "read"
    SERVE = "serve"
    CAMPAIGN = "campaign"
    SET_UP = "set_up"
    # Only the house itself: the clock, the delivery.
    SYSTEM = "system"


_AGENT = {Permission.ANYONE, Permission.READ, Permission.SERVE}
_MANAGER = _AGENT | {Permission.CAMPAIGN}
GRANTED: dict[Role, set[Permission]] = {
    Role.AGENT: _AGENT,
    Role.MANAGER: _MANAGER,
    Role.ADMIN: _MANAGER | {Permission.SET_UP},
}

# Every action by name, with what it needs: the tests read it, and so do help and the manual.
ACTIONS: dict[str, Permission] = {}


def may(actor: Actor, needs: Permission) -> bool:
    """Whether this actor may do what needs that permission; deny by default."""
    if actor.system or needs is Permission.ANYONE:
        return True
    if actor.role is not None:
        return needs in GRANTED[actor.role]
    return actor.contact is not None and needs is Permission.CUSTOMER


def denied(work: Work, needs: Permission) -> Refused:
    """The no to somebody who may not, naming the role that may."""
    if work.actor.role is None:
        return Refused("access.stranger", needs=needs.value)
    keys = {Permission.CAMPAIGN: "access.managers", Permission.SET_UP: "access.admins"}
    return Refused(keys.get(needs, "access.denied"), needs=needs.value)


def action(
    needs: Permission, *, audited: bool = False
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[Concatenate[Work, P], R]]:
    """Gate a function of the CRM, and note it in the audit log when it is `audited`.

    The first record among the arguments is what the audit line is about. Raises
    Refused, as `denied` puts it, when the actor of the work may not.
    """

    def gate(do: Callable[Concatenate[Work, P], R]) -> Callable[Concatenate[Work, P], R]:
        name = f"{do.__module__.removeprefix('handlers.actions.')}.{do.__name__}"
        ACTIONS[name] = needs
        for_anyone = needs is Permission.ANYONE

        @wraps(do)
        def gated(work: Work, *args: P.args, **kwargs: P.kwargs) -> R:
            if not for_anyone and not may(work.actor, needs):
                raise denied(work, needs)
            answer = do(work, *args, **kwargs)
            if audited:
                _note(work, name, [*args, *kwargs.values(), answer])
            return answer

        return cast("Callable[Concatenate[Work, P], R]", gated)

    return gate


def _note(work: Work, name: str, things: list[Any]) -> None:
    subject = next((thing for thing in things if isinstance(thing, Record)), None)
    work.add(
        AuditEntry(
            at=work.now,
            actor=actor_name(work.actor),
            action=name,
            subject=None if subject is None else type(subject).__name__.lower(),
            subject_id=None if subject is None else subject.id,
        )
    )


def actor_name(actor: Actor) -> str:
    """Who it is, for the audit log: by id, since names change."""
    if actor.member is not None:
        return f"member:{actor.member.id}"
    if actor.contact is not None:
        return f"contact:{actor.contact.id}"
    return actor.name
