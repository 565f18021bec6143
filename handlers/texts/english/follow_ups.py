"""English: follow-ups and my day."""

WORDS: dict[str, str] = {
    # Follow-ups
    "follow_up.again": "🔁 Then **{then}**, **{after}** and so on.",
    "follow_up.set": "⏰ I'll remind you **{at}** ({zone}): {text}",
    "follow_up.set_about": "⏰ I'll remind you **{at}** ({zone}) about **{name}**: {text}",
    "follow_up.contact_them": "get in touch",
    "follow_up.too_far": "That is more than ten years from now. Give an earlier time.",
    "follow_up.past": "{at} is over. Give a time to come.",
    "follow_up.over": "That follow-up is done.",
    "follow_up.due": "⏰ **{text}**",
    "follow_up.due_about": "⏰ **{name}**: {text}",
    "follow_up.late": "This is {length} late: it could not come before.",
    "follow_up.done": "✅ Done: {text}",
    "follow_up.done_this_time": "✅ Done: {text}. It comes again **{at}**.",
    "follow_up.ended": "⏹️ It does not come again: {text}",
    "follow_up.snooze_how_long": "⏰ Remind you again when? {text}",
    "follow_up.snoozed": "💤 I'll remind you again **{at}**: {text}",
    "zone.unknown": "“{zone}” is not a time zone. One is called Europe/Berlin or Asia/Shanghai.",
    # My day
    "day.title": "Your day · {day}",
    "day.follow_ups": "**{count:follow-up|follow-ups}**",
    "day.mine": "**{count:ticket|tickets} of yours**",
    "day.free": "**{count:ticket|tickets} nobody has taken**",
    "day.nothing": "Nothing is due and nobody is waiting for you. 🌤️",
    "day.hint": "`/crm help` shows what you can type.",
}
