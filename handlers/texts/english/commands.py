"""English: commands that were not understood."""

WORDS: dict[str, str] = {
    "command.form": "That is filled in in a form: **{title}**",
    "command.unknown": "I don't know “{verb}”. `/crm help` shows what you can type.",
    "command.did_you_mean": "I don't know “{verb}”. Did you mean **{near}**?",
    "command.no_text": "Something is missing behind it. Like this: `{usage}`",
    "command.no_more": "Something is missing behind it. Like this: `{usage}`",
    "command.no_when": "I found no date or time in it. Try “tomorrow 3pm”, “in 2 weeks” or “30 Nov 9:00”.",
    "command.no_contact": "Whom do you mean? Like this: `{usage}`",
    "command.no_ticket": "Which ticket? Give its number, like this: `{usage}`",
    "command.no_member": "Which colleague? Like this: `{usage}`",
    "command.no_tag": "Which tag? Like this: `{usage}`",
    "command.no_role": "Which role? One of {roles}.",
    "button.unknown": "That button belongs to an older version. `/crm` shows your day.",
    "button.gone": "What that button was about is gone.",
}
