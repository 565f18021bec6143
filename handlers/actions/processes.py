"""The processes that share one database: who is alive, and who has which duty."""

from datetime import datetime, timedelta

from handlers.actions.access import Permission, action
from storage.queries import house
from storage.records import JobRun, Process
from storage.work import Work

# For how long a duty is taken; whoever has it takes it again in time.
LEASE = timedelta(seconds=15)


@action(Permission.SYSTEM)
def say_alive(work: Work, name: str) -> set[str]:
    """Note that a process is alive; the names of all that are."""
    process = house.process(work, name)
    if process is None:
        work.add(Process(name=name, started_at=work.now, alive_at=work.now))
    else:
        process.alive_at = work.now
    work.flush()
    return house.living(work) | {name}


@action(Permission.SYSTEM)
def say_goodbye(work: Work, name: str) -> None:
    """The process stops in good order; others need not wait."""
    process = house.process(work, name)
    if process is not None:
        process.stopped_at = work.now
    house.drop_leases(work, name)


@action(Permission.SYSTEM)
def take_duty(work: Work, duty: str, owner: str) -> bool:
    """Whether this process has a duty that only one may have: polling for updates."""
    return house.take_lease(work, duty, owner, LEASE, house.living(work))


@action(Permission.SYSTEM)
def take_moment(work: Work, job: str, due: datetime) -> bool:
    """Whether a moment of a job is still to be run; from now on it is not.

    It is taken in the transaction of what is done in it: two processes that take it at the same
    time cannot both commit.
    """
    if house.has_run(work, job, due):
        return False
    work.add(JobRun(job=job, due=due, taken_at=work.now))
    return True


@action(Permission.SYSTEM)
def last_alive(work: Work) -> datetime | None:
    """When any process was last alive: since then nobody listened."""
    return house.last_sign_of_life(work)
