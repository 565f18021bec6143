"""News: which of it a customer wants, and none at all."""

from handlers.actions import consents, preferences
from handlers.customer.commands import (
    Pressed,
    customer_button,
    customer_command,
    number_in,
    say,
    stale,
)
from handlers.message import Button, Buttons, Incoming, Reply, Text
from handlers.texts import Voice
from storage.records import Contact, Identity, Topic
from storage.work import Work


@customer_command("topics")
def topics(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """What news is about, each to be had or not."""
    say(work, incoming, identity, _page(work, contact))


def _page(work: Work, contact: Contact) -> Reply:
    voice = Voice(contact.language)
    wanted, any_at_all = preferences.my_topics(work, contact)
    buttons = [_toggle(contact.language, topic, on) for topic, on in wanted]
    if any_at_all:
        buttons.append(Button(voice.say("topics.none"), "topics.all", "off"))
    elif not wanted:
        buttons.append(Button(voice.say("topics.all"), "topics.all", "on"))
    key = "topics.which" if wanted else "topics.any"
    key = key if any_at_all else "topics.stopped"
    return Reply((Text(voice.words(key)), *(Buttons((each,)) for each in buttons)))


def _toggle(language: str, topic: Topic, on: bool) -> Button:
    title = topic.titles.get(language) or topic.titles.get("en") or topic.name
    mark, other = ("✅", "off") if on else ("⬜", "on")
    return Button(f"{mark} {title}", "topics.one", f"{topic.id}:{other}")


@customer_button("topics.one")
def one_pressed(work: Work, incoming: Incoming, contact: Contact) -> str | Pressed:
    """A topic is wanted, or no longer; the button says which, so twice is once."""
    topic = preferences.topic_with_id(work, number_in(incoming.value))
    if topic is None:
        return stale(contact)
    wanted = incoming.value.endswith(":on")
    evidence = f"{incoming.origin} button"
    preferences.choose_topic(work, contact, topic, evidence, wanted=wanted)
    words = Voice(contact.language).say("topics.on" if wanted else "topics.off")
    return Pressed(words, _page(work, contact))


@customer_button("topics.all")
def all_pressed(work: Work, incoming: Incoming, contact: Contact) -> Pressed:
    """None at all, or all of it again."""
    evidence = f"{incoming.origin} button"
    if incoming.value == "on":
        consents.allow_marketing(work, contact, evidence)
    else:
        consents.stop_marketing(work, contact, evidence)
    key = "customer.subscribed" if incoming.value == "on" else "customer.stopped"
    return Pressed(Voice(contact.language).say(key), _page(work, contact))


@customer_command("stop", also=("unsubscribe",))
def stop(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """No campaigns any more."""
    consents.stop_marketing(work, contact, evidence=f"{incoming.origin} {incoming.text}")
    say(work, incoming, identity, _stopped(contact))


def _stopped(contact: Contact) -> Reply:
    """That it is over, with the way back."""
    voice = Voice(contact.language)
    back = Button(voice.say("button.news_again"), "news.again")
    return Reply((Text(voice.words("customer.stopped")), Buttons((back,))))


@customer_command("subscribe")
def subscribe(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """Campaigns are welcome again."""
    consents.allow_marketing(work, contact, evidence=f"{incoming.origin} {incoming.text}")
    say(work, incoming, identity, Voice(contact.language).reply("customer.subscribed"))


@customer_button("customer.stop")
def stop_pressed(work: Work, incoming: Incoming, contact: Contact) -> Pressed:
    """The button under every campaign message."""
    consents.stop_marketing(work, contact, evidence=f"{incoming.origin} button")
    words = Voice(contact.language).say("customer.stopped")
    return Pressed(words, also=_stopped(contact))
