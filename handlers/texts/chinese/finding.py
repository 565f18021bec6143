"""Chinese: finding people."""

WORDS: dict[str, str] = {
    "found.sound": "读音相符",
    "found.nickname": "昵称相符",
    "found.initials": "首字母相符",
    "found.company": "在该公司",
    "found.tag": "标签相符",
    "found.address": "联系方式相符",
    "found.phone": "电话相符",
    "found.order": "订单号相符",
    "found.filter": "符合筛选条件",
    "found.said": "最近 {among} 条消息中，{count:条消息|条消息}提到：",
    "found.not_all": "姓名索引还在建立，一分钟内只能按原文查找。",
    "filter.nobody": "没有找到符合“{filter}”的客户。",
    "filter.wrong": "看不懂“{filter}”。可以这样写：`tag:vip owner:me city:berlin spent>1000 silent>30d created>2026-01-31`",
}
