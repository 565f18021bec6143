// A message as a phone draws it: its bubble, media, buttons and reactions.

import { telegramFile } from "./clouds.js";
import { h, s } from "./dom.js";
import { withEntities } from "./entities.js";
import { icon, ticks } from "./icons.js";
import { avatar, fullName } from "./avatars.js";
import { bytes, clockTime, minutes } from "./times.js";
import { w } from "./words.js";

// A voice note has no samples that we could draw, so its bars come from its number and stay its own.
function waveform(seed) {
  let value = seed * 2654435761;
  const bars = Array.from({ length: 34 }, (_, bar) => {
    value = (value * 1103515245 + 12345) >>> 0;
    const height = 4 + ((value >>> 16) % 15) * (0.55 + 0.45 * Math.sin((bar / 33) * Math.PI));
    return s("rect", { x: bar * 4, y: (20 - height) / 2, width: 2.4, height, rx: 1.2 });
  });
  return s("svg", { viewBox: "0 0 136 20", class: "waveform", "aria-hidden": "true" }, bars);
}

function player(message, kind) {
  const sound = new Audio();
  const toggle = () => {
    sound.src ||= telegramFile(message.media.url);
    // A sample too short or silent to decode is no reason to trouble anybody.
    if (sound.paused) sound.play().catch(() => {});
    else sound.pause();
  };
  return h(
    "div",
    { class: "voice" },
    h(
      "button",
      { type: "button", class: "round", "aria-label": w(kind), onclick: toggle },
      icon("play", 22),
    ),
    h(
      "div",
      { class: "voice-look" },
      kind === "voice"
        ? waveform(message.id)
        : h("span", { class: "file-name" }, message.media.name),
      h("span", { class: "small" }, minutes(message.media.duration || 2)),
    ),
  );
}

function drawnMap({ latitude, longitude }) {
  const seed = Math.abs(Math.round(latitude * 997 + longitude * 613));
  const tilt = (seed % 24) - 12;
  const street = (y, width) =>
    s("path", { d: `M-20 ${y} H300`, "stroke-width": width, class: "street" });
  const lane = (x, width) =>
    s("path", { d: `M${x} -20 V180`, "stroke-width": width, class: "street" });
  return s(
    "svg",
    { viewBox: "0 0 260 130", class: "map", role: "img", "aria-label": w("location") },
    s("rect", { width: 260, height: 130, class: "land" }),
    s("path", { d: `M${170 + (seed % 30)} -10 q-30 60 20 150 h120 v-150z`, class: "water" }),
    s("rect", { x: 18 + (seed % 20), y: 70, width: 62, height: 40, rx: 6, class: "park" }),
    s("g", { transform: `rotate(${tilt} 130 65)` }, [
      street(30, 5),
      street(62, 9),
      street(98, 5),
      lane(48, 5),
      lane(104, 8),
      lane(160, 5),
      lane(206, 4),
    ]),
    s("path", { d: "M130 78s-15-14-15-26a15 15 0 0 1 30 0c0 12-15 26-15 26z", class: "needle" }),
    s("circle", { cx: 130, cy: 52, r: 5.5, class: "needle-eye" }),
  );
}

