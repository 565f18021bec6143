"""The same names asked of PostgreSQL's pg_trgm, the usual way to find one typed wrongly."""

import time
from typing import Any

from sqlalchemy import create_engine, make_url, text

from benchmarks.pairs import percentile
from storage.finding.judging import likeness
from tests.postgres import server

FIVE = 5
AT_ONCE = 20_000
# Below this likeness pg_trgm does not look; so many of the likest are compared as persons' names.
LIMIT, KEPT = 0.3, 200
_ASKED = text(
    "SELECT name FROM names WHERE name % :typed ORDER BY similarity(name, :typed) DESC LIMIT :kept"
)


def trigrams(typed: list[str], fifth: list[float], texts: list[str]) -> dict[str, Any]:
    """`trgm_p50_ms`, `trgm_p99_ms`, `trgm_recall_at_5`, `trgm_index_mb`."""
    taken, recall = [], []
    with server() as found:
        url = make_url(found.empty()).set(drivername="postgresql+psycopg")
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION pg_trgm"))
            connection.execute(text("CREATE TABLE names (name text)"))
            for start in range(0, len(texts), AT_ONCE):
                rows = [{"name": name} for name in texts[start : start + AT_ONCE]]
                connection.execute(text("INSERT INTO names VALUES (:name)"), rows)
            connection.execute(text("CREATE INDEX likest ON names USING gin (name gin_trgm_ops)"))
            connection.execute(text(f"SET pg_trgm.similarity_threshold = {LIMIT}"))
            size = connection.scalar(text("SELECT pg_relation_size('likest')")) or 0
            for query, least in zip(typed, fifth, strict=False):
                began = time.perf_counter()
                rows_found = connection.execute(_ASKED, {"typed": query, "kept": KEPT})
                scores = [likeness(query, name) for (name,) in rows_found]
                taken.append((time.perf_counter() - began) * 1000)
                best = sorted(scores, reverse=True)[:FIVE]
                recall.append(sum(score >= least - 0.001 for score in best) / FIVE)
        engine.dispose()
    return {
        "trgm_p50_ms": round(percentile(taken, 0.5), 2),
        "trgm_p99_ms": round(percentile(taken, 0.99), 2),
        "trgm_recall_at_5": round(sum(recall) / len(recall), 4),
        "trgm_index_mb": round(size / 1e6, 1),
    }
