// The little form that brings a new customer into the playground.

import { newCustomer } from "./clouds.js";
import { h } from "./dom.js";
import { changed, view } from "./state.js";
import { w } from "./words.js";

const LANGUAGES = [
  ["en", "English"],
  ["zh-hans", "中文"],
  ["de", "Deutsch"],
  ["es", "Español"],
  ["fr", "Français"],
  ["ja", "日本語"],
];

const field = (label, input) => h("label", { class: "field" }, h("span", {}, label), input);

export function askNewCustomer() {
  const first = h("input", {
    type: "text",
    required: true,
    maxlength: 64,
    autofocus: true,
    autocomplete: "off",
  });
  const last = h("input", { type: "text", maxlength: 64, autocomplete: "off" });
  const language = h(
    "select",
    {},
    LANGUAGES.map(([code, name]) => h("option", { value: code }, name)),
  );
  const dialog = h("dialog", { class: "dialog", "aria-label": w("newCustomer") });
  const away = () => {
    dialog.close();
    dialog.remove();
  };
  const add = async (event) => {
    event.preventDefault();
    const answer = await newCustomer({
      first_name: first.value.trim(),
      last_name: last.value.trim(),
      language_code: language.value,
    });
    if (answer?.id) view.person = answer.id;
    away();
    changed();
  };
  dialog.append(
    h(
      "form",
      { onsubmit: add },
      h("h2", {}, w("newCustomer")),
      field(w("firstName"), first),
      field(w("lastName"), last),
      field(w("personLanguage"), language),
      h(
        "div",
        { class: "dialog-buttons" },
        h("button", { type: "button", class: "button", onclick: away }, w("cancel")),
        h("button", { type: "submit", class: "button primary" }, w("add")),
      ),
    ),
  );
  dialog.addEventListener("cancel", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
