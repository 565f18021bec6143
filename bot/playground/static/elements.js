// Block Kit's interactive elements: buttons, menus, pickers and inputs.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { confirmFirst, openMenu } from "./menu.js";
import { textObject } from "./mrkdwn.js";
import { clouds, staff } from "./state.js";
import { w } from "./words.js";

const wordsOf = (object) => (typeof object === "string" ? object : (object?.text ?? ""));

async function agreed(confirm) {
  if (!confirm) return true;
  return confirmFirst({
    title: wordsOf(confirm.title),
    text: wordsOf(confirm.text),
    agree: wordsOf(confirm.confirm),
    deny: wordsOf(confirm.deny),
    danger: confirm.style === "danger",
  });
}

/** Runs the deed once, shows that it is under way, and lets go again. */
async function whileBusy(node, run) {
  if (node.classList.contains("busy")) return;
  node.classList.add("busy");
  try {
    await run();
  } finally {
    node.classList.remove("busy");
  }
}

const focusOf = (block, element) => ({ focus: `${block.block_id}/${element.action_id}` });

function button(element, block, surface) {
  const label = element.text ?? { type: "plain_text", text: element.alt_text ?? w("choose") };
  if (element.url && !/^https?:/i.test(element.url)) return null;
  const press = async (event) => {
    const node = event.currentTarget;
    if (element.url) window.open(element.url, "_blank", "noopener");
    if (await agreed(element.confirm))
      await whileBusy(node, () =>
        surface.press(element, block, { label: wordsOf(label), value: element.value }),
      );
  };
  return h(
    "button",
    {
      type: "button",
      class: `button ${{ primary: "primary", danger: "danger" }[element.style] ?? ""}`,
      "aria-label": element.accessibility_label,
      data: focusOf(block, element),
      onclick: press,
    },
    textObject(label),
    element.url && h("span", { class: "away", "aria-hidden": "true" }, "↗"),
  );
}

function overflow(element, block, surface) {
  const pick = (option) => async () => {
    if (await agreed(element.confirm))
      await surface.press(element, block, { label: wordsOf(option.text), value: option.value });
  };
  const open = (event) =>
    openMenu(
      event.currentTarget,
      w("moreOptions"),
      element.options.map((option) => ({ label: wordsOf(option.text), pick: pick(option) })),
    );
  return h(
    "button",
    {
      type: "button",
      class: "button square",
      "aria-label": w("moreOptions"),
      "aria-haspopup": "menu",
      data: focusOf(block, element),
      onclick: open,
    },
    icon("more", 17),
  );
}

const optionNode = (chosen) => (option) =>
  h(
    "option",
    { value: option.value, selected: chosen.includes(option.value) },
    wordsOf(option.text),
  );

/** A menu: native, so it works by keyboard, on a phone and with a screen reader. */
function menuOf(groups, { element, block, surface, many, chosen }) {
  const flat = groups.every((group) => !group.label);
  const node = h(
    "select",
    {
      class: "select",
      multiple: many,
      size: many ? Math.min(5, groups.flatMap((group) => group.options).length || 1) : null,
      "aria-label": surface.labels
        ? wordsOf(block.label) || wordsOf(element.placeholder)
        : wordsOf(element.placeholder) || wordsOf(block.text),
      data: focusOf(block, element),
    },
    !many &&
      h(
        "option",
        { value: "", selected: !chosen.length },
        wordsOf(element.placeholder) || w("choose"),
      ),
    groups.map((group) =>
      flat
        ? group.options.map(optionNode(chosen))
        : h("optgroup", { label: wordsOf(group.label) }, group.options.map(optionNode(chosen))),
    ),
  );
  const value = () => (many ? [...node.selectedOptions].map((option) => option.value) : node.value);
  const tell = async () => {
    if (!(await agreed(element.confirm))) node.value = chosen[0] ?? "";
    else await surface.choose(element, block, value());
  };
  node.addEventListener("change", tell);
  return keep(node, value, element, block, surface);
}

