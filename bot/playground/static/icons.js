// The page's line icons, each a few strokes on a 24 by 24 grid.

import { s } from "./dom.js";

const STROKES = {
  send: "M4 12 20 4l-5 16-4-7z M11 13l9-9",
  clip: "M20 11.5l-8.2 8.2a5 5 0 0 1-7-7L13.4 4a3.4 3.4 0 0 1 4.8 4.8l-8.4 8.3a1.7 1.7 0 0 1-2.4-2.4l7.6-7.5",
  mic: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3z M6 11a6 6 0 0 0 12 0 M12 17v4",
  plus: "M12 5v14 M5 12h14",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M8.5 14a4.2 4.2 0 0 0 7 0 M9 9.6h.01 M15 9.6h.01",
  thread:
    "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-8l-4 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z M8 9h8 M8 12.5h5",
  reply: "M10 6 4 12l6 6 M4 12h10a6 6 0 0 1 6 6",
  more: "M12 6h.01 M12 12h.01 M12 18h.01",
  hash: "M9 4 7 20 M17 4l-2 16 M4.5 9h16 M3.5 15h16",
  lock: "M6 11h12v9H6z M8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  down: "M6 9l6 6 6-6",
  left: "M15 5l-7 7 7 7",
  close: "M6 6l12 12 M18 6 6 18",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 7v5.2l3.4 2",
  file: "M7 3h7l5 5v12a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z M14 3v5h5",
  pin: "M12 21s7-6.1 7-11.2A7 7 0 0 0 5 9.8C5 14.9 12 21 12 21z M12 12.3a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4.5 20a7.5 7.5 0 0 1 15 0",
  edit: "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19z M14 6.5 17.5 10",
  trash: "M5 7h14 M9 7V4.5h6V7 M7 7l1 13h8l1-13 M10.5 11v5 M13.5 11v5",
  block: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M5.8 5.8l12.4 12.4",
  play: "M8 5.5v13l11-6.5z",
  globe:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M3.5 12h17 M12 3c3 3.2 3 14.8 0 18 M12 3c-3 3.2-3 14.8 0 18",
  image: "M4 5h16v14H4z M4 16l5-5 4 4 3-3 4 4 M15.5 9.5h.01",
  book: "M5 4h9a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3z M5 17a3 3 0 0 1 3-3h9",
  slash: "M15 5 9 19",
  menu: "M5 7h14 M5 12h14 M5 17h14",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  phone:
    "M6 4h3l2 5-2.2 1.5a10 10 0 0 0 4.7 4.7L15 13l5 2v3a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z",
  at: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M16 8v5.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.5 7",
  eye: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6z M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  home: "M4 11.5 12 5l8 6.5 M6 10v9h12v-9 M10 19v-5h4v5",
};

export function icon(name, size = 20) {
  return s(
    "svg",
    { viewBox: "0 0 24 24", width: size, height: size, class: "icon", "aria-hidden": "true" },
    s("path", { d: STROKES[name] }),
  );
}

/** One tick for sent, two for seen, as on a phone. */
export function ticks(seen) {
  return s(
    "svg",
    { viewBox: "0 0 18 12", width: 16, height: 11, class: "ticks", "aria-hidden": "true" },
    s("path", { d: seen ? "M1 6.5 4.5 10 11 2.5 M7.5 9.2l.8.8L15.5 2.5" : "M4 6.5 7.5 10 14 2.5" }),
  );
}
