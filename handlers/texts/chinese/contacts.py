"""Chinese: customers' records."""

WORDS: dict[str, str] = {
    "contact.added": "已保存：**{name}**",
    "contact.no_name": "缺少姓名。写法：`/crm add 王小明, 某公司, +86 10 1234 5678`",
    "contact.address_taken": "{address} 已属于 {name}。",
    "contact.unknown": "没有找到“{name}”。用 `/crm add` 可以登记。",
    "contact.found": "“{query}”有 {count:条结果|条结果}",
    "contact.which": "“{name}”可能是下面几位，是哪一位？",
    "contact.which_of": "不确定“{name}”是谁。相近的有：{names}。请写全名。",
    "contact.this_one": "没有“{name}”。您是指这一位吗？",
    "contact.nothing_done_yet": "还没有做任何操作。",
    "contact.nothing_said": "还没有往来记录。",
    "contact.blocked": "已屏蔽机器人",
    "contact.said_stop": "已退订",
    "phone.wrong": "“{phone}”不是我能识别的电话号码。请带上国家代码：+86 10 1234 5678。",
    "email.wrong": "“{email}”不是邮箱地址。",
    "tag.wrong": "“{tag}”不能做标签。标签是一个词，可含文字、数字、- 和 _。",
    "tag.added": "**{name}** 现在有 {tags}",
    "tag.removed": "**{name}** 不再有 {tags}",
    "note.kept": "已记在 **{name}** 名下。🔒 仅内部可见。",
    "note.empty": "没有可记的内容。",
}
