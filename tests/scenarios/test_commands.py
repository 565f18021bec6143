"""What staff type: /crm and its verbs, forms, shortcuts, mentions, App Home; in two languages."""

from typing import TypeVar

import pytest
from sqlmodel import select

from bot.playground.slack import Member
from handlers.texts.chinese import CHINESE
from storage.queries import tickets
from storage.records import (
    AuditEntry,
    Contact,
    ContactTag,
    FollowUp,
    Identity,
    IdentityKind,
    Interaction,
    Lane,
    Priority,
    Ticket,
)
from storage.records.record import Record
from tests.world import World

R = TypeVar("R", bound=Record)

ANNA = "/crm add Anna Lee, Acme, +44 20 7946 0958, anna@acme.test #vip"


def every(w: World, model: type[R]) -> list[R]:
    """Every record of a table."""
    return w.look(lambda work: work.all(select(model)))


async def chinese_member(w: World) -> Member:
    """Somebody of the team whose Slack is in Chinese."""
    return w.slack.member("wei", "魏安", locale="zh-CN", tz="Asia/Shanghai")


# Customers


async def test_add_writes_somebody_down_with_everything_in_one_line(both: World) -> None:
    """Name, company, phone, e-mail and tag, each where it belongs."""
    said = await both.says(both.ann, ANNA)

    (anna,) = every(both, Contact)
    reach = {each.kind: each.value for each in every(both, Identity)}
    (tag,) = every(both, ContactTag)
    assert (anna.name, anna.first_name, anna.company) == ("Anna Lee", "Anna", "Acme")
    assert reach == {IdentityKind.PHONE: "+442079460958", IdentityKind.EMAIL: "anna@acme.test"}
    assert tag.tag == "vip"
    assert "Saved: Anna Lee" in said and "+44 20 7946 0958" in said


async def test_the_same_phone_twice_is_refused_with_the_name_of_its_owner(w: World) -> None:
    """Nobody is written down twice by accident."""
    await w.says(w.ann, ANNA)
    said = await w.says(w.ann, "/crm add Ann Li, +442079460958")

    assert "belongs to Anna Lee" in said
    assert len(every(w, Contact)) == 1


async def test_what_is_new_of_somebody_known_is_one_press_away(w: World) -> None:
    """Writing down who is known already offers each thing that the record lacks, and no more."""
    await w.says(w.ann, "/crm add Anna Lee, +44 20 7946 0958, anna@acme.test")
    again = "/crm add Anna Lee, Acme, +442079460958, anna@acme.test, anna@home.test #vip"
    said = await w.says(w.ann, again)
    assert "+44 20 7946 0958 belongs to Anna Lee already" in said
    assert "Nothing has been done yet" in said

    (anna,) = every(w, Contact)
    for line in (
        f"set contact:{anna.id} company Acme",
        f"set contact:{anna.id} email anna@acme.test, anna@home.test",
        f"tag contact:{anna.id} #vip",
    ):
        await w.says(w.ann, again)
        await w.ann.presses("Run", channel=w.support, value=line)
    await w.until(lambda: every(w, ContactTag))

    shown = await w.says(w.ann, "/crm show anna")
    for words in ("Acme", "anna@acme.test", "anna@home.test", "#vip"):
        assert words in shown
    assert "/crm set" not in await w.says(w.ann, again)


@pytest.mark.parametrize(
    "words",
    [
        "ana le",
        "ana",
        "lee anna",
        "ANNA",
        "acme",
        "7946 0958",
        "+442079460958",
        "anna@acme",
        "#vip",
    ],
)
async def test_find_finds_by_whatever_one_remembers(w: World, words: str) -> None:
    """Typos, half names, companies, phones, addresses and tags."""
    await w.says(w.ann, ANNA)
    await w.says(w.ann, "/crm add Bruno Kaya, Umbrella")
    said = await w.says(w.ann, f"/crm find {words}")

    assert "Anna Lee" in said and "Bruno" not in said


async def test_show_is_a_card_with_timeline_and_everything_known(w: World) -> None:
    """Who, how to reach, what was said."""
    await w.says(w.ann, ANNA)
    await w.says(w.ann, "/crm log anna called about the renewal")
    said = await w.says(w.ann, "/crm show anna")

    for words in ("Anna Lee", "Acme", "+44 20 7946 0958", "anna@acme.test", "#vip", "the renewal"):
        assert words in said


