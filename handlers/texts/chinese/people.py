"""Chinese: the team and who may do what."""

WORDS: dict[str, str] = {
    "access.stranger": "您不在本团队的 Rapport 名单里。工作区正式成员会自动加入，访客和外部人员不会。请联系管理员。",
    "access.denied": "这需要其他角色。请管理员用 `/crm role` 为您开通。",
    "access.managers": "只有经理可以这样做。请管理员为您开通：`/crm role @您 manager`。",
    "access.admins": "只有管理员可以这样做。请管理员为您开通：`/crm role @您 admin`。",
    "admin.welcome": "您现在是管理员了。`/crm role @某人 manager` 可设经理，经理可以群发并收到日报。",
    "admin.taken": "已经有管理员了：`/crm team` 可以查看。",
    "admin.wrong_code": "代码不对。它显示在启动 Rapport 的控制台里。",
    "admin.last": "您是唯一的管理员，请先指定另一位。",
    "role.agent": "客服",
    "role.manager": "经理",
    "role.admin": "管理员",
    "role.set": "**{name}** 现在是{role}。",
    "team.title": "**团队**",
    "member.unknown": "没有叫“{name}”的同事。输入过一次 `/crm` 的人我才认识。",
}
