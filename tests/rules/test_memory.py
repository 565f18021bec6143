"""What the writer remembers stays small, however much is written at once."""

from datetime import UTC, datetime

from storage.memory import Memory
from storage.records import Contact, Record

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)


def test_pieces_that_are_larger_than_what_is_forgotten() -> None:
    """An import writes thousands in a transaction: as many are forgotten, the oldest first."""
    memory = Memory(room=100)
    last = Contact(name="nobody", created_at=NOW)
    for _ in range(20):
        known: dict[tuple[type[Record], int], Record] = {}
        for _ in range(60):
            last = Contact(name="Anna", created_at=NOW)
            known[Contact, last.id] = last
        memory.keep(known, set())

        assert len(memory._records) <= 100
    assert memory.get(Contact, last.id) is last