async def test_log_keeps_a_note_inside(both: World) -> None:
    """It is in the timeline, and in the internal lane."""
    w = both
    await w.says(w.ann, ANNA)
    said = await w.says(w.ann, "/crm log anna called about the renewal")

    (note,) = every(w, Interaction)
    assert (note.text, note.lane) == ("called about the renewal", Lane.INTERNAL)
    assert "stays inside" in said


async def test_tag_and_untag(w: World) -> None:
    """Tags come and go; a second time is no harm."""
    await w.says(w.ann, ANNA)
    assert "#berlin" in await w.says(w.ann, "/crm tag anna #berlin #vip")
    assert "–" in await w.says(w.ann, "/crm tag anna #berlin")
    await w.says(w.ann, "/crm untag anna #vip")

    assert {each.tag for each in every(w, ContactTag)} == {"berlin"}


# Tickets


async def test_ticket_opens_one_with_a_priority_and_a_thread(both: World) -> None:
    """What staff write stays inside; the card says how pressing it is."""
    w = both
    await w.says(w.ann, ANNA)
    said = await w.says(w.ann, "/crm ticket anna printer is broken !high")
    card = await w.thread(1)

    found = w.look(lambda work: tickets.numbered(work, 1))
    assert found is not None and found.priority is Priority.HIGH
    assert found.subject == "printer is broken"
    assert "#1" in said and "high" in card.plain and "printer is broken" in card.plain


async def test_tickets_lists_the_open_ones_and_each_can_be_opened(w: World) -> None:
    """Longest waiting first, with a button to its card."""
    await w.says(w.ann, ANNA)
    await w.says(w.ann, "/crm ticket anna printer is broken !high")
    w.bob.says("my order 1001")
    await w.thread(2)
    said = await w.says(w.ann, "/crm tickets")
    before = len(w.ann.heard)
    await w.ann.presses("Open", channel=w.support)
    await w.until(lambda: len(w.ann.heard) > before)

    assert "2 open tickets" in said
    assert said.index("#2 Bob Bell") < said.index("#1 Anna Lee")
    assert "#" in w.ann.heard[-1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/crm take 1", "is yours"),
        ("/crm resolve 1", "is resolved"),
        ("/crm close #1", "is closed"),
        ("/crm snooze 1 tomorrow 9am", "put aside until Thu"),
        ("/crm priority 1 !urgent", "Priority of ticket #1"),
        ("/crm ticket 1", "my order"),
        ("/crm assign 1 @bo", "is Bo Berg's"),
        ("/crm reopen 1", "is open"),
        ("/crm take 99", "no ticket #99"),
        ("/crm take", "Which ticket?"),
        ("/crm take anna", "Which ticket?"),
    ],
)
async def test_the_verbs_of_tickets_by_number(w: World, line: str, words: str) -> None:
    """Each says what it did, or what is missing."""
    w.bob.says("my order")
    await w.thread(1)
    await w.says(w.bo, "/crm")

    assert words in await w.says(w.ann, line)


# Finding the way


async def test_crm_alone_is_my_day(w: World) -> None:
    """What is due today, my tickets, and what nobody has taken."""
    await w.says(w.ann, ANNA)
    await w.says(w.ann, "/crm remind anna today 5pm send the quote")
    w.bob.says("my order")
    await w.thread(1)
    said = await w.says(w.ann, "/crm")

    for words in ("Your day", "send the quote", "my order", "nobody has taken"):
        assert words in said


@pytest.mark.parametrize("line", ["/crm help", "/crm ?", "/crm HELP"])
async def test_help_names_every_verb_that_one_may_use(w: World, line: str) -> None:
    """An agent is not shown what only managers may do."""
    said = await w.says(w.ann, line)

    for verb in ("add", "find", "show", "log", "ticket", "remind", "resolve"):
        assert f"/crm {verb}" in said
    assert "/crm campaign <" not in said
    assert "/crm campaign <" in await w.says(w.mia, line)


async def test_help_of_a_subject_and_of_one_command(w: World) -> None:
    """A subject by its name in either language, a verb by any of its words, a typo by a guess."""
    deals = await w.says(w.ann, "/crm help deals")
    assert "/crm stage <number> <stage>" in deals and "/crm find" not in deals
    assert "/crm stage <number> <stage>" in await w.says(w.ann, "/crm help 商机")

    remind = await w.says(w.ann, "/crm help followup")
    assert "/crm remind" in remind and "Also: reminder, followup" in remind
    assert "/crm remind" in await w.says(w.ann, "/crm help 提醒")

    assert "Did you mean remind?" in await w.says(w.ann, "/crm help remnd")
    assert "I don't know “xyzzyplugh”" in await w.says(w.ann, "/crm help xyzzyplugh")
    assert "needs another role" not in await w.says(w.ann, "/crm help campaigns")


