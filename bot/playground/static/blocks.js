// Block Kit's layout blocks, drawn as Slack draws them.

import { chartFigure } from "./charts.js";
import { fragment, h, linkTo } from "./dom.js";
import { interactive } from "./elements.js";
import { emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { markdown, memberName, textObject } from "./mrkdwn.js";
import { clouds } from "./state.js";
import { slackDate } from "./times.js";
import { w } from "./words.js";

/** Pictures of this server are shown; one from elsewhere is named, since the page asks no outsider. */
export function picture(url, alt, props = {}) {
  const own =
    url?.startsWith("data:image/") || url?.startsWith("/") || url?.startsWith(location.origin);
  if (own) return h("img", { src: url, alt: alt ?? "", ...props });
  return h(
    "span",
    { class: "picture-away", title: w("pictureAway") },
    icon("image", 18),
    alt || w("pictureAway"),
  );
}

function element(item, block, surface) {
  if (item.type === "image")
    return picture(item.image_url, item.alt_text, { class: "small-picture" });
  if (item.type === "mrkdwn" || item.type === "plain_text") return h("span", {}, textObject(item));
  return interactive(item, block, surface);
}

function section(block, surface) {
  return h(
    "div",
    { class: "section" },
    h(
      "div",
      { class: "section-main" },
      block.text && h("div", { class: "section-text" }, textObject(block.text)),
      block.fields &&
        h(
          "div",
          { class: "fields" },
          block.fields.map((each) => h("div", {}, textObject(each))),
        ),
    ),
    block.accessory && h("div", { class: "accessory" }, element(block.accessory, block, surface)),
  );
}

function image(block) {
  const url =
    block.image_url ?? (block.slack_file?.id && `/slack/control/file/${block.slack_file.id}`);
  return h(
    "figure",
    { class: "image-block" },
    block.title && h("figcaption", {}, textObject(block.title)),
    picture(url, block.alt_text),
  );
}

function input(block, surface) {
  const problem = surface.errors?.[block.block_id];
  const control = interactive(block.element, block, surface);
  return h(
    "div",
    { class: `input-block ${problem ? "wrong" : ""}`, data: { block: block.block_id } },
    h(
      "div",
      { class: "input-label" },
      textObject(block.label),
      block.optional && h("span", { class: "small" }, ` ${w("optional")}`),
    ),
    control,
    h("div", { class: "problem", role: "alert" }, problem ?? ""),
    block.hint && h("div", { class: "small" }, textObject(block.hint)),
  );
}

function styled(text, style = {}) {
  let node = text;
  if (style.code) node = h("code", {}, node);
  if (style.bold) node = h("strong", {}, node);
  if (style.italic) node = h("em", {}, node);
  if (style.strike) node = h("s", {}, node);
  return node;
}

const INLINE = {
  text: (part) => styled(part.text, part.style),
  link: (part) => linkTo(part.url, styled(part.text || part.url, part.style)),
  emoji: (part) => emoji(part.name) ?? `:${part.name}:`,
  user: (part) => h("span", { class: "mention" }, `@${memberName(part.user_id)}`),
  channel: (part) =>
    h(
      "span",
      { class: "mention" },
      `#${clouds.slack.channels.get(part.channel_id)?.name ?? part.channel_id}`,
    ),
  broadcast: (part) => h("span", { class: "mention all" }, `@${part.range}`),
  usergroup: (part) => h("span", { class: "mention" }, `@${part.usergroup_id}`),
  date: (part) => h("time", {}, slackDate(part.timestamp, part.format)),
  color: (part) => h("code", {}, part.value),
};

const inlines = (parts) => parts.map((part) => INLINE[part.type]?.(part) ?? part.text ?? "");

const RICH = {
  rich_text_section: (part) => h("div", { class: "rich-line" }, inlines(part.elements)),
  rich_text_preformatted: (part) => h("pre", {}, inlines(part.elements)),
  rich_text_quote: (part) => h("blockquote", {}, inlines(part.elements)),
  rich_text_list: (part) =>
    h(
      part.style === "ordered" ? "ol" : "ul",
      { style: { "margin-left": `${(part.indent ?? 0) * 20}px` } },
      part.elements.map((line) => h("li", {}, inlines(line.elements))),
    ),
};

const richText = (block) =>
  h(
    "div",
    { class: "rich" },
    block.elements.map((part) => RICH[part.type]?.(part) ?? null),
  );

function cell(content) {
  if (!content) return "";
  if (content.type === "rich_text") return richText(content);
  if (content.type === "raw_number") return String(content.text ?? content.value ?? "");
  if (content.type === "raw_text") return content.text ?? "";
  return textObject(content);
}

const isNumber = (content) =>
  content?.type === "raw_number" || /^[-+]?[\d.,\s]+(%|[a-z€£$¥]{0,3})$/i.test(content?.text ?? "");

function tableOf(rows, { align = () => null, caption = null } = {}) {
  const [head, ...body] = rows;
  const line = (tag) => (row) =>
    h(
      "tr",
      {},
      row.map((content, at) => h(tag, { class: align(content, at) }, cell(content))),
    );
  return h(
    "div",
    { class: "table-frame" },
    h(
      "table",
      { class: "table" },
      caption && h("caption", {}, caption),
      h("thead", {}, [head].map(line("th"))),
      h("tbody", {}, body.map(line("td"))),
    ),
  );
}

function table(block) {
  const settings = block.column_settings ?? [];
  return tableOf(block.rows, { align: (_, at) => settings[at]?.align ?? null });
}

/** A data table turns its pages and sorts by a click on a column's head. */
function dataTable(block) {
  const [head, ...body] = block.rows.map((row) => row.cells ?? row);
  const size = block.page_size ?? 5;
  const numeric = head.map((_, at) => body.every((row) => isNumber(row[at])));
  const frame = h("div", { class: "data-table" });
  let [page, column, down] = [0, null, false];
  const plain = (content) => content?.value ?? cell(content).textContent ?? cell(content);
  const order = (a, b) => {
    const [x, y] = [plain(a[column]), plain(b[column])];
    const sign = numeric[column]
      ? parseFloat(String(x).replace(/,/g, "")) - parseFloat(String(y).replace(/,/g, ""))
      : String(x).localeCompare(String(y));
    return down ? -sign : sign;
  };
  const sortBy = (at) => {
    [down, column, page] = [column === at ? !down : numeric[at], at, 0];
    paint();
  };
  const turn = (step) => {
    page += step;
    paint();
  };
  const paint = () => {
    const sorted = column === null ? body : [...body].sort(order);
    const pages = Math.ceil(sorted.length / size);
    const drawn = tableOf([head, ...sorted.slice(page * size, (page + 1) * size)], {
      align: (_, at) => (numeric[at] ? "right" : null),
      caption: block.caption,
    });
    drawn.querySelectorAll("th").forEach((node, at) => {
      const mark = column === at ? (down ? " ↓" : " ↑") : "";
      node.replaceChildren(
        h("button", { type: "button", onclick: () => sortBy(at) }, ...node.childNodes, mark),
      );
      node.setAttribute("aria-sort", column === at ? (down ? "descending" : "ascending") : "none");
    });
    frame.replaceChildren(drawn, ...(pages > 1 ? [pager(page, pages, turn)] : []));
  };
  paint();
  return frame;
}

function pager(page, pages, turn) {
  const step = (label, by, off) =>
    h(
      "button",
      { type: "button", class: "button tiny", disabled: off, onclick: () => turn(by) },
      label,
    );
  return h(
    "div",
    { class: "pager" },
    step(w("previous"), -1, page === 0),
    h("span", { class: "small" }, `${w("page")} ${page + 1} / ${pages}`),
    step(w("next"), 1, page + 1 >= pages),
  );
}

function card(block, surface) {
  return h(
    "div",
    { class: "card" },
    block.hero_image &&
      picture(block.hero_image.image_url, block.hero_image.alt_text, { class: "hero" }),
    h(
      "div",
      { class: "card-head" },
      block.icon && picture(block.icon.image_url, block.icon.alt_text, { class: "small-picture" }),
      h(
        "div",
        {},
        block.title && h("strong", {}, textObject(block.title)),
        block.subtitle && h("div", { class: "small" }, textObject(block.subtitle)),
      ),
    ),
    block.body && h("div", { class: "card-body" }, textObject(block.body)),
    block.actions &&
      h(
        "div",
        { class: "actions" },
        block.actions.map((each) => element(each, block, surface)),
      ),
  );
}

const row = (name) => (block, surface) =>
  h(
    "div",
    { class: name },
    block.elements.map((each) => element(each, block, surface)),
  );

const BLOCKS = {
  section,
  image,
  input,
  table,
  card,
  data_table: dataTable,
  data_visualization: chartFigure,
  header: (block) => h("h3", { class: "header-block" }, textObject(block.text)),
  divider: () => h("hr", {}),
  actions: row("actions"),
  context_actions: row("actions"),
  context: row("context"),
  rich_text: richText,
  markdown: (block) => h("div", { class: "markdown" }, markdown(block.text)),
  carousel: (block, surface) =>
    h(
      "div",
      { class: "carousel" },
      block.elements.map((each) => card(each, surface)),
    ),
  container: (block, surface) =>
    h(
      "div",
      { class: "card" },
      block.title && h("strong", {}, textObject(block.title)),
      blocks(block.child_blocks ?? block.blocks ?? [], surface),
    ),
  alert: (block) =>
    h("div", { class: `alert ${block.level ?? "default"}` }, textObject(block.text)),
  file: (block) => h("div", { class: "context" }, icon("file", 16), block.external_id),
};

/** The blocks of a message or view; one that we do not know is named rather than dropped. */
export function blocks(list, surface) {
  return fragment(
    ...list.map(
      (block) =>
        BLOCKS[block.type]?.(block, surface) ?? h("div", { class: "context" }, `[${block.type}]`),
    ),
  );
}
