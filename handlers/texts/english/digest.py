"""English: the digest."""

WORDS: dict[str, str] = {
    "digest.title": "Daily digest · {day}",
    "digest.new_contacts": "New customers",
    "digest.messages_in": "Messages in",
    "digest.messages_out": "Messages out",
    "digest.opened": "Tickets opened",
    "digest.closed": "Tickets closed",
    "digest.waiting": "Waiting for us now",
    "digest.longest": "longest {length}",
    "digest.first_answer": "Median first answer",
    "digest.before": "{length} the day before",
    "digest.follow_ups": "Follow-ups due",
    "digest.missed": "{missed} missed",
    "digest.campaigns": "**Campaigns:** {sent} sent, {failed} failed, {unsure} unsure, {stopped} stopped",
    "digest.chart": "Messages, last 7 days",
    "digest.no_time": "“{text}” is no time of day. Like this: `/crm digest 9:00`; `/crm digest` alone shows yesterday.",
    "digest.set": "You get your digest every day at **{wall}** ({zone}).",
}