async def test_help_speaks_chinese_verbs_and_gaps_to_who_reads_chinese(w: World) -> None:
    """What is shown can be typed as it stands, by a team that writes Chinese."""
    await w.says(w.bo, "/crm language zh")
    said = await w.says(w.bo, "/crm 帮助")
    assert "/crm 提醒 <客户|#12|deal 3> <时间> <内容>" in said
    assert "/crm 阶段 <编号> <阶段>" in await w.says(w.bo, "/crm 帮助 商机")

    await w.says(w.ann, ANNA)
    await w.says(w.bo, "/crm 工单 Anna Lee 打印机坏了")
    assert "打印机坏了" in await w.says(w.bo, "/crm 工单 1")


async def test_the_list_of_subjects_leads_to_each_and_back(w: World) -> None:
    """Every command that one may use stands in the list; its subject is shown in its place."""
    said = await w.says(w.ann, "/crm help")
    for verb in ("refund", "segment", "handover", "later", "nps", "watch", "company", "language"):
        assert verb in said
    assert "export" not in said and "export" in await w.says(w.mia, "/crm help")

    await w.says(w.ann, "/crm help")
    await w.ann.presses("Show", channel=w.support, value="orders")
    await w.until(lambda: "/crm refund <number>" in w.ann.heard[-1])
    await w.ann.presses("All commands", channel=w.support)
    await w.until(lambda: "on most days" in w.ann.heard[-1])


async def test_two_words_for_one_command_are_one_proposal(w: World) -> None:
    """Beside “remind” its other word “reminder” is not offered."""
    said = await w.says(w.ann, "/crm remnd anna tomorrow call")

    assert "Did you mean remind?" in said
    assert "/crm remind anna tomorrow call" in said
    assert "/crm reminder anna" not in said


async def test_a_no_names_the_role_that_may(w: World) -> None:
    """Whoever is refused reads which role it takes and how to come by it."""
    assert "/crm role @you manager" in await w.says(w.ann, "/crm export tag:vip")
    assert "/crm role @you admin" in await w.says(w.ann, "/crm role bo manager")


async def test_a_wrong_word_gets_did_you_mean_and_its_button_runs_the_line(w: World) -> None:
    """Pressing Run does what was meant, with all that stood behind the verb."""
    await w.says(w.ann, ANNA)
    said = await w.says(w.ann, "/crm shwo anna")
    before = len(w.ann.heard_messages)
    await w.ann.presses("Run", channel=w.support)
    await w.until(lambda: "Acme" in w.ann.heard[-1] or len(w.ann.heard_messages) > before)

    assert "Did you mean show" in said
    assert "anna@acme.test" in w.ann.heard[-1]


async def test_a_word_like_nothing_gets_a_way_on(w: World) -> None:
    """No guess where there is none to make."""
    assert "/crm help" in await w.says(w.ann, "/crm xyzzyplugh")


async def test_an_ambiguous_name_gets_buttons_and_pressing_one_runs_the_command(
    both: World,
) -> None:
    """Nothing is guessed: two Annas are two buttons, and the line is run for the one chosen."""
    w = both
    await w.says(w.ann, "/crm add Anna Lee, Acme")
    await w.says(w.ann, "/crm add Anna Bauer, Umbrella")
    said = await w.says(w.ann, "/crm log anna called about the renewal")
    assert every(w, Interaction) == []
    (bauer,) = [each for each in every(w, Contact) if each.name == "Anna Bauer"]
    line = f"log contact:{bauer.id} called about the renewal"
    await w.ann.presses("This one", channel=w.support, value=line)
    await w.until(lambda: every(w, Interaction))

    (note,) = every(w, Interaction)
    assert "Anna Lee" in said and "Anna Bauer" in said
    assert (note.contact_id, note.text) == (bauer.id, "called about the renewal")


async def test_an_ambiguous_reminder_keeps_its_moment_and_its_words(w: World) -> None:
    """Choosing the person is all that is left to do."""
    await w.says(w.ann, "/crm add Anna Lee")
    await w.says(w.ann, "/crm add Anna Bauer")
    await w.says(w.ann, "/crm remind anna tomorrow 3pm send the quote")
    await w.ann.presses("This one", channel=w.support)
    await w.until(lambda: every(w, FollowUp))

    (kept,) = every(w, FollowUp)
    assert (kept.wall, kept.text) == ("2026-11-19T15:00", "send the quote")


