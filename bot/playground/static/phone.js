// The customers' side: who holds the phone, the chat with the bot, and what their hands can do.

import { appAvatar } from "./avatars.js";
import { bubble, grouped } from "./bubbles.js";
import { customer } from "./clouds.js";
import { growingBox, h, keyed, show, stickToEnd } from "./dom.js";
import { TELEGRAM_QUICK } from "./emoji.js";
import { icon } from "./icons.js";
import { closeMenu, openEmoji, openMenu, toast } from "./menu.js";
import { askNewCustomer } from "./newcomer.js";
import { samplePhoto } from "./samples.js";
import { clouds, changed, currentPerson, markPersonSeen, now, onChange, view } from "./state.js";
import { paintStrip } from "./strip.js";
import { clockTime, dayName, sameDay } from "./times.js";
import { w } from "./words.js";

const drafts = new Map();
const alertsHeard = new Map();
let parts = null;
let jump = () => {};
let answering = null;
let shownPerson = null;

export function typeOnPhone(text) {
  // With nobody there to write, the first thing needed is a customer.
  if (!currentPerson()) return askNewCustomer();
  parts.box.put(text);
  parts.box.focus();
}

function send() {
  const text = parts.box.value.trim();
  if (!text) return;
  const person = currentPerson();
  if (answering?.edit) customer("edit", { message_id: answering.message.id, text });
  else customer("say", { text, ...(answering && { reply_to: answering.message.id }) });
  drafts.delete(person.id);
  answering = null;
  parts.box.put("");
  jump();
  changed();
}

async function attach(kind) {
  if (kind === "photo") await customer("photo", await samplePhoto());
  else if (kind === "contact") await customer("contact", { own: true });
  else await customer(kind);
}

function attachMenu(event) {
  const kinds = [
    ["photo", "image"],
    ["voice", "mic"],
    ["document", "file"],
    ["location", "pin"],
    ["contact", "user"],
  ];
  openMenu(
    event.currentTarget,
    w("attach"),
    kinds.map(([kind, mark]) => ({ label: w(kind), icon: mark, pick: () => attach(kind) })),
  );
}

/** The bot's commands in the person's language, else those of every language. */
function commandsFor(person) {
  const commands = clouds.telegram.bot?.commands ?? {};
  return (
    commands[person?.language_code] ??
    commands[person?.language_code?.slice(0, 2)] ??
    commands[""] ??
    []
  );
}

function commandMenu(event) {
  const items = commandsFor(currentPerson()).map(({ command, description }) => ({
    label: `/${command}`,
    hint: description,
    pick: () => customer("say", { text: `/${command}` }),
  }));
  if (items.length) openMenu(event.currentTarget, w("commands"), items);
}

function chatMenu(event) {
  const person = currentPerson();
  if (!person) return;
  openMenu(event.currentTarget, w("menu"), [
    { label: w("restart"), icon: "bolt", pick: () => customer("start") },
    person.blocked
      ? { label: w("unblock"), icon: "check", pick: () => customer("unblock") }
      : { label: w("block"), icon: "block", danger: true, pick: () => customer("block") },
  ]);
}

function act(anchor, message) {
  const answer = (edit) => () => {
    answering = { message, edit };
    parts.box.put(edit ? message.text : parts.box.value);
    parts.box.focus();
    changed();
  };
  const react = () =>
    openEmoji(
      anchor,
      TELEGRAM_QUICK.map((each) => [each, each]),
      (emoji) => customer("react", { message_id: message.id, emoji }),
    );
  const remove = () => customer("delete", { message_id: message.id });
  const own = message.from === "person" && message.kind === "text";
  openMenu(anchor, w("actions"), [
    { label: w("reply"), icon: "reply", pick: answer(false) },
    { label: w("react"), icon: "smile", pick: react },
    ...(own ? [{ label: w("edit"), icon: "edit", pick: answer(true) }] : []),
    { label: w("deleteMessage"), icon: "trash", danger: true, pick: remove },
  ]);
}

const hands = {
  act,
  command: (text) => customer("say", { text }),
  press: (message, button) =>
    customer("press", {
      message_id: message.id,
      data: button.data,
      label: button.data ?? button.text,
      text: button.text,
    }),
};

function pressKey(button) {
  if (button.request === "contact") customer("contact", { own: true });
  else if (button.request === "location") customer("location");
  else customer("press", { label: button.text, data: button.text, text: button.text });
}

