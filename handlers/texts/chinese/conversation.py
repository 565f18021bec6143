"""Chinese: answers on their way to a customer."""

WORDS: dict[str, str] = {
    "answer.no_telegram": "**{name}** 没有和我们的 Telegram 对话，所以这条留在内部。",
    "answer.blocked": "⚠️ **{name}** 屏蔽了机器人，这条没有送达：“{text}”。对方再次来信后可以重发。",
    "answer.failed": "⚠️ 这条没有送到 **{name}**：“{text}”。Telegram 的回复：{why}",
    "answer.unsure": "❓ 这条可能没有送到 **{name}**：“{text}”。发送途中连接断了，Telegram 也无法告知。",
    "answer.sent_again": "已再发一次。",
    "answer.left": "保持原样。",
    "answer.cannot_resend": "无法重发：和这位客户没有对话。",
    "answer.again": "（以防上一条没有送到）",
}
