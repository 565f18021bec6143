"""Chinese: commands that were not understood."""

WORDS: dict[str, str] = {
    "command.form": "请在表单里填写：**{title}**",
    "command.unknown": "我不认识“{verb}”。`/crm help` 列出所有命令。",
    "command.did_you_mean": "我不认识“{verb}”。您是说 **{near}** 吗？",
    "command.no_text": "缺少内容。写法：`{usage}`",
    "command.no_more": "后面还缺内容。写法：`{usage}`",
    "command.no_when": "没有找到日期或时间。试试“明天下午三点”“两周后”或“11月30日9点”。",
    "command.no_contact": "是哪位客户？写法：`{usage}`",
    "command.no_ticket": "是哪张工单？请写编号：`{usage}`",
    "command.no_member": "是哪位同事？写法：`{usage}`",
    "command.no_tag": "是哪个标签？写法：`{usage}`",
    "command.no_role": "是哪个角色？可选：{roles}。",
    "button.unknown": "这个按钮属于旧版本。`/crm` 查看您的一天。",
    "button.gone": "这个按钮对应的内容已经不在了。",
}
