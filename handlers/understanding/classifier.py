"""Files a text under the label that people gave to texts like it, or says nothing.

Ridge regression on TF-IDF, solved by its Gram matrix: few examples, many pieces. The solution
tells what it would have said of each example without having seen it, and from that follows when
to be silent.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.understanding.words import COMMON, pieces_of

# Fewer examples teach nothing that one could rely on.
FEWEST_EXAMPLES = 20
MOST_EXAMPLES = 1000
# How many of a hundred proposals are to be right, judged by the examples themselves.
RIGHT_OFTEN_ENOUGH = 0.93
LABEL_RIGHT_OFTEN_ENOUGH = 0.8
STIFFNESS = 0.5
MOST_REASONS = 3


@dataclass(frozen=True)
class Proposal:
    """A label for a text, how sure it is, and the words that weighed most."""

    label: str
    # The share of examples at least as clear as this one that were filed right.
    confidence: float
    reasons: tuple[str, ...] = ()


@dataclass
class Classifier:
    """What was learnt from examples."""

    labels: tuple[str, ...]
    count: int
    # How far the first label must be ahead of the second; infinite when nothing can be relied on.
    clear: float
    # Labels that must be further ahead, since they are proposed wrongly more often than others.
    clear_for: dict[str, float] = field(default_factory=dict)
    # The leads of the examples, each judged unseen, and whether they were right; longest first.
    _leads: list[tuple[float, bool]] = field(default_factory=list)
    _rarity: dict[str, float] = field(default_factory=dict)
    # For each piece its examples and its weight in them.
    _postings: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    # What each example counts for each label.
    _alpha: Any = None

    def classify(self, text: str) -> Proposal | None:
        """The label that a text should have, or None when that is not clear."""
        ranked = self.ranked(text)
        if not ranked:
            return None
        lead = ranked[0][1] - ranked[1][1]
        reasons = self._reasons(text, ranked)
        if lead < self.clear_for.get(ranked[0][0], self.clear) or not reasons:
            # What only sounds like the examples ("do you …") is no reason.
            return None
        return Proposal(ranked[0][0], self._confidence(lead), reasons)

    def ranked(self, text: str) -> list[tuple[str, float]]:
        """Every label with its score, best first, sure or not; empty when nothing was learnt."""
        if self._alpha is None:
            return []
        scores = self._likeness(self._weighed(text)) @ self._alpha
        order = sorted(range(len(self.labels)), key=lambda at: (-scores[at], at))
        return [(self.labels[at], float(scores[at])) for at in order]

    def _weighed(self, text: str) -> dict[str, float]:
        return _weighed(pieces_of(text), self._rarity)

    def _likeness(self, weighed: dict[str, float]) -> Any:
        import numpy as np

        known = [
            (self._postings[p], weight) for p, weight in weighed.items() if p in self._postings
        ]
        if not known:
            return np.zeros(self.count)
        at = np.concatenate([where for (where, _), _ in known])
        of = np.concatenate([their * weight for (_, their), weight in known])
        return np.bincount(at, of, self.count)

    def _confidence(self, lead: float) -> float:
        as_clear = [right for other, right in self._leads if other >= min(lead, self._leads[4][0])]
        return (sum(as_clear) + 1) / (len(as_clear) + 2)

    def _reasons(self, text: str, ranked: list[tuple[str, float]]) -> tuple[str, ...]:
        """The whole words that speak most for the first label and against the second."""
        first = self.labels.index(ranked[0][0])
        ahead = self._alpha[:, first] - self._alpha[:, self.labels.index(ranked[1][0])]
        counted = {}
        for piece, weight in self._weighed(text).items():
            if _is_telling(piece) and piece in self._postings:
                where, their = self._postings[piece]
                counted[piece] = weight * float(their @ ahead[where])
        most = sorted((word for word in counted if counted[word] > 0), key=lambda w: -counted[w])
        return tuple(most[:MOST_REASONS])


def _is_telling(piece: str) -> bool:
    return piece[0] != "~" and " " not in piece and piece not in COMMON


def _weighed(pieces: dict[str, float], rarity: dict[str, float]) -> dict[str, float]:
    """Pieces by how much they tell; words and parts of words have the same share of it."""
    weights = {piece: count * rarity.get(piece, 0.0) for piece, count in pieces.items()}
    found: dict[str, float] = {}
    for is_part in (False, True):
        block = {p: w for p, w in weights.items() if (p[0] == "~") is is_part}
        length = math.sqrt(sum(weight * weight for weight in block.values())) or 1.0
        found |= {piece: weight / length * math.sqrt(0.5) for piece, weight in block.items()}
    return found


def train(examples: Iterable[tuple[str, str]]) -> Classifier:
    """Learn from texts with their labels, the newest first; the same one twice counts once."""
    known = list(dict.fromkeys((text.strip(), label) for text, label in examples if text.strip()))
    known = known[:MOST_EXAMPLES]
    labels = tuple(sorted({label for _, label in known}))
    silent = Classifier(labels, len(known), math.inf)
    if len(known) < FEWEST_EXAMPLES or len(labels) < 2:
        return silent
    return _trained(silent, known)


def _trained(classifier: Classifier, known: Sequence[tuple[str, str]]) -> Classifier:
    import numpy as np

    pieces = [pieces_of(text) for text, _ in known]
    classifier._rarity = _rarity_of(pieces)
    weighed = [_weighed(each, classifier._rarity) for each in pieces]
    where: dict[str, list[int]] = {}
    for at, each in enumerate(weighed):
        for piece in each:
            where.setdefault(piece, []).append(at)
    classifier._postings = {
        piece: (np.array(them), np.array([weighed[at][piece] for at in them]))
        for piece, them in where.items()
    }
    alike = np.array([classifier._likeness(each) for each in weighed])
    wanted = np.zeros((len(known), len(classifier.labels)))
    for at, (_, label) in enumerate(known):
        wanted[at, classifier.labels.index(label)] = 1.0
    inverse = np.linalg.inv(alike + STIFFNESS * np.eye(len(known)))
    classifier._alpha = inverse @ wanted
    # What each example would have been called, had it not been among the examples.
    unseen = wanted - classifier._alpha / np.diag(inverse)[:, None]
    classifier._leads = sorted(_leads(unseen, wanted), reverse=True)
    classifier.clear = _clear_from(classifier._leads)
    classifier.clear_for = _clear_for(classifier, unseen, wanted)
    return classifier


def _rarity_of(pieces: list[dict[str, float]]) -> dict[str, float]:
    """How much it tells that a text has a piece: the fewer have it, the more."""
    having: dict[str, int] = {}
    for each in pieces:
        for piece in each:
            having[piece] = having.get(piece, 0) + 1
    return {p: math.log((1 + len(pieces)) / (1 + count)) + 1 for p, count in having.items()}


def _leads(unseen: Any, wanted: Any) -> list[tuple[float, bool]]:
    ordered = unseen.copy()
    ordered.sort(axis=1)
    leads = ordered[:, -1] - ordered[:, -2]
    right = unseen.argmax(axis=1) == wanted.argmax(axis=1)
    return [(float(lead), bool(each)) for lead, each in zip(leads, right, strict=True)]


def _clear_for(classifier: Classifier, unseen: Any, wanted: Any) -> dict[str, float]:
    """The lead that each label needs for itself: a common one may hide that a rare one errs."""
    proposed: dict[str, list[tuple[float, bool]]] = {}
    for first, judged in zip(unseen.argmax(axis=1), _leads(unseen, wanted), strict=True):
        if judged[0] >= classifier.clear:
            proposed.setdefault(classifier.labels[int(first)], []).append(judged)
    return {label: _own_clear(sorted(leads, reverse=True)) for label, leads in proposed.items()}


def _own_clear(leads: list[tuple[float, bool]]) -> float:
    right = 0
    clear = math.inf
    for count, (lead, is_right) in enumerate(leads, 1):
        right += is_right
        if right >= LABEL_RIGHT_OFTEN_ENOUGH * count:
            clear = lead
    return clear


def _clear_from(leads: list[tuple[float, bool]]) -> float:
    """The shortest lead from which on proposals are right often enough; infinite when none is."""
    right = 0
    clear = math.inf
    for count, (lead, is_right) in enumerate(leads, 1):
        right += is_right
        if (right + 1) / (count + 2) >= RIGHT_OFTEN_ENOUGH:
            clear = lead
    return clear
