"""What words mean, by rules and by what was learnt; what is not sure is not said."""

import random
import time
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import intents as bank
from handlers.understanding import (
    Intent,
    Phrases,
    Wish,
    asked_for,
    intents,
    is_only_thanks,
    order_numbers,
    promised,
    train,
    wish_in,
)

NOW = datetime(2026, 11, 18, 10, 20)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "thank you so much for your help 🙏",
        "ok great, thanks Ann",
        "Perfect, that works",
        "good night and thanks",
        "👍",
        "谢谢",
        "好的，谢谢您！",
        "非常感谢你们的帮助",
        "好的好的知道了谢谢",
        "ok",
    ],
)
def test_a_courtesy_is_nothing_but_a_courtesy(text: str) -> None:
    """It may name whom it thanks."""
    assert is_only_thanks(text, ["Ann"])


@pytest.mark.parametrize(
    "text",
    [
        "thanks but it is still broken",
        "Thank you, when will it arrive?",
        "thanks, order 1001 is here",
        "no thanks",
        "不谢谢",
        "谢谢，但是还没收到",
        "好的，明天再说",
        "ok?",
        "😡",
        "1",
        "...",
        "",
        "thanks " * 40,
    ],
)
def test_a_courtesy_with_anything_else_is_none(text: str) -> None:
    """Nobody's question is lost because it was polite."""
    assert not is_only_thanks(text, ["Ann"])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Where is my order 1001?", {Intent.ORDER_NUMBER}),
        ("订单号：A-20391 还没到", {Intent.ORDER_NUMBER, Intent.COMPLAINT}),
        ("how much is the blue kettle?", set()),
        ("请给我打个电话", {Intent.CALL_BACK}),
        ("Could you call me back tomorrow?", {Intent.CALL_BACK}),
        ("You can call me Anna", set()),
        ("please delete my personal data", {Intent.DATA_REQUEST}),
        ("删除我的个人信息", {Intent.DATA_REQUEST}),
        ("stop sending me offers", {Intent.OPT_OUT}),
        ("别再给我发广告了", {Intent.OPT_OUT}),
        ("我要投诉！", {Intent.COMPLAINT}),
        ("This is unacceptable", {Intent.COMPLAINT}),
        ("order of two kettles", set()),
    ],
)
def test_intents_in_both_languages(text: str, meant: set[Intent]) -> None:
    assert set(intents(text)) == meant


def test_numbers_of_orders_are_read_as_they_are_written() -> None:
    assert order_numbers("order no. A-1001 and invoice #20391, call 555 1234") == (
        "A-1001",
        "20391",
    )
    assert order_numbers("I bought 3 of them for 1200") == ()


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Do you have the blue kettle in stock?", Wish("blue kettle")),
        ("I'm looking for a desk under $300", Wish("desk", None, Decimal(300), "USD")),
        ("有没有蓝色的水壶？", Wish("蓝色的水壶")),
        ("我想买一台打印机，预算2000元以内", Wish("打印机", None, Decimal(2000), "CNY")),
        ("请问你们有无线鼠标吗", Wish("无线鼠标")),
        ("do you have any news?", None),
        ("I am looking for my order", None),
        ("I'd like to get a refund", None),
        ("有人吗", None),
        ("有消息吗？", None),
        ("I have two kettles", None),
    ],
)
def test_a_wish_is_for_something_that_is_sold(text: str, wish: Wish | None) -> None:
    assert wish_in(text) == wish


def test_a_price_may_be_a_span_with_thousands() -> None:
    wish = wish_in("I'd like to buy a sofa, between 1,200 and 1,500.50 euros")

    assert wish == Wish("sofa", Decimal(1200), Decimal("1500.50"), "EUR")


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("I'll send it Friday", datetime(2026, 11, 20, 9)),
        ("Sorry it was late on Monday, I'll send it on Friday", datetime(2026, 11, 20, 9)),
        ("I will call you tomorrow at 3pm", datetime(2026, 11, 19, 15)),
        ("我明天给您发过去", datetime(2026, 11, 19, 9)),
        ("I'll look into it", None),
        ("It arrived on Friday", None),
    ],
)
def test_a_promise_of_the_team_has_a_date(text: str, wall: datetime | None) -> None:
    found = promised(text, NOW)

    assert (found.walls[0] if found else None) == wall


def test_what_a_customer_asks_for_may_be_vague_or_ambiguous() -> None:
    """Then it is asked and not guessed."""
    vague, either = asked_for("call me after the holiday", NOW), asked_for("call me on 3/4", NOW)
    chinese = asked_for("节后再联系我", NOW)

    assert vague is not None and vague.walls == ()
    assert chinese is not None and chinese.walls == ()
    assert either is not None and len(either.walls) == 2
    assert asked_for("It arrived on Monday", NOW) is None


