// The staff's side: who sits there, the channels, what is said in them, threads and the App Home.

import { appAvatar, avatar } from "./avatars.js";
import { blocks } from "./blocks.js";
import { member } from "./clouds.js";
import { buildComposer } from "./composer.js";
import { h, keyed, show, stickToEnd } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { editingTs, follows, post } from "./posts.js";
import {
  changed,
  clouds,
  currentChannel,
  goTo,
  isReply,
  markChannelSeen,
  me,
  myChannels,
  onChange,
  openThread,
  staff,
  unreadIn,
  view,
  visibleTo,
} from "./state.js";
import { homeSurface } from "./surfaces.js";
import { dayName, fromTs, sameDay, zone } from "./times.js";
import { w } from "./words.js";

let parts = null;
let jumps = {};
let shownPlace = "";
let shownThread = "";

const titleOf = (channel) => (channel.is_im ? clouds.slack.bot.name : channel.name);

export function typeAtDesk(text, inThread = false) {
  const composer = inThread && openThread() ? parts.threadComposer : parts.composer;
  composer.box.put(text);
  composer.box.focus();
}

function memberMenu(event) {
  openMenu(
    event.currentTarget,
    w("whoAmI"),
    staff().map((each) => ({
      label: each.real_name || each.name,
      lead: avatar(each.real_name || each.name, { seed: each.id, kind: "square tiny" }),
      hint: each.guest ? "guest" : each.tz?.split("/").at(-1).replace("_", " "),
      mark: each.id === me()?.id,
      pick: () => {
        view.member = each.id;
        view.tab = "messages";
        changed();
      },
    })),
  );
}

function openHome(channel) {
  goTo(channel.id, null, "home");
  member("home");
}

function scrolling(label) {
  const list = h("div", { class: "posts", role: "log", "aria-label": label });
  const scroller = h("div", { class: "posts-scroller", tabindex: 0 }, list);
  return { list, scroller, jump: stickToEnd(scroller, list) };
}

export function buildDesk(root, again) {
  const main = scrolling(w("messages"));
  const thread = scrolling(w("thread"));
  const place = () => ({ channel: currentChannel()?.id });
  const threadPlace = () => ({ channel: openThread()?.channel, thread_ts: openThread()?.ts });
  parts = {
    root,
    sidebar: h("nav", { class: "sidebar", "aria-label": w("channels") }),
    head: h("div", { class: "desk-head" }),
    list: main.list,
    scroller: main.scroller,
    home: h("div", { class: "home", tabindex: 0 }),
    composer: buildComposer(place),
    threadHead: h("div", { class: "desk-head" }),
    threadList: thread.list,
    threadComposer: buildComposer(threadPlace, { thread: true }),
  };
  parts.main = h(
    "div",
    { class: "desk-main" },
    parts.head,
    main.scroller,
    parts.home,
    parts.composer,
  );
  parts.threadPane = h(
    "aside",
    { class: "thread-pane", "aria-label": w("thread"), hidden: true },
    parts.threadHead,
    thread.scroller,
    parts.threadComposer,
  );
  jumps = { main: main.jump, thread: thread.jump };
  root.replaceChildren(h("div", { class: "window" }, parts.sidebar, parts.main, parts.threadPane));
  shownPlace = "";
  shownThread = "";
  if (!again) onChange(paint);
}

function channelButton({ id, title, unread, active, isPrivate, isIm }) {
  return h(
    "button",
    {
      type: "button",
      class: `channel ${active ? "active" : ""} ${unread ? "unread" : ""}`,
      "aria-current": active ? "page" : null,
      "aria-label": unread ? `${title} (${unread})` : title,
      data: { focus: `channel-${id}` },
      onclick: () => goTo(id),
    },
    isIm ? appAvatar("square tiny") : icon(isPrivate ? "lock" : "hash", 16),
    h("span", { class: "channel-name" }, title),
    isIm && h("span", { class: "tag" }, w("app")),
    unread > 0 && h("span", { class: "count" }, unread),
  );
}

function paintSidebar() {
  const active = currentChannel();
  const rows = myChannels().map((channel) => ({
    id: channel.id,
    title: titleOf(channel),
    unread: channel.id === active?.id && view.tab === "messages" ? 0 : unreadIn(channel),
    active: channel.id === active?.id,
    isPrivate: channel.is_private,
    isIm: channel.is_im,
  }));
  const who = me();
  const facts = [rows, who, clouds.slack.team.name, staff().length, view.language];
  show(parts.sidebar, JSON.stringify(facts), () => [
    h("div", { class: "workspace" }, h("strong", {}, clouds.slack.team.name || "Slack")),
    h(
      "div",
      { class: "channel-list" },
      h("h2", {}, w("channels")),
      rows.filter((row) => !row.isIm).map(channelButton),
      rows.some((row) => row.isIm) && h("h2", {}, w("directMessages")),
      rows.filter((row) => row.isIm).map(channelButton),
    ),
    who &&
      h(
        "button",
        {
          type: "button",
          class: "who",
          "aria-label": `${w("whoAmI")} ${who.real_name || who.name}`,
          "aria-haspopup": "menu",
          data: { focus: "who" },
          onclick: memberMenu,
        },
        avatar(who.real_name || who.name, { seed: who.id, kind: "square" }),
        h(
          "span",
          { class: "who-name" },
          h("b", {}, who.real_name || who.name),
          h("span", {}, zone().split("/").at(-1).replace("_", " ")),
        ),
        icon("down", 16),
      ),
  ]);
}

function tabs(channel) {
  const tab = (name) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": view.tab === name ? "true" : "false",
        data: { focus: `tab-${name}` },
        onclick: () => (name === "home" ? openHome(channel) : goTo(channel.id)),
      },
      w(name),
    );
  return h("div", { class: "tabs", role: "tablist" }, tab("home"), tab("messages"));
}

