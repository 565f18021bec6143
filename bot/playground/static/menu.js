// What opens above the page and goes away again: menus, pickers, confirmations and toasts.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { w } from "./words.js";

let opened = null;

export function closeMenu() {
  opened?.panel.remove();
  opened?.anchor.setAttribute("aria-expanded", "false");
  opened = null;
}

function place(panel, anchor) {
  const box = anchor.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const below = box.bottom + 6 + height < innerHeight;
  const left = Math.min(Math.max(8, box.left), innerWidth - width - 8);
  panel.style.left = `${left}px`;
  panel.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - height - 6)}px`;
}

/** Opens a panel at its anchor; Escape, a click outside or a second click on the anchor closes it. */
function openPanel(anchor, panel) {
  const again = opened?.anchor === anchor;
  closeMenu();
  if (again) return;
  document.body.append(panel);
  place(panel, anchor);
  anchor.setAttribute("aria-expanded", "true");
  opened = { panel, anchor };
  panel.querySelector("button, input, select")?.focus({ preventScroll: true });
}

/** A menu of {label, icon, mark, danger, pick}; arrow keys walk, Enter picks. */
export function openMenu(anchor, label, items) {
  const panel = h(
    "div",
    { class: "panel menu", role: "menu", "aria-label": label },
    items.map((item) =>
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          class: item.danger ? "danger" : null,
          onclick: () => {
            closeMenu();
            anchor.focus({ preventScroll: true });
            item.pick();
          },
        },
        item.icon && icon(item.icon, 17),
        item.lead,
        h("span", { class: "menu-label" }, item.label),
        item.hint && h("span", { class: "menu-hint" }, item.hint),
        item.mark && icon("check", 16),
      ),
    ),
  );
  openPanel(anchor, panel);
}

/** A row of emoji to choose one from. */
export function openEmoji(anchor, choices, pick) {
  const panel = h(
    "div",
    { class: "panel emoji-panel", role: "menu", "aria-label": w("addReaction") },
    choices.map(([name, character]) =>
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          "aria-label": name,
          title: name,
          onclick: () => {
            closeMenu();
            pick(name);
          },
        },
        character,
      ),
    ),
  );
  openPanel(anchor, panel);
}

document.addEventListener("pointerdown", (event) => {
  if (opened && !opened.panel.contains(event.target) && !opened.anchor.contains(event.target))
    closeMenu();
});
document.addEventListener(
  "keydown",
  (event) => {
    if (!opened) return;
    if (event.key === "Escape") {
      opened.anchor.focus();
      closeMenu();
      event.stopPropagation();
      event.preventDefault();
    } else if (["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"].includes(event.key)) walk(event);
  },
  true,
);
addEventListener("resize", closeMenu);

function walk(event) {
  const buttons = [...opened.panel.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  if (!buttons.length || at < 0) return;
  event.preventDefault();
  const step = ["ArrowDown", "ArrowRight"].includes(event.key) ? 1 : -1;
  buttons[(at + step + buttons.length) % buttons.length].focus();
}

/** Asks before something is done; resolves to true only when the person agreed. */
export function confirmFirst({ title, text, agree, deny, danger }) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "dialog", "aria-label": title });
    const answer = (yes) => {
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    dialog.append(
      h("h2", {}, title),
      h("p", {}, text),
      h(
        "div",
        { class: "dialog-buttons" },
        h(
          "button",
          { type: "button", class: "button", onclick: () => answer(false) },
          deny ?? w("cancel"),
        ),
        h(
          "button",
          {
            type: "button",
            class: `button ${danger ? "danger-fill" : "primary"}`,
            autofocus: true,
            onclick: () => answer(true),
          },
          agree ?? w("yes"),
        ),
      ),
    );
    dialog.addEventListener("cancel", () => answer(false));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A short notice that goes away by itself. */
export function toast(text, kind = "") {
  const shelf = document.getElementById("toasts");
  const note = h(
    "div",
    { class: `toast ${kind}`, role: kind === "bad" ? "alert" : "status" },
    text,
  );
  shelf.append(note);
  setTimeout(() => note.classList.add("leave"), 4200);
  setTimeout(() => note.remove(), 4600);
  while (shelf.children.length > 3) shelf.firstChild.remove();
}
