// Where the page begins: it listens to the server, draws the top bar and starts both panes.

import { pushClock } from "./clouds.js";
import { buildDesk } from "./desk.js";
import { h, show } from "./dom.js";
import { buildGuide, storyOpen, storyProgress, toggleStory } from "./guide.js";
import { icon } from "./icons.js";
import { closeMenu } from "./menu.js";
import { watchModals } from "./modal.js";
import { buildPhone } from "./phone.js";
import { changed, deed, forget, now, onChange, takeIn, view } from "./state.js";
import { clockTime, longDate, zone } from "./times.js";
import { w } from "./words.js";

const byId = (id) => document.getElementById(id);
let connected = true;

function leap(key, body) {
  const push = async () => {
    await pushClock(body());
    deed("clock", key);
  };
  return h(
    "button",
    {
      type: "button",
      class: "leap",
      title: w(`${key}Hint`),
      "aria-label": w(`${key}Hint`),
      data: { focus: key },
      onclick: push,
    },
    w(key),
  );
}

function clockFace() {
  return h(
    "div",
    { class: "clock", role: "group", "aria-label": w("clock") },
    icon("clock", 18),
    h("time", { class: "clock-time" }),
    h("span", { class: "clock-date" }),
    h(
      "span",
      { class: "leaps" },
      leap("hour", () => ({ seconds: 3600 })),
      leap("day", () => ({ seconds: 86_400 })),
      leap("nine", () => ({ to: "09:00", zone: zone() })),
    ),
  );
}

function switchLanguage() {
  view.language = view.language === "zh" ? "en" : "zh";
  localStorage.setItem("language", view.language);
  closeMenu();
  build();
  changed();
}

function paintTop() {
  const facts = [view.language, storyOpen(), storyProgress(), connected];
  show(byId("top"), JSON.stringify(facts), () => [
    h(
      "div",
      { class: "brand" },
      h("img", { src: "static/icon.svg", alt: "", width: 28, height: 28 }),
      h("h1", {}, w("title")),
    ),
    clockFace(),
    h(
      "div",
      { class: "top-tools" },
      !connected && h("span", { class: "offline", role: "alert" }, w("offline")),
      h(
        "button",
        {
          type: "button",
          class: "top-button",
          title: w("storyHint"),
          "aria-label": w("storyHint"),
          "aria-expanded": storyOpen() ? "true" : "false",
          "aria-controls": "guide",
          data: { focus: "story" },
          onclick: toggleStory,
        },
        icon("book", 17),
        w("story"),
        h("span", { class: "progress" }, storyProgress()),
      ),
      h(
        "button",
        {
          type: "button",
          class: "top-button",
          title: w("languageHint"),
          "aria-label": w("languageHint"),
          data: { focus: "language" },
          onclick: switchLanguage,
        },
        icon("globe", 17),
        w("language"),
      ),
    ),
  ]);
  tick();
}

/** The minute shows at once; the seconds are nobody's business. */
function tick() {
  const time = document.querySelector(".clock-time");
  if (!time) return;
  time.textContent = clockTime(now());
  document.querySelector(".clock-date").textContent = longDate(now());
}

let built = false;
function build() {
  document.documentElement.lang = view.language === "zh" ? "zh-CN" : "en";
  document.title = w("title");
  byId("phone").setAttribute("aria-label", w("customers"));
  byId("desk").setAttribute("aria-label", w("desk"));
  if (!built) onChange(paintTop);
  buildPhone(byId("phone"), built);
  buildDesk(byId("desk"), built);
  if (!built) {
    buildGuide(byId("guide"));
    watchModals();
  }
  built = true;
}

function listen() {
  const source = new EventSource("events");
  let fresh = true;
  source.addEventListener("open", () => {
    fresh = true;
    connected = true;
    changed();
  });
  source.addEventListener("message", (event) => {
    // After a break the server tells all again, so what was removed meanwhile must not linger.
    if (fresh) forget();
    fresh = false;
    takeIn(JSON.parse(event.data));
  });
  source.addEventListener("error", () => {
    connected = false;
    changed();
  });
}

build();
listen();
setInterval(() => {
  tick();
  const phone = document.querySelector(".phone-time");
  if (phone) phone.textContent = clockTime(now());
}, 1000);