function buildHeader() {
  return h(
    "div",
    { class: "chat-header" },
    appAvatar("mid"),
    h(
      "div",
      { class: "chat-title" },
      h("strong", { class: "bot-name" }),
      h("span", { class: "bot-status" }),
    ),
    h(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-label": w("menu"),
        "aria-haspopup": "menu",
        onclick: chatMenu,
      },
      icon("more"),
    ),
  );
}

function buildComposer() {
  const box = growingBox(
    { class: "chat-box", "aria-label": w("message"), placeholder: w("message") },
    send,
  );
  box.addEventListener("input", () => {
    const person = currentPerson();
    if (person && !answering?.edit) drafts.set(person.id, box.value);
    parts.composer.classList.toggle("typed", Boolean(box.value.trim()));
    suggest(box);
  });
  const tool = (label, mark, onclick, extra = "") =>
    h(
      "button",
      { type: "button", class: `quiet ${extra}`, "aria-label": label, title: label, onclick },
      icon(mark, 22),
    );
  const composer = h(
    "form",
    { class: "chat-composer", onsubmit: (event) => (event.preventDefault(), send()) },
    tool(w("attach"), "clip", attachMenu),
    box,
    tool(w("commands"), "slash", commandMenu, "slash-button"),
    h("button", { type: "submit", class: "round send", "aria-label": w("send") }, icon("send", 20)),
  );
  return { box, composer };
}

/** Typing "/" offers the commands that begin so. */
function suggest(box) {
  const typed = box.value.match(/^\/(\w*)$/);
  const fitting = typed
    ? commandsFor(currentPerson()).filter(({ command }) => command.startsWith(typed[1]))
    : [];
  show(parts.suggestions, JSON.stringify(fitting), () =>
    fitting.map(({ command, description }) =>
      h(
        "button",
        { type: "button", onclick: () => (box.put(""), customer("say", { text: `/${command}` })) },
        h("b", {}, `/${command}`),
        h("span", {}, description),
      ),
    ),
  );
}

export function buildPhone(root, again) {
  const { box, composer } = buildComposer();
  const list = h("div", { class: "chat-list", role: "log", "aria-label": w("messages") });
  const scroller = h("div", { class: "chat-scroller", tabindex: 0 }, list);
  parts = {
    box,
    composer,
    list,
    strip: h("nav", { class: "strip", "aria-label": w("customers") }),
    time: h("span", { class: "phone-time" }),
    header: buildHeader(),
    answering: h("div", { class: "answering" }),
    suggestions: h("div", { class: "suggestions" }),
    keyboard: h("div", { class: "tg-keyboard" }),
    bottom: h("div", { class: "chat-bottom" }),
  };
  const screen = h(
    "div",
    { class: "screen" },
    h("div", { class: "status-bar" }, parts.time, h("span", { class: "island" }), battery()),
    parts.header,
    scroller,
    parts.bottom,
  );
  parts.bottom.append(parts.suggestions, parts.answering, composer, parts.keyboard);
  root.replaceChildren(parts.strip, h("div", { class: "device" }, screen));
  jump = stickToEnd(scroller, list);
  shownPerson = null;
  if (!again) onChange(paint);
}

function battery() {
  return h(
    "span",
    { class: "signals", "aria-hidden": "true" },
    h("i", { class: "bars" }),
    h("i", { class: "battery" }),
  );
}

function choose(id) {
  view.person = id;
  answering = null;
  closeMenu();
  changed();
}

function paintHeader(person) {
  const bot = clouds.telegram.bot;
  parts.header.querySelector(".bot-name").textContent = bot?.name ?? "";
  const status = parts.header.querySelector(".bot-status");
  status.textContent = person?.typing ? w("typing") : w("bot");
  status.classList.toggle("busy", Boolean(person?.typing));
  parts.time.textContent = clockTime(now());
}

function rowsOf(person) {
  const rows = [];
  const lastFromBot = Math.max(
    0,
    ...person.messages.filter((m) => m.from === "bot" || m.reactions?.length).map((m) => m.id),
  );
  let before = null;
  for (const group of grouped(person.messages)) {
    const moment = new Date(group[0].at);
    const freshDay = !before || !sameDay(new Date(before.at), moment);
    if (freshDay) rows.push({ key: `day-${group[0].id}`, day: dayName(moment) });
    const first = freshDay || before.from !== group[0].from;
    const quoted =
      group[0].reply_to && person.messages.find((each) => each.id === group[0].reply_to);
    const seen = group[0].from === "person" && group[0].id <= lastFromBot;
    rows.push({ key: group[0].id, group, seen, first, quoted, language: view.language });
    before = group[0];
  }
  return rows;
}

