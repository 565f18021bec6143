"""English: customers' records."""

WORDS: dict[str, str] = {
    "contact.added": "Saved: **{name}**",
    "contact.no_name": "A name is missing. Like this: `/crm add Anna Lee, Acme, +44 20 7946 0958`",
    "contact.address_taken": "{address} belongs to {name} already.",
    "contact.unknown": "I found nobody called “{name}”. `/crm add` writes somebody down.",
    "contact.found": "{count:match|matches} for “{query}”",
    "contact.which": "Several people may be “{name}”. Which one?",
    "contact.which_of": "I am not sure who “{name}” is. Similar: {names}. Give the whole name.",
    "contact.this_one": "I know no “{name}”. Did you mean this one?",
    "contact.nothing_done_yet": "Nothing has been done yet.",
    "contact.nothing_said": "Nothing has been said yet.",
    "contact.blocked": "has blocked the bot",
    "contact.said_stop": "said stop",
    "phone.wrong": "“{phone}” is not a phone number I understand. Write it with the country code: +44 20 7946 0958.",
    "email.wrong": "“{email}” is not an e-mail address.",
    "tag.wrong": "“{tag}” cannot be a tag. A tag is one word of letters, digits, - and _.",
    "tag.added": "**{name}** now has {tags}",
    "tag.removed": "**{name}** no longer has {tags}",
    "note.kept": "Noted about **{name}**. 🔒 It stays inside.",
    "note.empty": "There is nothing to note down.",
}
