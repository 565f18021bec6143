// Slack's mrkdwn and the markdown block, read into nodes.

import { fragment, h, linkTo } from "./dom.js";
import { emoji } from "./emoji.js";
import { clouds, memberById } from "./state.js";
import { slackDate } from "./times.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
export const plain = (text) => text.replace(/&(lt|gt|amp);/g, (entity) => ENTITIES[entity]);

export function memberName(id) {
  if (id === clouds.slack.bot.user_id) return clouds.slack.bot.name;
  const member = memberById(id);
  return member ? member.real_name || member.name : id;
}

const channelName = (id) => clouds.slack.channels.get(id)?.name ?? id;

/** What stands between < and >: a mention, a date or a link. */
function reference(inside) {
  const [target, label] = inside.split(/\|(.*)/s);
  if (target.startsWith("@"))
    return h("span", { class: "mention" }, `@${memberName(target.slice(1))}`);
  if (target.startsWith("#"))
    return h("span", { class: "mention" }, `#${label || channelName(target.slice(1))}`);
  if (target.startsWith("!date^")) {
    const [, seconds, pattern] = target.split("^");
    return h("time", {}, slackDate(seconds, plain(pattern)));
  }
  if (target.startsWith("!")) {
    const name = target.slice(1).split("^")[0];
    return h("span", { class: "mention all" }, label || `@${name}`);
  }
  return linkTo(plain(target), plain(label || target.replace(/^mailto:/, "")));
}

// One alternation, tried from left to right; the flanks keep 2*3*4 and snake_case as they are.
const INLINE = new RegExp(
  [
    "```(?<pre>[\\s\\S]+?)```",
    "`(?<code>[^`\\n]+)`",
    "<(?<ref>[^<>\\n]+)>",
    ":(?<emoji>[a-z0-9_+\\-]+):",
    "(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\w~])",
  ].join("|"),
  "gu",
);

const INLINE_NODES = {
  pre: (text) => h("pre", {}, plain(text.replace(/^\n|\n$/g, ""))),
  code: (text) => h("code", {}, plain(text)),
  ref: reference,
  emoji: (name, whole) => emoji(name) ?? whole,
  bold: (text) => h("strong", {}, inline(text)),
  italic: (text) => h("em", {}, inline(text)),
  strike: (text) => h("s", {}, inline(text)),
};

function spans(text, pattern, makers, rest) {
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    const [kind, content] = Object.entries(match.groups).find(([, found]) => found !== undefined);
    if (match.index > last) nodes.push(rest(text.slice(last, match.index)));
    nodes.push(makers[kind](content, match[0]));
    last = match.index + match[0].length;
  }
  if (last < text.length) nodes.push(rest(text.slice(last)));
  return nodes;
}

const inline = (text) => spans(text, INLINE, INLINE_NODES, plain);

/** Lines that start with > become one quote; all else keeps its line breaks. */
export function mrkdwn(text) {
  const nodes = [];
  const parts = (text ?? "").split(/(```[\s\S]+?```)/);
  for (const part of parts) {
    if (part.startsWith("```")) nodes.push(...inline(part));
    else nodes.push(...quotesAndLines(part));
  }
  return fragment(...nodes);
}

function quotesAndLines(text) {
  const groups = [];
  for (const line of text.split("\n")) {
    const quoted = /^(&gt;|>)\s?/.test(line);
    const content = quoted ? line.replace(/^(&gt;|>)\s?/, "") : line;
    if (groups.at(-1)?.quoted === quoted) groups.at(-1).lines.push(content);
    else groups.push({ quoted, lines: [content] });
  }
  return groups.map(({ quoted, lines }) =>
    quoted ? h("blockquote", {}, inline(lines.join("\n"))) : inline(lines.join("\n")),
  );
}

/** A text object of Block Kit. */
export function textObject(object) {
  if (!object) return "";
  if (typeof object === "string") return object;
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return fragment(...withEmoji(object.text ?? ""));
}

export function withEmoji(text) {
  return spans(text, /:(?<emoji>[a-z0-9_+-]+):/g, INLINE_NODES, (rest) => rest);
}

const MARKDOWN = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "\\[(?<link>[^\\]\\n]+\\]\\([^)\\s]+)\\)",
    "\\*\\*(?<bold>[^*\\n]+)\\*\\*",
    "~~(?<strike>[^~\\n]+)~~",
    "(?<![\\w*])[*_](?<italic>[^*_\\s][^*_\\n]*)[*_](?![\\w*])",
    ":(?<emoji>[a-z0-9_+\\-]+):",
  ].join("|"),
  "gu",
);

const MARKDOWN_NODES = {
  ...INLINE_NODES,
  code: (text) => h("code", {}, text),
  link: (text) => {
    const [label, url] = text.split("](");
    return linkTo(url, label);
  },
  bold: (text) => h("strong", {}, markdownInline(text)),
  italic: (text) => h("em", {}, markdownInline(text)),
  strike: (text) => h("s", {}, markdownInline(text)),
};

const markdownInline = (text) => spans(text, MARKDOWN, MARKDOWN_NODES, (rest) => rest);

const listOf = (tag) => (lines) =>
  h(
    tag,
    {},
    lines.map((line) => h("li", {}, markdownInline(line.replace(/^\s*([-*+]|\d+\.)\s+/, "")))),
  );

function markdownTable(lines) {
  const rows = lines
    .filter((line) => !/^\s*\|?[\s:|-]+$/.test(line))
    .map((line) =>
      line
        .trim()
        .replace(/^\||\|$/g, "")
        .split("|"),
    );
  return h(
    "table",
    {},
    rows.map((cells, row) =>
      h(
        "tr",
        {},
        cells.map((cell) => h(row ? "td" : "th", {}, markdownInline(cell.trim()))),
      ),
    ),
  );
}

const MARKDOWN_LINES = [
  [
    /^#{1,6}\s/,
    (lines) => lines.map((line) => h("h4", {}, markdownInline(line.replace(/^#+\s/, "")))),
  ],
  [/^\s*[-*+]\s+/, listOf("ul")],
  [/^\s*\d+\.\s+/, listOf("ol")],
  [
    /^>/,
    (lines) =>
      h("blockquote", {}, markdownInline(lines.map((l) => l.replace(/^>\s?/, "")).join("\n"))),
  ],
  [/^(-{3,}|\*{3,})$/, () => h("hr", {})],
  [/^\s*\|.*\|/, markdownTable],
];

/** The markdown block: headings, lists, quotes, tables and code, line by line. */
export function markdown(text) {
  return fragment(
    ...text.split(/(```[\s\S]*?```)/).map((part) => {
      if (part.startsWith("```")) return h("pre", {}, part.replace(/^```\w*\n?|\n?```$/g, ""));
      return markdownLines(part.split("\n"));
    }),
  );
}

function markdownLines(lines) {
  const groups = [];
  for (const line of lines) {
    const kind = MARKDOWN_LINES.findIndex(([start]) => start.test(line));
    if (groups.at(-1)?.kind === kind) groups.at(-1).lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.map(({ kind, lines: group }) => {
    if (kind >= 0) return MARKDOWN_LINES[kind][1](group);
    return group.join("\n").trim() ? h("p", {}, markdownInline(group.join("\n").trim())) : null;
  });
}
