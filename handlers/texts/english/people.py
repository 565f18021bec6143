"""English: the team and who may do what."""

WORDS: dict[str, str] = {
    "access.stranger": "You are not part of this team's Rapport. Full members of the workspace are let in by themselves; guests and outside people are not. Ask an admin.",
    "access.denied": "That needs another role. Ask an admin to give it to you with `/crm role`.",
    "access.managers": "That needs another role: manager. An admin gives it to you with `/crm role @you manager`.",
    "access.admins": "That needs another role: admin. Another admin gives it to you with `/crm role @you admin`.",
    "admin.welcome": "You are the admin now. `/crm role @somebody manager` makes a manager, who may also send campaigns and gets the daily digest.",
    "admin.taken": "There is an admin already: `/crm team` shows who.",
    "admin.wrong_code": "That is not the code. It stands in the console in which Rapport was started.",
    "admin.last": "You are the only admin: make somebody else one first.",
    "role.agent": "agent",
    "role.manager": "manager",
    "role.admin": "admin",
    "role.set": "**{name}** is {role} now.",
    "team.title": "**The team**",
    "member.unknown": "I know no colleague called “{name}”. Whoever has typed `/crm` once is known.",
}
