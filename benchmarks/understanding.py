"""Filing by few examples, beside TF-IDF with logistic regression of scikit-learn's, on the same."""

import asyncio
import random
import statistics
import time
from typing import Any

from benchmarks.intents import LABELLED, TAUGHT, UNRELATED, examples, unseen
from handlers.understanding import train

ROUNDS = 12


async def measure() -> dict[str, Any]:
    """`accuracy` beside `baseline_accuracy`, how often it speaks, and how often it is right then.

    Means over some ways to part the texts into those that are learnt and those that are asked.
    """
    return await asyncio.to_thread(_measured)


def _measured() -> dict[str, Any]:
    rounds = [_round(*parted) for parted in _parted()]
    means = [statistics.mean(column) for column in zip(*rounds, strict=True)]
    names = ("accuracy", "baseline_accuracy", "spoken", "right_when_spoken", "spoken_of_unrelated")
    found = {name: round(value, 3) for name, value in zip(names, means, strict=False)}
    return found | {"train_ms": round(means[5], 1), "classify_us": round(means[6])}


def _parted() -> list[tuple[list[tuple[str, str]], list[tuple[str, str]]]]:
    parted = [(examples(), unseen())]
    for seed in range(1, ROUNDS):
        known, asked = [], []
        dice = random.Random(seed)
        for label, texts in LABELLED.items():
            shuffled = dice.sample(texts, len(texts))
            known += [(text, label) for text in shuffled[:TAUGHT]]
            asked += [(text, label) for text in shuffled[TAUGHT:]]
        parted.append((known, asked))
    return parted


def _round(known: list[tuple[str, str]], asked: list[tuple[str, str]]) -> tuple[float, ...]:
    started = time.perf_counter()
    classifier = train(known)
    trained = time.perf_counter()
    right = [classifier.ranked(text)[0][0] == label for text, label in asked]
    said = [(classifier.classify(text), label) for text, label in asked]
    took = (time.perf_counter() - trained) / len(asked) / 2
    spoken = [proposal.label == label for proposal, label in said if proposal is not None]
    unrelated = [classifier.classify(text) is not None for text in UNRELATED]
    return (
        statistics.mean(right),
        _baseline(known, asked),
        len(spoken) / len(asked),
        statistics.mean(spoken) if spoken else 1.0,
        statistics.mean(unrelated),
        (trained - started) * 1000,
        took * 1_000_000,
    )


def _baseline(known: list[tuple[str, str]], asked: list[tuple[str, str]]) -> float:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    pipeline.fit(*zip(*known, strict=True))
    return float(pipeline.score(*zip(*asked, strict=True)))
