"""English: people's own Telegram accounts that the bot answers for, and answers in doubt."""

WORDS: dict[str, str] = {
    "personal.connected": "**{name}** has connected their own Telegram account. What is written to them opens requests here from now on, and your answers go out in their name.",
    "personal.no_right": "⚠️ **{name}** has connected their own Telegram account, but does not let me write there. I only listen until they allow replies (Telegram → Settings → Business → Chatbots).",
    "personal.ended": "⚠️ The Telegram account of **{name}** is not connected any more. What customers write there no longer comes here, and answers cannot go out in their name.",
    "personal.refused": "I do not listen to the account of **{name}**, and write nothing there.",
    "personal.deleted": "🗑 deleted in Telegram: {text}",
    "answer.edit_unsure": "❓ Your change has not gone to **{name}**: nobody can know whether the line itself arrived. It reads now: “{text}”.",
    "button.personal_refuse": "Do not listen",
    "answer.personal_ended": "⚠️ This did not reach **{name}**: “{text}”. They wrote to a personal account that is not connected any more.",
    "answer.personal_no_right": "⚠️ This did not reach **{name}**: “{text}”. The owner of the account that they wrote to does not let me write there.",
    "answer.personal_late": "⚠️ This did not reach **{name}**: “{text}”. In a personal account Telegram lets me answer only within 24 hours after the customer's last message; its owner can still write by hand.",
}
