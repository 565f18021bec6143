"""What staff type is understood or refused kindly: whatever the line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import router
from handlers.command import COMMANDS
from handlers.grammar import Context
from handlers.message import Incoming, Kind, Person, Reply
from handlers.team.house import day
from handlers.texts import LANGUAGES
from storage.engine import Store
from storage.errors import Refused
from storage.records import Member, Role
from storage.work import Actor, Work

ANN = Person(id="U1", name="Ann Archer", zone="Europe/London", belongs=True)
VERBS = sorted({verb for each in COMMANDS for verb in (each.verb, *each.also)})
WORDS = [
    "anna",
    "Anna Lee",
    "1",
    "#1",
    "#vip",
    "tomorrow 3pm",
    "明天下午三点",
    "!high",
    "@ann",
    '"',
    "：",
    "<@U1>",
]


def typed(line: str) -> Incoming:
    """A line as Slack brings it."""
    return Incoming("slack", "T1", Kind.COMMAND, "C1", ANN, text=line)


def run(store: Store, line: str) -> Reply:
    """What is answered to a line, by an admin; what it did is undone."""

    def piece(work: Work) -> Reply | None:
        member = work.add(
            Member(
                slack_team="T1", slack_user="U1", name="Ann", role=Role.ADMIN, created_at=work.now
            )
        )
        acting = work.acting_as(Actor(member.name, member))
        try:
            return router.run(acting, typed(line), line, Context())
        except Refused as refused:
            return router.refusal(acting, typed(line), refused)

    found = store.read(piece)
    assert found is not None
    return found


lines = st.one_of(
    st.text(max_size=200),
    st.builds(
        lambda verb, words, joint: joint.join([verb, *words]),
        st.sampled_from(VERBS),
        st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=20)), max_size=6),
        st.sampled_from([" ", "  ", ", ", "　"]),
    ),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Store:
    """One database for all examples: nothing is ever written to it."""
    path = tmp_path_factory.mktemp("lines") / "rapport.db"
    path.write_bytes(sqlite_template.read_bytes())
    return Store(f"sqlite:///{path}")


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(line=lines)
def test_any_line_gets_words_or_a_form(store: Store, line: str) -> None:
    """Never an exception, never nothing."""
    reply = run(store, line)

    assert reply.form is not None or reply.summary.strip()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_alone_says_what_is_missing_or_does_its_work(store: Store, verb: str) -> None:
    """In English and Chinese."""
    reply = run(store, verb)

    assert reply.form is not None or reply.summary.strip()


def test_every_command_has_help_in_every_language() -> None:
    """A command without words would be one that nobody finds."""
    for command in COMMANDS:
        for language, texts in LANGUAGES.items():
            assert texts.get(f"help.{command.name}"), (language, command.name)


def test_my_day_is_for_members_only(store: Store) -> None:
    """Nobody else has a day here."""
    with pytest.raises(Refused):
        store.read(day)
