"""Slack's pace and turns: eager until it objects, sober after, and no line before its turn."""

from datetime import UTC, datetime, timedelta

from handlers.actions.claiming import Served, claim
from handlers.actions.delivery import settle
from handlers.actions.outcomes import Sent
from handlers.actions.outgoing import send
from jobs.pace import SlackPace, Tempo
from storage.engine import Store
from storage.records import OutboxRow
from storage.work import Clock, Work

START = datetime(2026, 11, 18, 10, 20, tzinfo=UTC)


class Watch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def row(chat: str) -> OutboxRow:
    """Something to be said in a channel."""
    return OutboxRow(
        idem_key=chat,
        door="slack",
        chat=chat,
        line=chat,
        verb="say",
        not_before=START,
        created_at=START,
    )


def admitted(pace: SlackPace, chat: str, tries: int) -> int:
    """How many of so many may go now."""
    return sum(pace.admits(row(chat)) for _ in range(tries))


def test_until_slack_objects_it_goes_fast_and_then_one_a_second_in_that_channel() -> None:
    """Ten minutes later it may be tried again; the other channels never slow down."""
    watch = Watch()
    pace = SlackPace(watch, Tempo(eager=20.0, burst=4.0, sober=600.0))
    assert admitted(pace, "#support", 100) == 20
    pace.refused(row("#support"))
    assert admitted(pace, "#support", 10) == 0
    watch.now += 1.01
    assert admitted(pace, "#support", 10) == 1
    assert admitted(pace, "#sales", 100) == 20
    watch.now += 60
    assert admitted(pace, "#support", 10) == 4
    watch.now += 600
    assert admitted(pace, "#support", 100) == 20


def test_who_has_just_had_a_turn_goes_behind_those_who_wait(sqlite_store: Store) -> None:
    """A hundred older rows of one line let every later line go first after their own turn."""
    clock = sqlite_store.clock = Clock(START)

    def say(work: Work, line: str, number: int) -> None:
        send(work, "slack", "#support", "say", {"parts": []}, key=f"{line}:{number}", line=line)

    for number in range(100):
        sqlite_store.write(lambda work, n=number: say(work, "flood", n))  # type: ignore[misc]
    for other in ("a", "b", "c"):
        clock.push(timedelta(seconds=1))
        sqlite_store.write(lambda work, o=other: say(work, o, 0))  # type: ignore[misc]
    served: Served = {}
    order = []
    for _ in range(6):
        clock.push(timedelta(seconds=1))
        (claimed,) = sqlite_store.write(
            lambda work: claim(work, "slack", "me", 1, lambda _row: True, served)
        )
        order.append(claimed.row.line)
        sqlite_store.write(lambda work, c=claimed: settle(work, c, Sent("C1")))  # type: ignore[misc]

    assert order == ["flood", "a", "b", "c", "flood", "flood"]


def test_the_support_channel_by_its_name_and_by_its_id_is_one_channel() -> None:
    """What goes to `#support` counts for its id too, once Slack has told it."""
    pace = SlackPace(Watch(), Tempo(eager=20.0, burst=4.0, sober=600.0))
    pace.stands("#support", "C123")
    assert admitted(pace, "#support", 12) == 12
    assert admitted(pace, "C123", 12) == 8
    pace.refused(row("C123"))
    assert admitted(pace, "#support", 10) == 0
