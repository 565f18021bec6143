"""A look at those who came lately: each is compared with whom the indexes name."""

from functools import partial

from sqlalchemy import Engine

from storage.doubles.judging import Verdict
from storage.queries import doubles
from storage.queries.looking import Look
from storage.queries.names import names_of
from storage.work import Work

# Who looks at every name rests longer than they look.
REST = 2.0


class Arrivals(Look):
    """A look at everybody who came after a contact, one by one."""

    def _look(self, engine: Engine) -> None:
        if not self._read(engine, _is_ready):
            # Without the index of names every one of them would be compared with everybody.
            return
        while not self._stopping.is_set():
            came = self._read(engine, partial(doubles.new_contacts, after=self.at, limit=100))
            for id in came:
                found = self._read(engine, partial(_alike, id=id, least=self._least))
                for other, verdict in found:
                    self._hand_over((id, other, verdict))
                if self._stopping.is_set():
                    return
                self.at = id
            if not came:
                return


def _is_ready(work: Work) -> bool:
    known = names_of(work)
    known.follow(work)
    return known.is_ready


def _alike(work: Work, id: int, least: float) -> list[tuple[int, Verdict]]:
    person = doubles.people(work, [id]).get(id)
    return [] if person is None else doubles.likely(work, person, but=(id,), least=least)