function paintList(person) {
  if (shownPerson !== (person?.id ?? null)) {
    shownPerson = person?.id ?? null;
    parts.list.kept = null;
    parts.list.replaceChildren();
    parts.box.put(drafts.get(person?.id) ?? "");
    jump();
  }
  const botName = clouds.telegram.bot?.name ?? "";
  const rows = person ? rowsOf(person) : [];
  const items = rows.length
    ? rows
    : [{ key: "empty", empty: person ? "bot" : "none", language: view.language }];
  keyed(parts.list, items, {
    key: (row) => row.key,
    build: (row) => {
      if (row.empty) return emptyChat(row.empty);
      if (row.day) return h("div", { class: "chat-day" }, h("span", {}, row.day));
      return bubble(row.group, { ...row, all: person.messages, botName, hands });
    },
  });
}

function emptyChat(kind) {
  if (kind === "none")
    return h(
      "div",
      { class: "chat-empty" },
      h("h2", {}, w("noCustomers")),
      h("p", {}, w("noCustomersHint")),
      h(
        "button",
        { type: "button", class: "start-button", onclick: askNewCustomer },
        w("newCustomer"),
      ),
    );
  return h(
    "div",
    { class: "chat-empty" },
    h("h2", {}, w("whatBot")),
    h("p", {}, w("whatBotSays")),
    h(
      "button",
      { type: "button", class: "start-button", onclick: () => customer("start") },
      w("start"),
    ),
  );
}

function paintBottom(person) {
  parts.composer.hidden = !person || person.blocked;
  parts.composer.querySelector(".slash-button").hidden = !commandsFor(person).length;
  const quoted = answering?.message;
  show(
    parts.answering,
    JSON.stringify([quoted?.id, answering?.edit, person?.id, person?.blocked, view.language]),
    () => (person?.blocked ? blockedBar() : quoted && answeringBar(quoted)),
  );
  const keyboard = person?.blocked ? null : (person?.keyboard ?? null);
  show(parts.keyboard, JSON.stringify([person?.id, keyboard]), () =>
    (keyboard ?? []).map((row) =>
      h(
        "div",
        { class: "tg-row" },
        row.map((button) =>
          h(
            "button",
            {
              type: "button",
              class: `tg-key ${button.style ?? ""}`,
              onclick: () => pressKey(button),
            },
            button.request === "contact" && icon("phone", 16),
            button.request === "location" && icon("pin", 16),
            button.text,
          ),
        ),
      ),
    ),
  );
}

function blockedBar() {
  return h(
    "div",
    { class: "blocked-bar" },
    h("span", {}, w("blocked")),
    h("button", { type: "button", onclick: () => customer("unblock") }, w("unblock")),
  );
}

function answeringBar(message) {
  const stop = () => {
    if (answering?.edit) parts.box.put("");
    answering = null;
    changed();
  };
  return h(
    "div",
    { class: "answering-bar" },
    icon(answering.edit ? "edit" : "reply", 18),
    h(
      "div",
      {},
      h("strong", {}, w(answering.edit ? "edit" : "reply")),
      h("span", {}, message.text || w("message")),
    ),
    h(
      "button",
      { type: "button", class: "quiet", "aria-label": w("cancel"), onclick: stop },
      icon("close", 18),
    ),
  );
}

/** Words that Telegram would show over the chat after a button press. */
function hearAlerts() {
  for (const person of clouds.telegram.people.values()) {
    const alerts = JSON.stringify(person.alerts ?? []);
    const before = alertsHeard.get(person.id);
    alertsHeard.set(person.id, alerts);
    if (before !== undefined && before !== alerts && person.alerts.length)
      toast(person.alerts.at(-1));
  }
}

function paint() {
  const person = currentPerson();
  if (person) markPersonSeen(person);
  hearAlerts();
  paintStrip(parts.strip, person, choose);
  paintHeader(person);
  paintList(person);
  paintBottom(person);
}