function place(message) {
  const { latitude, longitude } = message.location ?? { latitude: 0, longitude: 0 };
  const where = `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
  return h(
    "div",
    { class: "place" },
    drawnMap({ latitude, longitude }),
    h("span", { class: "small" }, where),
  );
}

function card(message) {
  const contact = message.contact ?? { first_name: "", phone_number: "" };
  const name = fullName(contact);
  return h(
    "div",
    { class: "contact" },
    avatar(name, { kind: "mid" }),
    h("div", {}, h("strong", {}, name), h("span", { class: "small" }, contact.phone_number)),
  );
}

function paper(message) {
  return h(
    "a",
    { class: "document", href: telegramFile(message.media.url), download: message.media.name },
    h("span", { class: "round" }, icon("file", 20)),
    h(
      "span",
      { class: "document-look" },
      h("span", { class: "file-name" }, message.media.name || w("document")),
      h("span", { class: "small" }, bytes(message.media.size)),
    ),
  );
}

function picture(message) {
  const { url, width, height } = message.media;
  // The size is known before the picture is, so nothing jumps when it comes.
  const size = width && height ? { style: { "aspect-ratio": `${width} / ${height}` } } : {};
  return h("img", {
    class: "photo",
    src: telegramFile(url),
    alt: message.text || w("photo"),
    ...size,
  });
}

function film(message) {
  return h(
    "div",
    { class: "film", role: "img", "aria-label": message.kind },
    h("span", { class: "round" }, icon("play", 24)),
    h("span", { class: "film-time" }, minutes(message.media.duration || 0)),
  );
}

const MEDIA = {
  photo: picture,
  video: film,
  animation: film,
  voice: (message) => player(message, "voice"),
  audio: (message) => player(message, "document"),
  document: paper,
  location: place,
  venue: place,
  contact: card,
  sticker: (message) => h("div", { class: "sticker" }, message.emoji || message.text || "🙂"),
};

function media(message) {
  const draw = MEDIA[message.kind];
  const needsFile = !["location", "venue", "contact", "sticker"].includes(message.kind);
  return draw && (message.media || !needsFile) ? draw(message) : null;
}

function quote(message, all, botName) {
  const quoted = all.find((each) => each.id === message.reply_to);
  if (!quoted) return null;
  return h(
    "button",
    { type: "button", class: "quoted", onclick: () => flash(quoted.id) },
    h("strong", {}, quoted.from === "bot" ? botName : w("you")),
    h("span", {}, quoted.text || w(quoted.kind in MEDIA ? kindWord(quoted.kind) : "message")),
  );
}

const kindWord = (kind) =>
  ["photo", "voice", "document", "location", "contact"].includes(kind) ? kind : "message";

function flash(id) {
  const bubble = document.querySelector(`[data-message="${id}"]`);
  bubble?.scrollIntoView({ block: "center", behavior: "smooth" });
  bubble?.animate([{ opacity: 0.4 }, { opacity: 1 }], 700);
}

function meta(message, seen) {
  return h(
    "span",
    { class: "meta" },
    message.edited && h("span", {}, w("edited")),
    h("time", { datetime: message.at }, clockTime(new Date(message.at))),
    message.from === "person" && ticks(seen),
  );
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  const counts = new Map();
  message.reactions.forEach((each) => counts.set(each, (counts.get(each) ?? 0) + 1));
  return h(
    "div",
    { class: "tg-reactions" },
    [...counts].map(([character, count]) =>
      h("span", { class: "tg-reaction" }, character, count > 1 && h("b", {}, count)),
    ),
  );
}

function buttons(message, onpress) {
  if (!message.buttons?.length) return null;
  const press = (button) =>
    button.url
      ? h(
          "a",
          {
            class: "tg-button url",
            href: safe(button.url),
            target: "_blank",
            rel: "noopener noreferrer",
          },
          button.text,
        )
      : h(
          "button",
          {
            type: "button",
            class: `tg-button ${button.style ?? ""}`,
            data: { focus: `press-${message.id}-${button.data}` },
            onclick: () => onpress(message, button),
          },
          button.text,
        );
  return h(
    "div",
    { class: "tg-buttons" },
    message.buttons.map((row) => h("div", { class: "tg-row" }, row.map(press))),
  );
}

const safe = (url) => (/^https?:/i.test(url) ? url : null);

/** Messages of one album stand in one bubble; every other message alone. */
export function grouped(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (message.album && last?.[0].album === message.album) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

function album(group) {
  return h(
    "div",
    { class: `album of-${Math.min(group.length, 4)}`, role: "group", "aria-label": w("album") },
    group.map(media),
  );
}

/** One bubble; `hands` says what pressing, acting on it and its commands do. */
export function bubble(group, { all, botName, seen, first, hands }) {
  const message = { ...group[0], text: group.map((each) => each.text).find(Boolean) ?? "" };
  const bare = message.kind === "sticker";
  const visual =
    group.length > 1 || ["photo", "video", "animation", "location"].includes(message.kind);
  const text = message.text && withEntities(message.text, message.entities, hands.command);
  const act = h(
    "button",
    {
      type: "button",
      class: "bubble-more",
      "aria-label": w("actions"),
      "aria-haspopup": "menu",
      onclick: (event) => hands.act(event.currentTarget, message),
    },
    icon("more", 16),
  );
  const classes = [
    "row",
    message.from,
    first && "first",
    bare && "bare",
    visual && "visual",
    text && "worded",
  ];
  return h(
    "div",
    { class: classes.filter(Boolean).join(" "), data: { message: message.id } },
    h(
      "div",
      { class: "bubble-line" },
      h(
        "div",
        { class: "bubble" },
        quote(message, all, botName),
        group.length > 1 ? album(group) : media(message),
        text && h("div", { class: "words" }, text),
        reactions(message),
        meta(message, seen),
      ),
      act,
    ),
    buttons(message, hands.press),
  );
}