function keep(node, value, element, block, surface) {
  surface.fields?.set(block.block_id, { value, node, element });
  return node;
}

const values = (options) => (options ?? []).map((option) => option.value);

function staticSelect(element, block, surface) {
  const many = element.type.startsWith("multi_");
  const chosen = many
    ? values(element.initial_options)
    : values([element.initial_option].filter(Boolean));
  const groups = element.option_groups ?? [{ options: element.options ?? [] }];
  return menuOf(groups, {
    element,
    block,
    surface,
    many,
    chosen: surface.kept(element, block) ?? chosen,
  });
}

function peopleSelect(element, block, surface) {
  const many = element.type.startsWith("multi_");
  const options = staff().map((member) => ({
    value: member.id,
    text: member.real_name || member.name,
  }));
  const chosen = many ? (element.initial_users ?? []) : [element.initial_user].filter(Boolean);
  return menuOf([{ options }], {
    element,
    block,
    surface,
    many,
    chosen: surface.kept(element, block) ?? chosen,
  });
}

function channelSelect(element, block, surface) {
  const many = element.type.startsWith("multi_");
  const options = [...clouds.slack.channels.values()]
    .filter((channel) => !channel.is_im && !channel.is_archived)
    .map((channel) => ({ value: channel.id, text: `#${channel.name}` }));
  const first = element.initial_conversation ?? element.initial_channel;
  const chosen = many
    ? (element.initial_conversations ?? element.initial_channels ?? [])
    : [first].filter(Boolean);
  return menuOf([{ options }], {
    element,
    block,
    surface,
    many,
    chosen: surface.kept(element, block) ?? chosen,
  });
}

/** An external menu asks the app for options as one types; its list is what the app answers. */
function externalSelect(element, block, surface) {
  const id = `list-${Math.random().toString(36).slice(2)}`;
  const list = h("datalist", { id });
  const initial = element.initial_option ?? element.initial_options?.[0];
  const known = new Map(initial ? [[wordsOf(initial.text), initial.value]] : []);
  const node = h("input", {
    type: "text",
    class: "input",
    list: id,
    value: wordsOf(initial?.text),
    placeholder: wordsOf(element.placeholder) || w("choose"),
    "aria-label": wordsOf(block.label) || wordsOf(element.placeholder),
    data: focusOf(block, element),
  });
  const value = () => known.get(node.value) ?? node.value;
  node.addEventListener("input", async () => {
    if (known.has(node.value)) return void surface.choose(element, block, value());
    if (node.value.length < (element.min_query_length ?? 3)) return;
    const options = (await surface.suggest?.(element, block, node.value)) ?? [];
    options.forEach((option) => known.set(wordsOf(option.text), option.value));
    list.replaceChildren(...options.map((option) => h("option", { value: wordsOf(option.text) })));
  });
  return h("span", { class: "stack" }, keep(node, value, element, block, surface), list);
}

function localInput(seconds) {
  const moment = new Date(seconds * 1000);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000)
    .toISOString()
    .slice(0, 16);
}

const PICKERS = {
  datepicker: ["date", (element) => element.initial_date, (value) => value],
  timepicker: ["time", (element) => element.initial_time, (value) => value],
  datetimepicker: [
    "datetime-local",
    (element) => element.initial_date_time && localInput(element.initial_date_time),
    (value) => value && String(Math.floor(new Date(value).getTime() / 1000)),
  ],
};

function picker(element, block, surface) {
  const [type, initial, told] = PICKERS[element.type];
  const node = h("input", {
    type,
    class: "input picker",
    value: surface.kept(element, block)?.[0] ?? initial(element) ?? "",
    "aria-label": wordsOf(block.label) || wordsOf(element.placeholder) || type,
    data: focusOf(block, element),
  });
  node.addEventListener("change", () => surface.choose(element, block, told(node.value)));
  return keep(node, () => told(node.value), element, block, surface);
}

const TYPED = {
  plain_text_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
};

