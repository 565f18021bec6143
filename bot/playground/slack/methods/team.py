"""api.*, auth.*, apps.*, users.*, bots.* and team.*: who is who."""

from bot.playground.slack.calls import Call, method
from bot.playground.slack.wire import ApiError, Json


@method("api.test")
def api_test(call: Call) -> Json:
    args = {name: value for name, value in call.args.items() if name != "token"}
    if error := call.text("error"):
        raise ApiError(error, args=args)
    return {"args": args}


@method("auth.test")
def auth_test(call: Call) -> Json:
    workspace = call.workspace
    return {
        "url": f"https://{workspace.team_domain}.slack.com/",
        "team": workspace.team_name,
        "user": workspace.bot_name.lower(),
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "app_id": workspace.app_id,
        "is_enterprise_install": False,
    }


@method("team.info")
def team_info(call: Call) -> Json:
    workspace = call.workspace
    team = {"id": workspace.team_id, "name": workspace.team_name, "domain": workspace.team_domain}
    return {"team": team | {"email_domain": "", "icon": {"image_default": True}}}


@method("bots.info")
def bots_info(call: Call) -> Json:
    workspace = call.workspace
    if call.text("bot", workspace.bot_id) != workspace.bot_id:
        raise ApiError("bot_not_found")
    bot: Json = {"id": workspace.bot_id, "deleted": False, "name": workspace.bot_name}
    bot |= {"app_id": workspace.app_id, "user_id": workspace.bot_user_id, "icons": {}}
    return {"bot": bot}


@method("users.info")
def users_info(call: Call) -> Json:
    return {"user": call.member().as_slack()}


@method("users.list")
def users_list(call: Call) -> Json:
    everyone = [member.as_slack() for member in call.workspace.members.values()]
    page, more = call.page(everyone, default=1000)
    return {"members": page, "cache_ts": call.workspace.stamps.epoch(), "response_metadata": more}


@method("users.lookupByEmail")
def lookup_by_email(call: Call) -> Json:
    email = call.text("email").lower()
    for member in call.workspace.members.values():
        if email and (member.email or "").lower() == email and not member.deleted:
            return {"user": member.as_slack()}
    raise ApiError("users_not_found")


@method("users.profile.get")
def profile(call: Call) -> Json:
    return {"profile": call.member().profile()}


@method("users.getPresence")
def presence(call: Call) -> Json:
    call.member()
    return {"presence": "active"}
