"""Chinese: people's own Telegram accounts that the bot answers for, and answers in doubt."""

WORDS: dict[str, str] = {
    "personal.connected": "**{name}** 连接了自己的 Telegram 账号。发给其本人的消息从现在起会在这里开工单，你们的回复以其名义发出。",
    "personal.no_right": "⚠️ **{name}** 连接了自己的 Telegram 账号，但没有允许我回复。在开启回复权限之前（Telegram → 设置 → 商务 → 聊天机器人）我只接收。",
    "personal.ended": "⚠️ **{name}** 的 Telegram 账号已断开连接。客户在那里写的不再进来，回复也无法以其名义发出。",
    "personal.refused": "我不会接收 **{name}** 账号的消息，也不会在那里发言。",
    "personal.deleted": "🗑 已在 Telegram 中删除：{text}",
    "answer.edit_unsure": "❓ 您的修改没有发给 **{name}**：无法确定那条消息本身是否送达。现在的内容：“{text}”。",
    "button.personal_refuse": "不接收",
    "answer.personal_ended": "⚠️ 这条没有送到 **{name}**：“{text}”。对方联系的个人账号已断开连接。",
    "answer.personal_no_right": "⚠️ 这条没有送到 **{name}**：“{text}”。对方联系的个人账号没有允许我回复。",
    "answer.personal_late": "⚠️ 这条没有送到 **{name}**：“{text}”。在个人账号里，Telegram 只允许我在客户最后一条消息后的 24 小时内回复；账号主人仍可亲自回复。",
}
