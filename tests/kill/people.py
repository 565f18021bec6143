"""Who takes part: customers who write, recipients of a campaign, and two of the team."""

import asyncio
from dataclasses import dataclass, field

from storage.engine import Store
from storage.records import Contact, ContactTag, Identity, IdentityKind, Policy
from storage.work import Work
from tests.kill.processes import Clouds

FIRST_WRITER = 700_000_000
FIRST_RECIPIENT = 800_000_000
TAG = "vip"
OFFER = "Our offer for you"


@dataclass
class People:
    """What they have said, so that it can be counted."""

    clouds: Clouds
    support: str
    writers: int
    said: dict[int, list[str]] = field(default_factory=dict)
    answers: int = 0
    written: int = 0

    async def arrive(self, recipients: int) -> None:
        """Let everybody be there."""
        telegram = self.clouds.telegram
        everybody = [FIRST_WRITER + n for n in range(self.writers)]
        everybody += [FIRST_RECIPIENT + n for n in range(recipients)]
        for id in everybody:
            await telegram.does("person", first_name=f"Person {id}", id=id, started=True)
        await self.clouds.slack.does("member", name="ann", real_name="Ann Archer")
        await self.clouds.slack.does("member", name="mia", real_name="Mia Moss", admin=True)

    async def write(self, count: int, a_second: float) -> None:
        """Say so many numbered texts, in turns, at about that speed."""
        clock = asyncio.get_running_loop()
        began = clock.time()
        for done in range(1, count + 1):
            number = self.written
            self.written += 1
            person = FIRST_WRITER + number % self.writers
            text = f"word {number}"
            await self.clouds.telegram.does(f"{person}/say", text=text)
            self.said.setdefault(person, []).append(text)
            ahead = began + done / a_second - clock.time()
            if ahead > 0:
                await asyncio.sleep(ahead)

    async def answer(self, ended: asyncio.Event, pause: float) -> None:
        """Ann answers in the newest threads, again and again."""
        while not ended.is_set():
            await asyncio.sleep(pause)
            posted = (await self.clouds.slack.ledger())["entries"]
            cards = [entry["ts"] for entry in posted if is_card(entry)]
            for ts in cards[self.answers % 7 :: 7]:
                self.answers += 1
                await self.clouds.slack.does(
                    "post",
                    member="ann",
                    channel=self.support,
                    text=f"answer {self.answers}",
                    thread_ts=ts,
                )
                await asyncio.sleep(pause / 4)

    async def start_campaign(self) -> None:
        """Mia sends the offer to everybody with the tag."""
        slack = self.clouds.slack
        line = f"/crm campaign {TAG} {OFFER}"
        said = await slack.does("command", member="mia", text=line, channel=self.support)
        button = {"member": "mia", "label": "Start", "channel": self.support}
        for _ in range(100):
            try:
                done = await slack.does("press", **button)
            except LookupError as not_yet:
                done = {"error": str(not_yet)}
            if done.get("ok"):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"the campaign did not start: {said} {done}")


def key_of(entry: dict[str, object]) -> str:
    """The key that a message in Slack carries, by which it can be found again."""
    metadata = entry.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return str(payload.get("k", "")) if isinstance(payload, dict) else ""


def is_card(entry: dict[str, object]) -> bool:
    """Whether it is the head of a ticket's thread."""
    return entry["method"] == "chat.postMessage" and key_of(entry).endswith(":card")


def tag_recipients(store: Store, count: int) -> None:
    """Write down the customers who are meant by the campaign."""

    def note(work: Work) -> None:
        # Answers are held, and killed in their hold; nobody is there to be asked about them.
        many = ("campaign_typed_above", 1_000_000), ("campaign_second_above", 1_000_000)
        for key, value in (("hold_seconds", 2), ("overtaken", "send"), *many):
            work.add(Policy(key=key, value=value, changed_at=work.now))
        for number in range(count):
            id = FIRST_RECIPIENT + number
            contact = work.add(Contact(name=f"Person {id}", created_at=work.now))
            work.add(ContactTag(contact_id=contact.id, tag=TAG))
            work.add(
                Identity(
                    contact_id=contact.id,
                    kind=IdentityKind.TELEGRAM,
                    value=str(id),
                    shown=str(id),
                    created_at=work.now,
                )
            )

    store.write(note)