async def test_a_typo_in_a_name_asks_before_it_does_anything(w: World) -> None:
    """Nobody called so: the nearest is offered, and nothing has been done yet."""
    await w.says(w.ann, "/crm add Anna Lee")
    said = await w.says(w.ann, "/crm log anan: called")

    assert "Nothing has been done yet" in said and "Anna Lee" in said
    assert every(w, Interaction) == []


async def test_names_of_two_words_and_names_in_quotes(w: World) -> None:
    """The name ends where the text begins."""
    await w.says(w.ann, "/crm add Anna Lee")
    await w.says(w.ann, "/crm add Anna Bauer")
    await w.says(w.ann, "/crm log anna lee called twice")
    await w.says(w.ann, "/crm log “Anna Bauer” wants a quote")
    await w.says(w.ann, "/crm log Anna Bauer: signed")

    assert [n.text for n in every(w, Interaction)] == ["called twice", "wants a quote", "signed"]


# Forms, Home, shortcuts, mentions


async def test_the_add_form_shows_what_is_wrong_beside_its_field(both: World) -> None:
    """A wrong phone and a wrong address are said where they stand; nothing is lost."""
    w = both
    await w.ann.command("/crm add", channel=w.support)
    await w.until(lambda: w.ann.modal is not None)
    values = {"name": "Anna Lee", "phone": "12", "email": "nobody", "tags": "vip, berlin"}
    answer = await w.ann.submits(values)
    assert set(answer.errors) == {"phone", "email"}
    assert w.ann.modal is not None and every(w, Contact) == []

    answer = await w.ann.submits({"phone": "+44 20 7946 0958", "email": "anna@acme.test"})
    await w.sees(w.ann, "Saved: Anna Lee")
    assert answer.ok and not w.ann.modals
    assert {each.tag for each in every(w, ContactTag)} == {"vip", "berlin"}


async def test_app_home_is_my_day_and_its_buttons_work(w: World) -> None:
    """The Home tab shows the day; New customer opens the form."""
    w.bob.says("my order")
    await w.thread(1)
    await w.ann.opens_home()
    home = await w.until(lambda: w.ann.home)
    assert "Your day" in home.plain and "my order" in home.plain
    await w.ann.presses("New customer", channel="home")
    await w.until(lambda: w.ann.modal is not None)
    await w.ann.submits({"name": "Anna Lee"})
    await w.sees(w.ann, "Saved: Anna Lee")

    assert "Anna Lee" in {each.name for each in every(w, Contact)}


async def test_all_tickets_on_app_home_answers_somewhere_visible(w: World) -> None:
    """A press on the Home tab has no message to answer at: it comes as a direct message."""
    w.bob.says("my order")
    await w.thread(1)
    await w.ann.opens_home()
    await w.until(lambda: w.ann.home)
    await w.ann.presses("All tickets", channel="home")

    await w.sees(w.ann, "1 open ticket")


async def test_done_on_app_home_takes_the_line_away(w: World) -> None:
    """The Home tab shows what is left, not what was."""
    await w.says(w.ann, "/crm remind me today 5pm buy stamps")
    await w.ann.opens_home()
    await w.until(lambda: w.ann.home and "buy stamps" in w.ann.home.plain)
    await w.ann.presses("Done", channel="home")

    await w.until(lambda: w.ann.home and "buy stamps" not in w.ann.home.plain)


async def test_a_form_asked_for_in_a_message_is_one_press_away(w: World) -> None:
    """Slack opens forms for commands and buttons only: a message is given the button."""
    await w.says(w.ann, ANNA)
    await w.ann.says(w.ann.dm, "edit anna")
    await w.until(lambda: any("Edit customer" in m.plain for m in w.ann.sees(w.ann.dm)))
    assert w.ann.modal is None
    await w.ann.presses("Open the form", channel=w.ann.dm)

    await w.until(lambda: w.ann.modal is not None and "Edit customer" in str(w.ann.modal.title))


async def test_policy_alone_lists_what_can_be_decided_and_one_shows_itself(w: World) -> None:
    """What holds stands beside each name; a name alone says what it can be."""
    said = await w.says(w.mia, "/crm policy")
    for words in ("hold_seconds", "campaign_quiet", "currency", "Follow-ups"):
        assert words in said
    assert "lane is customer" in await w.says(w.mia, "/crm policy lane")
    assert "0 to 60" in await w.says(w.mia, "/crm policy hold_seconds")
    assert "hold_seconds is 10" in await w.says(w.mia, "/crm policy hold_seconds 10")
    assert "There is no policy foo" in await w.says(w.mia, "/crm policy foo")


