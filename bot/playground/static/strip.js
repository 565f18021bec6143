// The strip of customers beside the phone: whose phone it is, who has unread messages, who is new.

import { avatar, fullName } from "./avatars.js";
import { h, keyed } from "./dom.js";
import { icon } from "./icons.js";
import { askNewCustomer } from "./newcomer.js";
import { clouds, unreadOf } from "./state.js";
import { w } from "./words.js";

// A bulk run makes thousands of people; nobody scrolls through more faces than this.
const SHOWN_FACES = 80;

const languageMark = ({ language_code: code }) =>
  code?.startsWith("zh") ? "中" : (code || "?").slice(0, 2).toUpperCase();

function newFace() {
  const label = w("newCustomer");
  return h(
    "button",
    {
      type: "button",
      class: "face add",
      "aria-label": label,
      title: label,
      onclick: askNewCustomer,
    },
    h("span", { class: "avatar plus" }, icon("plus", 20)),
    h("span", { class: "face-name" }, label),
  );
}

function face(facts, choose) {
  return h(
    "button",
    {
      type: "button",
      class: `face ${facts.active ? "active" : ""} ${facts.blocked ? "is-blocked" : ""}`,
      "aria-label": facts.unread ? `${facts.name} (${facts.unread})` : facts.name,
      "aria-current": facts.active ? "true" : null,
      title: facts.name,
      data: { focus: `face-${facts.id}` },
      onclick: () => choose(facts.id),
    },
    avatar(facts.name, { seed: facts.id }),
    h("span", { class: "lang" }, facts.mark),
    facts.unread > 0 && h("span", { class: "badge" }, facts.unread),
    h("span", { class: "face-name" }, facts.first),
  );
}

export function paintStrip(strip, current, choose) {
  const people = [...clouds.telegram.people.values()]
    .filter((person, index) => index < SHOWN_FACES || person.id === current.id)
    .map((person) => ({
      id: person.id,
      name: fullName(person),
      first: person.first_name,
      mark: languageMark(person),
      unread: person.id === current.id ? 0 : unreadOf(person),
      active: person.id === current.id,
      blocked: person.blocked,
    }));
  keyed(strip, [...people, { id: "add", label: w("newCustomer") }], {
    key: (facts) => facts.id,
    build: (facts) => (facts.id === "add" ? newFace() : face(facts, choose)),
  });
}
