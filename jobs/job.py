"""The table of jobs: `@job(every=…)` puts a function into it.

A job is the clock speaking: it gets a work and calls actions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from storage.work import Work

Body = Callable[[Work], bool | None]


@dataclass(frozen=True)
class Job:
    """Something done again and again. `body` returns True when there is more to do at once."""

    name: str
    every: timedelta
    body: Body


JOBS: dict[str, Job] = {}


def job(every: timedelta) -> Callable[[Body], Body]:
    """Have a function called so often, each time in a transaction of its own."""

    def register(body: Body) -> Body:
        name = body.__name__
        if name in JOBS:
            raise ValueError(f"the job {name} exists already")
        JOBS[name] = Job(name, every, body)
        return body

    return register