def test_a_question_finds_what_answers_it_with_typos_and_in_other_words() -> None:
    shelf = Phrases.of(
        {
            1: ["How long does shipping take?", "delivery time"],
            2: ["What is your return policy", "how do I return an item"],
            3: ["配送需要多久", "什么时候到货"],
        }
    )

    found = {
        text: match.key if (match := shelf.best(text)) else None
        for text in (
            "how long does shiping take to London?",
            "hi, what is your return policy please",
            "请问配送要多久",
            "hello",
            "I want to complain about shipping, it took three weeks and nobody answers my letters",
        )
    }
    assert list(found.values()) == [1, 2, 3, None, None]
    assert Phrases.of({}).best("anything") is None


def test_two_that_fit_alike_are_a_question_for_people() -> None:
    shelf = Phrases.of({1: ["reset my password"], 2: ["reset the password"]})

    assert shelf.best("reset password") is None


# What is learnt


def test_it_says_nothing_below_a_minimum_of_examples() -> None:
    """Nineteen are too few, and one label is no choice."""
    examples = bank.examples()

    assert train(examples[:19]).classify("I lost my card") is None
    assert train([(text, "one") for text, _ in examples]).classify("I lost my card") is None
    assert train([]).classify("I lost my card") is None


def test_what_it_says_is_right_and_it_gives_its_reasons() -> None:
    """On texts never seen: right nine times of ten when it speaks, and it speaks often."""
    classifier = train(bank.examples())
    said = [(classifier.classify(text), label) for text, label in bank.unseen()]
    spoken = [(proposal, label) for proposal, label in said if proposal is not None]
    proposal = classifier.classify("which exchange rate for dollars do I get?")

    assert len(spoken) >= len(said) / 2
    assert sum(p.label == label for p, label in spoken) / len(spoken) >= 0.9
    assert proposal is not None and proposal.label == "exchange_rate"
    assert "exchange" in proposal.reasons and "do" not in proposal.reasons


def test_it_is_silent_about_what_it_was_never_told_of() -> None:
    """Small talk and other matters: hardly ever a word."""
    classifier = train(bank.examples())
    spoken = [text for text in bank.UNRELATED if classifier.classify(text) is not None]

    assert len(spoken) <= len(bank.UNRELATED) / 10


def test_labels_without_meaning_make_it_silent() -> None:
    """Filed by the toss of a coin, requests teach nothing, and it knows."""
    dice = random.Random(1)
    examples = [(text, dice.choice("abc")) for text, _ in bank.examples()]
    classifier = train(examples)
    spoken = [text for text, _ in bank.unseen() if classifier.classify(text) is not None]

    assert len(spoken) <= 5


def test_it_learns_chinese() -> None:
    refunds = ["我要退款", "请退钱给我", "退款什么时候到", "怎么申请退款", "钱还没退回来"]
    parcels = ["快递到哪了", "我的包裹还没到", "什么时候发货", "物流信息不更新", "快递丢了怎么办"]
    repairs = ["机器坏了要维修", "屏幕碎了能修吗", "保修期多久", "维修要多少钱", "打不开机了要修"]
    classifier = train(
        [
            (text, label)
            for label, texts in (
                ("退款", [*refunds, *(f"{each}，谢谢" for each in refunds)]),
                ("物流", [*parcels, *(f"你好，{each}" for each in parcels)]),
                ("维修", [*repairs, *(f"{each}？" for each in repairs)]),
            )
            for text in texts
        ]
    )

    assert classifier.ranked("退款到了吗")[0][0] == "退款"
    assert classifier.ranked("包裹在哪")[0][0] == "物流"


# Whatever comes in


@given(st.text(max_size=300))
def test_no_text_breaks_anything(text: str) -> None:
    """Every reader takes every text."""
    intents(text)
    order_numbers(text)
    is_only_thanks(text)
    wish_in(text)
    promised(text, NOW)
    asked_for(text, NOW)


@pytest.mark.parametrize(
    "piece",
    [
        "谢",
        "ok ",
        "k",
        "for your ",
        "do you have ",
        "我会",
        "1 and ",
        "between 1 and ",
        "#1",
        "在吗",
    ],
)
def test_no_long_text_takes_long(piece: str) -> None:
    """Patterns full of choices must not be tried in all their ways."""
    text = piece * (1000 // len(piece)) + "x"
    started = time.perf_counter()
    for read in (intents, is_only_thanks, wish_in, order_numbers):
        read(text)
        read(text[:119])

    assert time.perf_counter() - started < 0.5