async def test_the_shortcut_log_to_crm_takes_the_message_along(w: World) -> None:
    """The form holds the words; whose they are is chosen by name, typos are told beside it."""
    await w.says(w.ann, ANNA)
    said = await w.ann.says(w.support, "Anna called: she wants twenty")
    await w.ann.shortcut("log_to_crm", said)
    modal = await w.until(lambda: w.ann.modal)
    answer = await w.ann.submits({"contact": "nobody at all"})
    assert "contact" in answer.errors
    await w.ann.submits({"contact": "anna lee"})
    await w.sees(w.ann, "Noted about Anna Lee")

    (note,) = every(w, Interaction)
    assert note.text == "Anna called: she wants twenty"
    assert modal.title == "Log to CRM"


@pytest.mark.parametrize(
    ("words", "answer"),
    [("resolve", "is resolved"), ("take", "is yours"), ("snooze tomorrow 9am", "put aside")],
)
async def test_a_mention_in_a_thread_is_a_command_about_its_ticket(
    w: World, words: str, answer: str
) -> None:
    """Slash commands do not work in threads; mentions do, and know which ticket they are in."""
    w.bob.says("my order")
    card = await w.thread(1)
    await w.in_thread("my order")
    await w.ann.says(w.support, f"@rapport {words}", thread_ts=card.ts)
    await w.sees(w.ann, answer)

    assert not any("rapport" in heard.lower() for heard in w.bob.heard)


async def test_a_mention_in_a_thread_knows_its_customer(w: World) -> None:
    """log and remind need no name there."""
    w.bob.says("my order")
    card = await w.thread(1)
    await w.ann.says(w.support, "@rapport log he was friendly", thread_ts=card.ts)
    await w.sees(w.ann, "Noted about Bob Bell")
    await w.ann.says(w.support, "@rapport remind tomorrow 3pm call him", thread_ts=card.ts)
    await w.sees(w.ann, "call him")

    (kept,) = every(w, FollowUp)
    assert kept.text == "call him" and kept.contact_id is not None


async def test_a_direct_message_needs_no_slash(w: World) -> None:
    """What one writes to Rapport itself is a command."""
    await w.says(w.ann, ANNA)
    await w.ann.says(w.ann.dm, "show anna")

    await w.sees(w.ann, "anna@acme.test")


# Chinese


async def test_the_same_in_chinese(both: World) -> None:
    """Verbs, dates, punctuation and answers, by somebody whose Slack is in Chinese."""
    w = both
    wei = await chinese_member(w)
    added = await w.says(wei, "/crm 添加 王小明，某公司，+86 10 6552 9988 #vip")
    said = await w.says(wei, "/crm 提醒 王小明 明天下午三点 发报价")
    noted = await w.says(wei, "/crm 记录 王小明 来电询价")
    opened = await w.says(wei, "/crm 工单 王小明 打印机坏了 !high")
    listed = await w.says(wei, "/crm 工单列表")

    (kept,) = every(w, FollowUp)
    (ticket,) = every(w, Ticket)
    assert "已保存" in added and "王小明" in added
    assert (kept.text, kept.wall, kept.zone) == ("发报价", "2026-11-19T15:00", "Asia/Shanghai")
    assert "发报价" in said and "提醒" in said
    assert "王小明" in noted and "#1" in opened and "王小明" in listed
    assert ticket.subject == "打印机坏了"


async def test_a_chinese_name_is_found_by_its_given_name_and_in_chinese_help(w: World) -> None:
    """小明 is enough; help is in Chinese too."""
    wei = await chinese_member(w)
    await w.says(wei, "/crm 添加 王小明")

    assert "王小明" in await w.says(wei, "/crm 查找 小明")
    assert CHINESE["help.add"] in await w.says(wei, "/crm 帮助")
    assert "我不认识" in await w.says(wei, "/crm 查我")


async def test_language_changes_what_is_heard_from_now_on(w: World) -> None:
    """Whoever prefers the other language says so once."""
    assert CHINESE["language.set"] in await w.says(w.ann, "/crm language zh")
    assert "您的一天" in await w.says(w.ann, "/crm")
    assert "English" in await w.says(w.ann, "/crm 语言 english")


async def test_what_staff_do_is_audited(w: World) -> None:
    """Who did what to which record."""
    await w.says(w.ann, ANNA)
    await w.says(w.ann, "/crm log anna called")

    assert [each.action for each in every(w, AuditEntry)] == [
        "contacts.add_contact",
        "contacts.log",
    ]
