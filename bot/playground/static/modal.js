// The modal in front of the desk: fields, errors beside them, submit and cancel.

import { blocks } from "./blocks.js";
import { member } from "./clouds.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { textObject } from "./mrkdwn.js";
import { clouds, me, onChange } from "./state.js";
import { modalSurface } from "./surfaces.js";
import { w } from "./words.js";

let dialog = null;
let shown = "";
let surface = null;

function check() {
  let fine = true;
  for (const [id, { node, element, value }] of surface.fields) {
    const frame = dialog.querySelector(`[data-block="${CSS.escape(id)}"]`);
    if (!frame) continue;
    const given = value();
    const missing = !frame.dataset.optional && (given === "" || given?.length === 0);
    const wrong =
      missing || (node.validity && !node.validity.valid && element.type !== "external_select");
    frame.classList.toggle("wrong", Boolean(wrong));
    frame.querySelector(".problem").textContent = missing
      ? w("required")
      : wrong
        ? node.validationMessage
        : "";
    if (wrong && fine) node.focus();
    fine &&= !wrong;
  }
  return fine;
}

async function submit(event) {
  event.preventDefault();
  if (!check()) return;
  const values = Object.fromEntries([...surface.fields].map(([id, { value }]) => [id, value()]));
  dialog.classList.add("busy");
  await member("submit", { values });
  dialog?.classList.remove("busy");
}

function build(view) {
  surface = modalSurface(view);
  const title = h("h2", {}, textObject(view.title));
  const hasFields = view.submit || view.blocks.some((block) => block.type === "input");
  return h(
    "form",
    { class: "modal-form", novalidate: true, onsubmit: submit },
    h(
      "header",
      {},
      title,
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          "aria-label": w("close"),
          onclick: () => member("close"),
        },
        icon("close"),
      ),
    ),
    h("div", { class: "modal-body blocks" }, blocks(view.blocks, surface)),
    h(
      "footer",
      {},
      h(
        "button",
        { type: "button", class: "button", onclick: () => member("close") },
        view.close ? textObject(view.close) : w(hasFields ? "cancel" : "close"),
      ),
      hasFields &&
        h(
          "button",
          { type: "submit", class: "button primary" },
          view.submit ? textObject(view.submit) : w("submit"),
        ),
    ),
  );
}

function markOptional(view) {
  for (const block of view.blocks)
    if (block.optional) {
      const frame = dialog.querySelector(`[data-block="${CSS.escape(block.block_id)}"]`);
      if (frame) frame.dataset.optional = "yes";
    }
}

/** Words that were typed outlive a redraw, as when the app answers with errors beside the fields. */
function keepTyped(before) {
  for (const [id, { value }] of before ?? []) {
    const field = surface.fields.get(id);
    const text = value();
    if (field && typeof text === "string" && "value" in field.node && text) field.node.value = text;
  }
}

function paint() {
  const view = (clouds.slack.modals.get(me()?.id) ?? []).at(-1);
  if (!view) {
    dialog?.close();
    dialog?.remove();
    dialog = null;
    shown = "";
    return;
  }
  // The state changes with every chosen value; redrawing for that would take the focus away.
  const signature = JSON.stringify([view.id, view.hash, view.blocks, view.title, view.errors]);
  if (signature === shown) return;
  const before = shown.includes(`"${view.id}"`) ? surface?.fields : null;
  shown = signature;
  if (!dialog) {
    dialog = h("dialog", { class: "modal" });
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      member("close");
    });
    document.body.append(dialog);
  }
  dialog.replaceChildren(build(view));
  dialog.setAttribute("aria-label", view.title?.text ?? "");
  keepTyped(before);
  markOptional(view);
  if (!dialog.open) dialog.showModal();
  (
    dialog.querySelector(".wrong :is(input, textarea, select)") ??
    dialog.querySelector(".modal-body :is(input, textarea, select)")
  )?.focus();
}

export function watchModals() {
  onChange(paint);
}
