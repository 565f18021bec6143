// A message at the desk: author, text or blocks, files, reactions, its thread and what can be done with it.

import { appAvatar, avatar } from "./avatars.js";
import { blocks, picture } from "./blocks.js";
import { member, slackFile } from "./clouds.js";
import { h } from "./dom.js";
import { QUICK, emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { confirmFirst, openEmoji, openMenu } from "./menu.js";
import { memberName, mrkdwn, plain, withEmoji } from "./mrkdwn.js";
import { changed, clouds, goTo, me, memberById } from "./state.js";
import { messageSurface } from "./surfaces.js";
import { bytes, clockTime, dayName, fromTs, longDate } from "./times.js";
import { w } from "./words.js";

let editing = null;

export const editingTs = () => editing;

function authorOf(message) {
  if (message.username) return message.username;
  return memberName(message.user);
}

function faceOf(message, kind = "") {
  const name = authorOf(message);
  if (message.icon?.startsWith(":")) {
    const character = emoji(message.icon.replace(/:/g, ""));
    if (character) return avatar(name, { kind: `square emoji-face ${kind}`, character });
  }
  if (message.icon?.startsWith("/"))
    return avatar(name, { kind: `square ${kind}`, src: message.icon });
  if (message.bot && !message.username) return appAvatar(`square ${kind}`);
  return avatar(name, { seed: message.username ? name : message.user, kind: `square ${kind}` });
}

function attachment(content, surface) {
  const colour = /^#?[0-9a-f]{6}$/i.test(content.color ?? "")
    ? `#${content.color.replace("#", "")}`
    : null;
  const named = { good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" }[content.color];
  return h(
    "div",
    { class: "attachment", style: { "--bar": colour ?? named ?? "var(--line)" } },
    content.pretext && h("div", {}, mrkdwn(content.pretext)),
    content.author_name && h("div", { class: "small" }, content.author_name),
    content.title && h("strong", {}, withEmoji(plain(content.title))),
    content.text && h("div", { class: "section-text" }, mrkdwn(content.text)),
    content.fields &&
      h(
        "div",
        { class: "fields" },
        content.fields.map((each) =>
          h("div", {}, h("strong", {}, each.title), h("br", {}), mrkdwn(String(each.value))),
        ),
      ),
    content.blocks && h("div", { class: "blocks" }, blocks(content.blocks, surface)),
    content.footer && h("div", { class: "small" }, content.footer),
  );
}

function sharedFile(file) {
  const address = slackFile(file);
  if (file.mimetype?.startsWith("image/"))
    return h(
      "figure",
      { class: "shared-image" },
      h("figcaption", { class: "small" }, file.name),
      picture(address, file.name),
    );
  if (file.mimetype?.startsWith("audio/"))
    return h(
      "figure",
      { class: "shared-file wide" },
      h("audio", { controls: true, src: address, preload: "none" }),
      h("span", { class: "small" }, file.name),
    );
  return h(
    "a",
    { class: "shared-file", href: address, download: file.name },
    h("span", { class: "file-mark" }, icon("file", 20)),
    h("span", {}, h("strong", {}, file.name), h("span", { class: "small" }, bytes(file.size))),
  );
}

function reactions(message, channel) {
  if (!message.reactions?.length) return null;
  const mine = (users) => users.includes(me()?.id);
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map(({ name, users }) =>
      h(
        "button",
        {
          type: "button",
          class: `reaction ${mine(users) ? "mine" : ""}`,
          title: users.map(memberName).join(", "),
          "aria-label": `${name}: ${users.length}`,
          "aria-pressed": mine(users) ? "true" : "false",
          data: { focus: `${message.ts}-${name}` },
          onclick: () => react(message, channel, name, mine(users)),
        },
        emoji(name) ?? `:${name}:`,
        h("span", {}, users.length),
      ),
    ),
  );
}

function react(message, channel, name, remove = false) {
  return member("react", { channel: channel.id, ts: message.ts, name, remove });
}

function repliesLink(message, channel) {
  if (!message.reply_count) return null;
  const replies = channel.messages.filter(
    (each) => each.thread_ts === message.ts && each.ts !== message.ts,
  );
  const last = replies.at(-1);
  const authors = [...new Map(replies.map((each) => [authorOf(each), each])).values()].slice(0, 4);
  return h(
    "button",
    {
      type: "button",
      class: "replies",
      data: { focus: `replies-${message.ts}` },
      onclick: () => goTo(channel.id, message.ts),
    },
    authors.map((each) => faceOf(each, "tiny")),
    h("b", {}, w("replies", message.reply_count)),
    last &&
      h(
        "span",
        { class: "small" },
        `${w("lastReply")} ${dayName(fromTs(last.ts)).toLowerCase()} ${clockTime(fromTs(last.ts))}`,
      ),
  );
}

async function remove(message, channel) {
  const sure = await confirmFirst({
    title: w("deleteMessage"),
    text: w("deleteSure"),
    agree: w("deleteMessage"),
    danger: true,
  });
  if (sure) member("delete", { channel: channel.id, ts: message.ts });
}

function moreMenu(anchor, message, channel) {
  const own = message.user === me()?.id && !message.bot;
  const shortcuts = clouds.slack.shortcuts.filter((each) => each.type === "message");
  const run =
    ({ callback_id: callbackId, name }) =>
    () =>
      member("shortcut", {
        callback_id: callbackId,
        channel: channel.id,
        ts: message.ts,
        label: name,
      });
  const edit = () => {
    editing = message.ts;
    changed();
  };
  openMenu(anchor, w("moreActions"), [
    ...shortcuts.map((each) => ({
      label: each.name,
      icon: "bolt",
      hint: clouds.slack.bot.name,
      pick: run(each),
    })),
    {
      label: w("replyInThread"),
      icon: "thread",
      pick: () => goTo(channel.id, message.thread_ts || message.ts),
    },
    ...(own ? [{ label: w("editMessage"), icon: "edit", pick: edit }] : []),
    ...(own
      ? [
          {
            label: w("deleteMessage"),
            icon: "trash",
            danger: true,
            pick: () => remove(message, channel),
          },
        ]
      : []),
  ]);
}

function toolbar(message, channel, inThread) {
  const tool = (label, mark, onclick) =>
    h(
      "button",
      {
        type: "button",
        "aria-label": label,
        title: label,
        onclick: (event) => onclick(event.currentTarget),
      },
      icon(mark, 18),
    );
  const addReaction = (anchor) =>
    openEmoji(
      anchor,
      QUICK.map((name) => [name, emoji(name)]),
      (name) => react(message, channel, name),
    );
  const quick = ["white_check_mark", "eyes"].map((name) =>
    h(
      "button",
      {
        type: "button",
        "aria-label": name,
        title: name,
        onclick: () => react(message, channel, name),
      },
      emoji(name),
    ),
  );
  return h(
    "div",
    { class: "toolbar" },
    quick,
    tool(w("addReaction"), "smile", addReaction),
    !inThread &&
      tool(w("replyInThread"), "thread", () => goTo(channel.id, message.thread_ts || message.ts)),
    tool(w("moreActions"), "more", (anchor) => moreMenu(anchor, message, channel)),
  );
}

function editor(message, channel) {
  const done = () => {
    editing = null;
    changed();
  };
  const box = h("textarea", {
    class: "input",
    rows: 2,
    value: plain(message.text),
    "aria-label": w("editMessage"),
    autofocus: true,
  });
  const save = () => {
    member("edit", { channel: channel.id, ts: message.ts, text: box.value });
    done();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") done();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    save();
  });
  return h(
    "div",
    { class: "editor" },
    box,
    h("button", { type: "button", class: "button", onclick: done }, w("cancel")),
    h("button", { type: "button", class: "button primary", onclick: save }, w("save")),
  );
}

