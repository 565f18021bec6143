"""Hostile words take every way out, both ways: no live mention in Slack, no broken entity."""

from bot.playground.slack import Message
from tests.world import World

CORPUS = (
    "<!channel> <!here> <!everyone> <!subteam^S123|@boss>",
    "<@U0RAPPORT> and <@W1> look",
    "@here @channel @everyone",
    "<#C1|general> #support",
    "<https://evil.test|your bank> https://evil.test/x?a=1&b=<2>",
    "<mailto:x@evil.test|mail> <tel:1|call>",
    "<!date^1392734382^{date}^https://evil.test|x>",
    "&lt;!channel&gt; &amp;lt;!here&amp;gt; &#60;!here&#62;",
    "*bold* _it_ ~no~ `code` ```block``` > quote",
    "\n> not ours\n• list\n1. one",
    "<b>bold</b><i>x<b>y</i></b> <a href='tg://user?id=1'>you</a>",
    "</code></pre></b> <script>alert(1)</script> &nbsp; &#0; &bogus;",
    "[link](https://evil.test) __u__ ||spoiler|| \\_ \\* {name|x} {0} %s ${x}",
    "\u202eolleh\u202c \u2066x\u2069 \u200b<\u200b!channel>",
    "a\u0300\u0301\u0302" * 20,
    "👩‍👩‍👧‍👦🏳️‍🌈 𝕳𝖊𝖑𝖑𝖔 ﷽ \U0001f468\u200d\U0001f4bb",
    ":wave: :here: :+1::skin-tone-2:",
    "<" * 300 + ">" * 300 + "&" * 300,
    "x" * 5000 + " <!channel>",
    "'; DROP TABLE contacts; -- \" ' \\ \x07 \ufffd",
    "/crm resolve 1",
    '{"blocks": []} <!-- --> ]]>',
)


async def test_what_a_customer_writes_is_only_text_in_slack(w: World) -> None:
    """As text, name, caption, file name, edit, quote, poll, card: nothing in it is alive."""
    for number, words in enumerate(CORPUS):
        eve = w.telegram.person(words[:60] or "Eve", words[60:120])
        sent = eve.says(words)
        eve.says("again", reply_to=sent.id)
        eve.sends_document(name=words[:60], caption=words[:1000])
        eve.sends_poll(words[:250], words[:90], "no")
        eve.sends_contact(own=False, first_name=words[:60])
        eve.passes_on(words[:4000], words[:60])
        await w.thread(number + 1)
        eve.edits(sent.id, f"changed {words}"[:4000])
        await w.in_thread("changed", number + 1)
        eve.reacts(sent.id, "🤔")
        await w.in_thread("reacted", number + 1)

    for message in _everything(w):
        assert message.live_mentions == [], message.plain
        assert message.unfurl_links is not True and message.unfurl_media is not True


async def test_what_staff_write_reaches_the_customer_whole(w: World) -> None:
    """Held, quoted, edited: Telegram accepts all of it, and the words are what was written."""
    w.decides("overtaken", "send")
    w.bob.says("hello")
    card = await w.thread(1)
    w.decides("hold_seconds", 1)
    for number, words in enumerate(CORPUS):
        first = words.splitlines()[0]
        said = await w.ann.says(w.support, f"say {words} end", thread_ts=card.ts)
        quoted = await w.ann.says(w.support, f"> {first}\nyes", thread_ts=card.ts)
        await w.until(lambda: "Goes to" in w.support.thread(card.ts)[-1].plain)
        w.passes(seconds=1)
        await w.until(lambda line=said: "white_check_mark" in line.reactions)  # type: ignore[misc]
        await w.until(lambda line=quoted: "white_check_mark" in line.reactions)  # type: ignore[misc]
        await w.ann.edits(quoted, f"edited {number} {words[:3000]}")
        await w.hears(w.bob, f"edited {number} ")

    heard = [m for m in w.bob.chat if m.from_bot]
    links = [e for m in heard for e in m.entities if e["type"] in ("text_link", "text_mention")]
    assert links == []
    assert w.telegram.ledger.as_json(0)["refusals"] == {}
    assert sum(m.text.endswith("end") for m in heard) == len(CORPUS)
    assert all(message.live_mentions == [] for message in _everything(w) if message.bot)


def _everything(w: World) -> list[Message]:
    return [m for channel in w.slack.workspace.channels.values() for m in channel.by_ts.values()]
