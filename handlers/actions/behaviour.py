"""What customers do with products: views, purchases elsewhere, reviews; for imports and programs.

An order is a purchase by itself and needs no event beside it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.actions.access import Permission, action
from storage.errors import Refused
from storage.records import (
    Behaviour,
    BehaviourEvent,
    Contact,
    Feedback,
    FeedbackKind,
    Product,
)
from storage.work import Work

LONGEST = 4000
BEST = 5


@dataclass(frozen=True)
class Did:
    """One thing that somebody did: what, with which product, when, and whatever else is known."""

    kind: Behaviour
    product: Product | None = None
    at: datetime | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@action(Permission.SERVE)
def record_behaviour(work: Work, contact: Contact, did: Did) -> BehaviourEvent:
    """Note what a customer did; nothing happens in the future."""
    return work.add(
        BehaviourEvent(
            contact_id=contact.id,
            product_id=did.product.id if did.product else None,
            kind=did.kind,
            detail=dict(did.detail),
            at=min(did.at or work.now, work.now),
        )
    )


@action(Permission.SERVE, audited=True)
def review(
    work: Work, contact: Contact, score: int, text: str, product: Product | None = None
) -> Feedback:
    """Write down what somebody says of a product or of us: 1 (bad) to 5 (good), and words."""
    if not 1 <= score <= BEST:
        raise Refused("review.no_score")
    record_behaviour(work, contact, Did(Behaviour.REVIEW, product, detail={"score": score}))
    return work.add(
        Feedback(
            contact_id=contact.id,
            kind=FeedbackKind.REVIEW,
            score=score,
            text=text[:LONGEST],
            at=work.now,
            product_id=product.id if product else None,
        )
    )


@action(Permission.SERVE, audited=True)
def suggestion(work: Work, contact: Contact, text: str) -> Feedback:
    """Write down what a customer would have us do."""
    if not text.strip():
        raise Refused("suggestion.empty")
    return work.add(
        Feedback(
            contact_id=contact.id,
            kind=FeedbackKind.SUGGESTION,
            text=text.strip()[:LONGEST],
            at=work.now,
        )
    )
