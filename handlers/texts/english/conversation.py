"""English: answers on their way to a customer."""

WORDS: dict[str, str] = {
    "answer.no_telegram": "**{name}** has no Telegram chat with us, so this stayed inside.",
    "answer.blocked": "⚠️ **{name}** has blocked the bot, so this did not arrive: “{text}”. It can be sent when they write again.",
    "answer.failed": "⚠️ This did not reach **{name}**: “{text}”. Telegram says: {why}",
    "answer.unsure": "❓ This may not have reached **{name}**: “{text}”. The connection broke while it was being sent, and Telegram cannot tell.",
    "answer.sent_again": "Sent once more.",
    "answer.left": "Left as it is.",
    "answer.cannot_resend": "That cannot be sent again: there is no chat with this customer.",
    "answer.again": "(in case the last message did not reach you)",
}
