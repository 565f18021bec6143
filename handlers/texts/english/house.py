"""English: how the house behaves and what went wrong."""

WORDS: dict[str, str] = {
    # Failure
    "failure": "Sorry, that went wrong on our side and nothing was changed. It is noted under number {number}; an admin sees it.",
    # Policies, troubles
    "policy.set": "{name} is **{value}** from now on.",
    "policy.unknown": "There is no policy {name}. `/crm policy` lists them.",
    "policy.number": "**{name}** wants a whole number from {least} to {most}.",
    "policy.words": "{name} can be one of: {words}",
    "troubles.none": "Nothing has failed and nothing is unsure. ✅",
    "trouble.row": "**{state}** · {door} · {at} · {why}",
    "outbox.queued": "queued",
    "outbox.asked": "asked about",
    "outbox.sending": "sending",
    "outbox.sent": "sent",
    "outbox.failed": "failed",
    "outbox.unsure": "unsure",
    "outbox.expired": "expired",
    "outbox.cancelled": "cancelled",
    "dead.row": "⚠️ A message from {door} ({at}) could not be handled. Number {number}: {error}",
    "dead.not_dead": "It has been dealt with already.",
    "dead.retried": "Number {number} is tried again.",
    "dead.discarded": "Number {number} is put away.",
    "absence": "I was not running from **{since}** to **{until}** ({length}). What was due goes out now, marked late.",
    "absence.long": "I was not running from **{since}** to **{until}** ({length}). Telegram keeps messages for 24 hours only: earlier ones are missing.",
    "alarm.token": "⚠️ {door} refuses our token ({why}). Nothing goes out there until it is mended: `rapport doctor` says how.",
}