function typedInput(element, block, surface) {
  const long = element.multiline || element.type === "rich_text_input";
  const initial = typeof element.initial_value === "string" ? element.initial_value : "";
  const node = h(long ? "textarea" : "input", {
    ...(long ? { rows: 4 } : { type: TYPED[element.type] }),
    class: "input",
    value: surface.kept(element, block)?.[0] ?? initial,
    placeholder: wordsOf(element.placeholder) || null,
    maxlength: element.max_length,
    min: element.min_value,
    max: element.max_value,
    step: element.type === "number_input" ? (element.is_decimal_allowed ? "any" : "1") : null,
    autofocus: element.focus_on_load,
    "aria-label": wordsOf(block.label),
    data: focusOf(block, element),
  });
  node.addEventListener("change", () => {
    if (block.dispatch_action) surface.choose(element, block, node.value);
  });
  return keep(node, () => node.value, element, block, surface);
}

function boxes(element, block, surface) {
  const single = element.type === "radio_buttons";
  const initial = single
    ? values([element.initial_option].filter(Boolean))
    : values(element.initial_options);
  const chosen = surface.kept(element, block) ?? initial;
  const name = `${block.block_id}-${element.action_id}-${Math.random()}`;
  const inputs = element.options.map((option) =>
    h("input", {
      type: single ? "radio" : "checkbox",
      name,
      value: option.value,
      checked: chosen.includes(option.value),
    }),
  );
  const ticked = () => inputs.filter((input) => input.checked).map((input) => input.value);
  const value = () => (single ? (ticked()[0] ?? "") : ticked());
  const node = h(
    "div",
    { class: "options", role: single ? "radiogroup" : "group", "aria-label": wordsOf(block.label) },
    element.options.map((option, index) =>
      h(
        "label",
        {},
        inputs[index],
        h(
          "span",
          {},
          textObject(option.text),
          option.description && h("small", {}, textObject(option.description)),
        ),
      ),
    ),
  );
  node.addEventListener("change", () => surface.choose(element, block, value()));
  return keep(node, value, element, block, surface);
}

function iconButton(element, block, surface) {
  const press = (event) =>
    whileBusy(event.currentTarget, () =>
      surface.press(element, block, { label: wordsOf(element.text), value: element.value }),
    );
  return h(
    "button",
    {
      type: "button",
      class: "button square",
      "aria-label": wordsOf(element.text),
      title: wordsOf(element.text),
      onclick: press,
    },
    icon(element.icon === "trash" ? "trash" : "bolt", 16),
  );
}

function feedback(element, block, surface) {
  const one = (choice, character) =>
    choice &&
    h(
      "button",
      {
        type: "button",
        class: "button square",
        "aria-label": choice.accessibility_label ?? wordsOf(choice.text),
        title: wordsOf(choice.text),
        onclick: () =>
          surface.press(element, block, { label: wordsOf(choice.text), value: choice.value }),
      },
      character,
    );
  return h(
    "span",
    { class: "pair" },
    one(element.positive_button, "👍"),
    one(element.negative_button, "👎"),
  );
}

const ELEMENTS = {
  button,
  workflow_button: button,
  overflow,
  static_select: staticSelect,
  multi_static_select: staticSelect,
  external_select: externalSelect,
  multi_external_select: externalSelect,
  users_select: peopleSelect,
  multi_users_select: peopleSelect,
  conversations_select: channelSelect,
  multi_conversations_select: channelSelect,
  channels_select: channelSelect,
  multi_channels_select: channelSelect,
  datepicker: picker,
  timepicker: picker,
  datetimepicker: picker,
  plain_text_input: typedInput,
  rich_text_input: typedInput,
  email_text_input: typedInput,
  url_text_input: typedInput,
  number_input: typedInput,
  checkboxes: boxes,
  radio_buttons: boxes,
  icon_button: iconButton,
  feedback_buttons: feedback,
};

/**
 * One element on its surface: a message, the App Home or a modal. A surface says what pressing and
 * choosing do, and what was chosen before; a modal's also collects its fields for the submission.
 */
export function interactive(element, block, surface) {
  return ELEMENTS[element.type]?.(element, block, surface) ?? null;
}
