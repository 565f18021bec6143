// Telegram's message entities, which count in UTF-16 units as JavaScript's strings do.

import { h, linkTo } from "./dom.js";

const NODES = {
  bold: (_, inner) => h("strong", {}, inner),
  italic: (_, inner) => h("em", {}, inner),
  underline: (_, inner) => h("u", {}, inner),
  strikethrough: (_, inner) => h("s", {}, inner),
  code: (_, inner) => h("code", {}, inner),
  pre: (_, inner) => h("pre", {}, inner),
  blockquote: (_, inner) => h("blockquote", {}, inner),
  expandable_blockquote: (_, inner) => h("blockquote", {}, inner),
  text_link: (entity, inner) => linkTo(entity.url, inner),
  url: (entity, inner, text) => linkTo(/^\w+:/.test(text) ? text : `https://${text}`, inner),
  email: (entity, inner, text) => linkTo(`mailto:${text}`, inner),
  phone_number: (entity, inner, text) => linkTo(`tel:${text.replace(/[^+\d]/g, "")}`, inner),
  spoiler: (_, inner) => {
    const reveal = (event) => event.currentTarget.classList.add("revealed");
    return h("button", { type: "button", class: "spoiler", onclick: reveal }, inner);
  },
};

/** Nodes for a text; `oncommand` hears a /command that was clicked. */
export function withEntities(text, entities, oncommand) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, sorted, oncommand);
}

function span(text, from, to, entities, oncommand) {
  const nodes = [];
  let at = from;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || end <= entity.offset) continue;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const inside = entities.slice(index + 1).filter((other) => other.offset < end);
    const inner = span(text, entity.offset, end, inside, oncommand);
    nodes.push(node(entity, inner, text.slice(entity.offset, end), oncommand));
    at = end;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function node(entity, inner, text, oncommand) {
  if (entity.type === "bot_command")
    return h("button", { type: "button", class: "link", onclick: () => oncommand(text) }, inner);
  return NODES[entity.type]?.(entity, inner, text) ?? h("span", { class: "tg-link" }, inner);
}
