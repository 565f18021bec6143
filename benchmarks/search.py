"""Finding one of a million people by a name typed wrongly, beside comparing with every name.

`recall_at_5`: of the five names that come nearest in a comparison with all of them (the person
score: the whole text, or its words in order), how many are among our five; names that come equally
near count alike. What is typed stands nowhere in the index. `brute_ratio` is beside
`rapidfuzz.process.extract` with its usual scorer, `person_ratio` beside the bulk comparison that
the truth is made by. All is measured as time of the processor, which a busy machine stretches less
than time on the wall. With `--postgres` the same is asked of pg_trgm.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.fuzz import WRatio, ratio

from benchmarks.made_names import Maker, Typist
from benchmarks.pairs import percentile
from storage.finding import files
from storage.finding.building import built
from storage.finding.folding import folded, ways_to_type
from storage.finding.index import Index
from storage.finding.judging import in_order

PEOPLE = 1_000_000
QUERIES = 300
BRUTE = 6
TRIGRAMS = 60
FIVE = 5
SEED = 7


async def measure(
    people: int = PEOPLE, *, postgres: bool = False, seed: int = SEED
) -> dict[str, Any]:
    """`p50_ms`, `p99_ms`, `brute_ratio`, `recall_at_5`, `index_mb`; of pg_trgm `trgm_…`."""
    names = Maker(seed).names(people)
    began = time.perf_counter()
    index = built((text, id) for id, name in enumerate(names) for text in ways_to_type(name))
    build = time.perf_counter() - began
    ready, index = reloaded(index)
    typed = [folded(query) for query, _ in Typist(seed + 4).queries(names, QUERIES)]
    for query in typed[:20]:
        index.nearest(query, FIVE)
    ours, found = [], []
    for query in typed:
        began = time.thread_time()
        found.append(index.nearest(query, FIVE).scores)
        ours.append((time.thread_time() - began) * 1000)
    texts = [index.texts[number] for number in range(len(index.texts))]
    person, fifth = truth(typed, texts)
    recall = [
        min(FIVE, int((scores >= least - 0.001).sum())) / FIVE
        for scores, least in zip(found, fifth, strict=True)
    ]
    p50 = percentile(ours, 0.5)
    beside = {}
    if postgres:
        from benchmarks.trigrams import trigrams

        beside = trigrams(typed[:TRIGRAMS], fifth, texts)
    return {
        "p50_ms": round(p50, 2),
        "p99_ms": round(percentile(ours, 0.99), 2),
        "brute_ratio": round(brute(typed, texts) / p50, 1),
        "person_ratio": round(person / p50, 1),
        "recall_at_5": round(sum(recall) / len(recall), 4),
        "index_mb": round(files.size(index) / 1e6, 1),
        "build_s": round(build, 1),
        "ready_s": round(ready, 2),
        "people": people,
        **beside,
    }


def reloaded(index: Index) -> tuple[float, Index]:
    """How long a start takes to have the index, and the index as it comes from disk."""
    with tempfile.TemporaryDirectory(prefix="rapport-benchmark-") as folder:
        files.save(Path(folder) / "names", index, {"seen": 0, "whose": 0})
        began = time.perf_counter()
        loaded = files.load(Path(folder) / "names")
        assert loaded is not None
        loaded[0].nearest("anna lee", FIVE)
        return time.perf_counter() - began, loaded[0]


def truth(typed: list[str], texts: list[str]) -> tuple[float, list[float]]:
    """Milliseconds a query, and for each how near the fifth nearest text is."""
    sorted_texts = [in_order(text) for text in texts]
    taken, fifth = [], []
    for query in typed:
        began = time.thread_time()
        straight = process.cdist([query], texts, scorer=ratio, dtype=np.float32)[0]
        ordered = process.cdist([in_order(query)], sorted_texts, scorer=ratio, dtype=np.float32)[0]
        scores = np.maximum(straight, ordered)
        fifth.append(float(np.partition(scores, -FIVE)[-FIVE]))
        taken.append((time.thread_time() - began) * 1000)
    return percentile(taken, 0.5), fifth


def brute(typed: list[str], texts: list[str]) -> float:
    """Milliseconds for one query compared with everything in the usual way."""
    taken = []
    for query in typed[:BRUTE]:
        began = time.thread_time()
        process.extract(query, texts, scorer=WRatio, limit=FIVE)
        taken.append((time.thread_time() - began) * 1000)
    return percentile(taken, 0.5)