function paintHead(channel) {
  show(
    parts.head,
    JSON.stringify([channel?.id, channel?.name, channel?.topic, view.tab, view.language]),
    () =>
      channel && [
        h(
          "h1",
          {},
          channel.is_im ? appAvatar("square tiny") : icon(channel.is_private ? "lock" : "hash", 18),
          titleOf(channel),
        ),
        channel.is_im ? tabs(channel) : h("span", { class: "topic" }, channel.topic),
      ],
  );
}

function rowsOf(messages, options) {
  const rows = [];
  let before = null;
  for (const message of messages) {
    const moment = fromTs(message.ts);
    if (!before || !sameDay(fromTs(before.ts), moment)) {
      rows.push({ key: `day-${message.ts}`, day: dayName(moment) });
      before = null;
    }
    rows.push({ key: message.ts, message, compact: follows(message, before), options });
    before = message;
  }
  return rows;
}

function paintPosts(list, rows, channel, { intro = null, inThread = false } = {}) {
  const items = intro ? [{ key: "intro", intro, words: w("emptyChannel") }, ...rows] : rows;
  // Names, replies and choices of words show in a post, so they belong to its signature.
  const around = JSON.stringify([
    view.language,
    me()?.id,
    clouds.slack.members,
    clouds.slack.bot,
    zone(),
  ]);
  keyed(list, items, {
    key: (row) => row.key,
    sign: (row) => JSON.stringify([row, around, row.key === editingTs()]),
    build: (row) => {
      if (row.intro) return beginning(row.intro);
      if (row.day) return h("div", { class: "day" }, h("span", {}, row.day));
      if (row.divider) return h("div", { class: "thread-count" }, h("span", {}, row.divider));
      return post(row.message, channel, { compact: row.compact, inThread });
    },
  });
}

function beginning(channel) {
  return h(
    "div",
    { class: "beginning" },
    channel.is_im
      ? appAvatar("square big")
      : h("span", { class: "big-hash" }, icon(channel.is_private ? "lock" : "hash", 28)),
    h(
      "p",
      {},
      w("emptyChannel"),
      " ",
      h("strong", {}, channel.is_im ? titleOf(channel) : `#${channel.name}`),
    ),
  );
}

function paintChannel(channel) {
  const who = me();
  const here = `${who?.id}/${channel?.id}`;
  if (here !== shownPlace) {
    shownPlace = here;
    parts.list.kept = null;
    parts.list.replaceChildren();
    jumps.main();
  }
  const home = view.tab === "home" && channel?.is_im;
  parts.scroller.hidden = home;
  parts.home.hidden = !home;
  parts.composer.hidden = home || !channel;
  if (!channel) return paintNothing();
  if (home) return paintHome();
  markChannelSeen(who.id, channel);
  const outside = channel.messages.filter(
    (each) => visibleTo(who, each) && (!isReply(each) || each.subtype === "thread_broadcast"),
  );
  parts.composer.named(w("messageTo", channel.is_im ? titleOf(channel) : `#${channel.name}`));
  paintPosts(parts.list, rowsOf(outside), channel, { intro: outside.length < 6 ? channel : null });
}

function paintNothing() {
  keyed(parts.list, [{ key: "none", words: w("emptyDesk") }], {
    key: (row) => row.key,
    build: () =>
      h("div", { class: "nothing" }, h("h2", {}, w("emptyDesk")), h("p", {}, w("emptyDeskHint"))),
  });
}

function paintHome() {
  const home = clouds.slack.homes.get(me()?.id);
  show(
    parts.home,
    JSON.stringify([home?.id, home?.hash, home?.blocks, me()?.id, view.language]),
    () =>
      home
        ? h("div", { class: "blocks home-blocks" }, blocks(home.blocks ?? [], homeSurface(home)))
        : h(
            "div",
            { class: "nothing" },
            icon("home", 30),
            h("h2", {}, w("emptyHome")),
            h("p", {}, w("emptyHomeHint")),
          ),
  );
}

function paintThread() {
  const thread = openThread();
  const channel = thread && clouds.slack.channels.get(thread.channel);
  const root = channel?.messages.find((each) => each.ts === thread.ts);
  const open = Boolean(root) && view.tab === "messages" && channel.id === currentChannel()?.id;
  parts.threadPane.hidden = !open;
  parts.root.classList.toggle("with-thread", open);
  if (!open) return;
  if (shownThread !== root.ts + me()?.id) {
    shownThread = root.ts + me()?.id;
    parts.threadList.kept = null;
    parts.threadList.replaceChildren();
    jumps.thread();
  }
  show(parts.threadHead, JSON.stringify([channel.id, view.language]), () => [
    h(
      "h1",
      {},
      w("thread"),
      h("span", { class: "topic" }, channel.is_im ? titleOf(channel) : `#${channel.name}`),
    ),
    h(
      "button",
      { type: "button", class: "quiet", "aria-label": w("close"), onclick: () => goTo(channel.id) },
      icon("close", 18),
    ),
  ]);
  const replies = channel.messages.filter(
    (each) => each.thread_ts === root.ts && each.ts !== root.ts && visibleTo(me(), each),
  );
  const count = replies.length ? [{ key: "count", divider: w("replies", replies.length) }] : [];
  const rootRow = { key: root.ts, message: root, compact: false };
  const replyRows = rowsOf(replies).filter((row) => !row.day);
  paintPosts(parts.threadList, [rootRow, ...count, ...replyRows], channel, { inThread: true });
  parts.threadComposer.named(w("replyHere"));
}

function paint() {
  const channel = currentChannel();
  paintSidebar();
  paintHead(channel);
  paintChannel(channel);
  paintThread();
}
