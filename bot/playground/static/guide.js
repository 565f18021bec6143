// The story strip above the panes: steps as chips, the current one with a hint and one click of help.

import { typeAtDesk } from "./desk.js";
import { h, show } from "./dom.js";
import { icon } from "./icons.js";
import { typeOnPhone } from "./phone.js";
import { changed, onChange, onDeed, view } from "./state.js";
import { STEPS } from "./story.js";
import { w } from "./words.js";

const done = new Set();
let current = 0;
let strip = null;
let openedBefore = localStorage.getItem("story") !== "closed";

const inLanguage = (pair) => pair[view.language === "zh" ? 1 : 0];

export const storyOpen = () => openedBefore;
export const storyProgress = () => `${done.size}/${STEPS.length}`;

export function toggleStory() {
  openedBefore = !openedBefore;
  localStorage.setItem("story", openedBefore ? "open" : "closed");
  changed();
}

/** Draws the eye to the button whose words fit, once the desk has shown its card. */
function point(message, pattern) {
  const look = () => {
    const card = message && document.querySelector(`.posts [data-ts="${CSS.escape(message.ts)}"]`);
    card?.scrollIntoView({ block: "nearest", behavior: "smooth" });
    const button = [...(card?.querySelectorAll("button.button") ?? [])].find((each) =>
      pattern.test(each.textContent),
    );
    (button ?? card)?.classList.add("pointed");
    button?.focus({ preventScroll: true });
    setTimeout(() => (button ?? card)?.classList.remove("pointed"), 2600);
  };
  setTimeout(look, 120);
}

const tools = {
  phone: typeOnPhone,
  // The desk first has to show the channel or thread whose box is meant.
  desk: (text, thread) => setTimeout(() => typeAtDesk(text, thread), 120),
  point,
};

onDeed((kind, text, body) => {
  const step = STEPS.findIndex((each, index) => !done.has(index) && each.done(kind, text, body));
  if (step < 0) return;
  done.add(step);
  const open = STEPS.findIndex((_, index) => !done.has(index));
  if (step === current && open >= 0) current = open;
  changed();
});

function chip(step, index) {
  const isDone = done.has(index);
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: `chip ${isDone ? "done" : ""} ${index === current ? "current" : ""}`,
        "aria-current": index === current ? "step" : null,
        data: { focus: `chip-${index}` },
        onclick: () => {
          current = index;
          changed();
        },
      },
      h("span", { class: "chip-mark" }, isDone ? icon("check", 13) : index + 1),
      inLanguage(step.name),
      isDone && h("span", { class: "unseen" }, ` (${w("done")})`),
    ),
  );
}

function paint() {
  strip.hidden = !openedBefore;
  show(strip, JSON.stringify([current, [...done], view.language]), () => {
    const step = STEPS[current];
    const all = done.size === STEPS.length;
    return [
      h("ol", { class: "chips" }, STEPS.map(chip)),
      h(
        "div",
        { class: "step" },
        h("span", { class: "step-hint" }, all ? w("storyDone") : inLanguage(step.hint)),
        !all &&
          h(
            "button",
            {
              type: "button",
              class: "button primary small-button",
              onclick: () => step.fill(tools),
            },
            w(step.shows ? "showMe" : "doItForMe"),
          ),
      ),
    ];
  });
}

export function buildGuide(root) {
  strip = root;
  onChange(paint);
}