function content(message, channel) {
  if (editing === message.ts) return editor(message, channel);
  const surface = messageSurface(message, channel);
  const edited = message.edited && h("span", { class: "edited" }, ` (${w("edited")})`);
  const shown = message.blocks?.length
    ? h("div", { class: "blocks" }, blocks(message.blocks, surface), edited)
    : message.text && h("div", { class: "text" }, mrkdwn(message.text), edited);
  return [
    shown,
    (message.attachments ?? []).map((each) => attachment(each, surface)),
    (message.files ?? []).map(sharedFile),
  ];
}

/** Messages of one author within five minutes share one name and face. */
export function follows(message, before) {
  if (!before || message.ephemeral_for || before.ephemeral_for || message.reply_count) return false;
  const near = parseFloat(message.ts) - parseFloat(before.ts) < 300;
  return (
    near && authorOf(message) === authorOf(before) && Boolean(message.bot) === Boolean(before.bot)
  );
}

export function post(message, channel, { compact = false, inThread = false } = {}) {
  const moment = fromTs(message.ts);
  const time = h(
    "time",
    { datetime: moment.toISOString(), title: longDate(moment), class: "when" },
    clockTime(moment),
  );
  const guest = memberById(message.user)?.guest;
  return h(
    "article",
    {
      class: `post ${compact ? "compact" : ""} ${message.ephemeral_for ? "ephemeral" : ""}`,
      data: { ts: message.ts },
      "aria-label": `${authorOf(message)} ${clockTime(moment)}`,
    },
    h("div", { class: "gutter" }, compact ? time : faceOf(message)),
    h(
      "div",
      { class: "post-main" },
      message.ephemeral_for && h("div", { class: "only-you" }, icon("eye", 14), w("onlyYou")),
      !compact &&
        h(
          "div",
          { class: "byline" },
          h("strong", {}, authorOf(message)),
          message.bot && h("span", { class: "tag" }, w("app")),
          guest && h("span", { class: "tag" }, "GUEST"),
          time,
        ),
      content(message, channel),
      reactions(message, channel),
      !inThread && repliesLink(message, channel),
    ),
    !message.ephemeral_for && toolbar(message, channel, inThread),
  );
}
