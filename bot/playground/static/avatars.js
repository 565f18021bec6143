// A face for everybody: initials on a colour that stays theirs.

import { h } from "./dom.js";

const HUES = [
  ["#ff885e", "#ff516a"],
  ["#ffcd6a", "#ff9f43"],
  ["#82b1ff", "#665fff"],
  ["#a0de7e", "#4fb34a"],
  ["#53edd6", "#1fa99f"],
  ["#72d5fd", "#2a9ef1"],
  ["#e0a2f3", "#c061d8"],
];

function hueOf(name) {
  let sum = 0;
  for (const character of String(name)) sum = (sum * 31 + character.codePointAt(0)) >>> 0;
  return HUES[sum % HUES.length];
}

/** As their language writes it: a Chinese family name comes first and touches the given name. */
export function fullName({ first_name: first, last_name: last }) {
  if (/\p{Script=Han}/u.test(first)) return `${last ?? ""}${first}`;
  return [first, last].filter(Boolean).join(" ");
}

/** The first letters of given and family name, or a Chinese family name, which comes first. */
function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  if (!words.length) return "?";
  const first = [...words[0]][0];
  if (/\p{Script=Han}/u.test(first)) return first;
  return (first + (words.length > 1 ? [...words.at(-1)][0] : "")).toUpperCase();
}

export function avatar(name, { seed = name, kind = "", src = null, character = null } = {}) {
  const [from, to] = hueOf(seed);
  return h(
    "span",
    { class: `avatar ${kind}`, "aria-hidden": "true", style: { "--from": from, "--to": to } },
    src ? h("img", { src, alt: "" }) : (character ?? initials(name)),
  );
}

export function appAvatar(kind = "") {
  return h(
    "span",
    { class: `avatar app ${kind}`, "aria-hidden": "true" },
    h("img", { src: "static/icon.svg", alt: "" }),
  );
}
