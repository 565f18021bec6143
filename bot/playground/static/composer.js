// Where staff type: messages, slash commands with their hints, mentions and files.

import { avatar } from "./avatars.js";
import { member } from "./clouds.js";
import { growingBox, h, show } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu, toast } from "./menu.js";
import { readFile } from "./samples.js";
import { clouds, staff } from "./state.js";
import { w } from "./words.js";

/** The lines of a usage hint: "find <name> | due" or one a line; brackets around the whole fall away. */
function subcommands({ command, description, usage_hint: hint }) {
  const lines = (hint ?? "")
    .replace(/^\[(.*)\]$/s, "$1")
    .split(/\s*\|\s*|\n/)
    .map((line) => line.trim())
    .filter((line) => line && !/^(…|\.\.\.)$/.test(line));
  return [
    { line: command, hint: description },
    ...lines.map((line) => ({ line: `${command} ${line}`, hint: "" })),
  ];
}

/** What stays when a hint is taken: the words before its first <gap>. */
const fixedPart = (line) => line.replace(/\s*[<[…].*$/s, "").trim();

function slashChoices(text) {
  if (!text.startsWith("/") || text.includes("\n")) return [];
  const typed = text.toLowerCase();
  const fits = ({ line }) => {
    const fixed = fixedPart(line).toLowerCase();
    return (
      line.toLowerCase().startsWith(typed.trimEnd()) ||
      (typed.startsWith(`${fixed} `) && fixed.includes(" "))
    );
  };
  return clouds.slack.commands
    .flatMap(subcommands)
    .filter(fits)
    .slice(0, 9)
    .map((each) => ({ ...each, put: `${fixedPart(each.line)} ` }));
}

function mentionChoices(text, caret) {
  const typed = text.slice(0, caret).match(/(^|\s)@([\p{L}\w.-]*)$/u);
  if (!typed) return [];
  const start = caret - typed[2].length - 1;
  const people = [{ name: clouds.slack.bot.name, app: true }, ...staff()];
  return people
    .filter(
      (person) =>
        person.name &&
        `${person.name} ${person.real_name ?? ""}`.toLowerCase().includes(typed[2].toLowerCase()),
    )
    .slice(0, 7)
    .map((person) => ({
      line: `@${person.name}`,
      hint: person.app ? w("app") : person.real_name,
      face: person.real_name || person.name,
      put: `${text.slice(0, start)}@${person.name} ${text.slice(caret)}`,
    }));
}

/** A box with its popup. `place` says where the words go: {channel, thread_ts, name}. */
export function buildComposer(place, { thread = false } = {}) {
  let choices = [];
  let chosen = 0;
  const popup = h("div", { class: "hints", role: "listbox", "aria-label": w("commands") });
  const box = growingBox({ class: "desk-box", "aria-label": "", "aria-autocomplete": "list" }, () =>
    submit(),
  );

  const paintHints = () =>
    show(popup, JSON.stringify([choices, chosen]), () =>
      choices.map((choice, index) =>
        h(
          "button",
          {
            type: "button",
            role: "option",
            tabindex: -1,
            "aria-selected": index === chosen ? "true" : "false",
            onpointerdown: (event) => (event.preventDefault(), take(choice)),
          },
          choice.face && avatar(choice.face, { kind: "square tiny" }),
          h("b", {}, choice.line),
          h("span", {}, choice.hint),
        ),
      ),
    );
  const look = () => {
    choices = thread ? [] : slashChoices(box.value);
    if (!choices.length) choices = mentionChoices(box.value, box.selectionStart);
    chosen = 0;
    paintHints();
    send.disabled = !box.value.trim();
  };
  const take = (choice) => {
    box.put(choice.put);
    box.focus();
  };
  const walk = (event) => {
    if (!choices.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const exact = choices[chosen]?.put.trim() === box.value.trim();
    const typesOn = box.value.length > (choices[chosen]?.put.length ?? 0);
    if (step) chosen = (chosen + step + choices.length) % choices.length;
    else if (event.key === "Escape") choices = [];
    else if (
      event.key === "Tab" ||
      (event.key === "Enter" && !event.shiftKey && !exact && !typesOn)
    )
      take(choices[chosen]);
    else return;
    event.preventDefault();
    event.stopPropagation();
    paintHints();
  };

  async function submit() {
    const text = box.value.trim();
    if (!text) return;
    const { channel, thread_ts: threadTs } = place();
    // Two slashes begin no command: such a line is a message, and stays inside.
    const command = text.match(/^\/(?!\/)\S+/)?.[0];
    if (command && thread) return void toast(`${command} ${w("noThreads")}`, "bad");
    if (command && !clouds.slack.commands.some((each) => each.command === command))
      return void toast(`${command} ${w("notCommand")}`, "bad");
    box.put("");
    const told = command
      ? await member("command", { channel, text })
      : await member("post", { channel, text, thread_ts: threadTs });
    // What could not be sent comes back, unless something new has been typed since.
    if (!told && !box.value) box.put(text);
  }

  const picker = h("input", { type: "file", hidden: true, "aria-hidden": "true", tabindex: -1 });
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    picker.value = "";
    if (!file) return;
    const { channel, thread_ts: threadTs } = place();
    const text = box.value.trim();
    box.put("");
    await member("upload", {
      channel,
      thread_ts: threadTs,
      name: file.name,
      data: await readFile(file),
      text,
    });
  });
  const mention = (event) =>
    openMenu(
      event.currentTarget,
      w("mention"),
      [{ name: clouds.slack.bot.name }, ...staff()].map((person) => ({
        label: `@${person.name}`,
        hint: person.real_name,
        pick: () =>
          take({
            put: `${box.value}${box.value && !box.value.endsWith(" ") ? " " : ""}@${person.name} `,
          }),
      })),
    );
  const tool = (key, mark, onclick) =>
    h(
      "button",
      { type: "button", class: "quiet", "aria-label": w(key), title: w(key), onclick },
      icon(mark, 18),
    );
  const send = h(
    "button",
    { type: "submit", class: "send-button", "aria-label": w("send"), disabled: true },
    icon("send", 17),
  );

  box.addEventListener("keydown", walk, { capture: true });
  box.addEventListener("input", look);
  box.addEventListener("blur", () => {
    choices = [];
    paintHints();
  });
  const node = h(
    "form",
    { class: "desk-composer", onsubmit: (event) => (event.preventDefault(), submit()) },
    popup,
    box,
    h(
      "div",
      { class: "desk-tools" },
      tool("upload", "plus", () => picker.click()),
      tool("mention", "at", mention),
      !thread &&
        tool("commands", "slash", () =>
          take({ put: `${clouds.slack.commands[0]?.command ?? "/"} ` }),
        ),
      picker,
      send,
    ),
  );
  node.named = (label) => {
    box.placeholder = label;
    box.setAttribute("aria-label", label);
  };
  node.box = box;
  return node;
}
