"""Chinese: the digest."""

WORDS: dict[str, str] = {
    "digest.title": "日报 · {day}",
    "digest.new_contacts": "新客户",
    "digest.messages_in": "收到消息",
    "digest.messages_out": "发出消息",
    "digest.opened": "新开工单",
    "digest.closed": "结束工单",
    "digest.waiting": "现在等我们的",
    "digest.longest": "最久 {length}",
    "digest.first_answer": "首次答复中位数",
    "digest.before": "前一天 {length}",
    "digest.follow_ups": "到期跟进",
    "digest.missed": "{missed} 项未做",
    "digest.campaigns": "**群发：**已发送 {sent}，失败 {failed}，不确定 {unsure}，退订 {stopped}",
    "digest.chart": "最近 7 天的消息",
    "digest.no_time": "“{text}”不是时刻。写法：`/crm 日报 9:00`；只写 `/crm 日报` 看昨天的数字。",
    "digest.set": "您每天 **{wall}**（{zone}）会收到日报。",
}
