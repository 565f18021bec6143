"""English: finding people."""

WORDS: dict[str, str] = {
    "found.sound": "by its sound",
    "found.nickname": "by a short name",
    "found.initials": "by the initials",
    "found.company": "works there",
    "found.tag": "by tag",
    "found.address": "by address",
    "found.phone": "by phone number",
    "found.order": "by order number",
    "found.filter": "fits the filter",
    "found.said": "{count:message|messages} with these words, of the newest {among}:",
    "found.not_all": "I am still reading the names: for a minute I find them only as they are written.",
    "filter.nobody": "I found nobody who fits “{filter}”.",
    "filter.wrong": "I do not understand “{filter}”. Like this: `tag:vip owner:me city:berlin spent>1000 silent>30d created>2026-01-31`",
}
