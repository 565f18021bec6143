// Building nodes, keeping lists in step with data, and scrolling: the page's whole "framework".
// Text only ever enters the page through text nodes, so nothing a person types can become markup.

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "selected", "disabled", "open", "hidden"]);

function dress(node, props) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name === "style")
      Object.entries(value).forEach(([k, v]) => node.style.setProperty(k, v));
    else if (name === "data") Object.assign(node.dataset, value);
    else if (PROPERTIES.has(name) && name in node) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
}

function fill(node, props, children) {
  dress(node, props);
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

export const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);
export const s = (tag, props, ...children) =>
  fill(document.createElementNS(SVG, tag), props, children);

export function fragment(...children) {
  return fill(document.createDocumentFragment(), {}, children);
}

/** Replaces what a node holds, only when the signature of what it shows has changed. */
export function show(node, signature, build) {
  if (node.shown === signature) return false;
  node.shown = signature;
  const focus = focusKey(node);
  node.replaceChildren(...[build()].flat().filter(Boolean));
  refocus(node, focus);
  return true;
}

function focusKey(node) {
  const active = document.activeElement;
  return active && node.contains(active) ? active.dataset.focus : undefined;
}

function refocus(node, key) {
  if (key) node.querySelector(`[data-focus="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/**
 * Makes the children of `parent` follow `items`: a node is kept while its signature stays, so focus,
 * half-typed text and running animations survive, and only what is truly new slides in.
 */
export function keyed(parent, items, { key, build, sign = JSON.stringify }) {
  const before = parent.kept;
  const kept = new Map();
  let cursor = parent.firstChild;
  for (const item of items) {
    const name = key(item);
    const signature = sign(item);
    let entry = before?.get(name);
    if (entry?.signature !== signature) {
      const node = build(item);
      if (entry) {
        const focus = focusKey(entry.node);
        if (entry.node === cursor) cursor = node;
        entry.node.replaceWith(node);
        refocus(node, focus);
      } else if (before) node.classList.add("enter");
      entry = { signature, node };
    }
    kept.set(name, entry);
    if (entry.node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(entry.node, cursor);
  }
  const staying = new Set([...kept.values()].map((entry) => entry.node));
  for (const node of [...parent.childNodes]) if (!staying.has(node)) node.remove();
  parent.kept = kept;
}

/** Keeps a scroller at its end while its reader is there; returns a function that jumps back to it. */
export function stickToEnd(scroller, content) {
  let stuck = true;
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight;
  };
  let before = 0;
  scroller.addEventListener("scroll", () => {
    // Only going up lets go: growing content also leaves the end behind, but its reader did not.
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 48;
    stuck = atEnd || (stuck && scroller.scrollTop >= before);
    before = scroller.scrollTop;
  });
  const watch = new ResizeObserver(() => stuck && toEnd());
  watch.observe(scroller);
  watch.observe(content);
  return () => {
    stuck = true;
    toEnd();
  };
}

/** A text box that grows with its text up to six lines; Enter sends, Shift+Enter breaks the line. */
export function growingBox(props, onsend) {
  const box = h("textarea", { rows: 1, autocomplete: "off", spellcheck: "false", ...props });
  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 148)}px`;
  };
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    // While an input method is composing, Enter chooses the characters and must not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented)
      return;
    event.preventDefault();
    onsend();
  });
  box.put = (text) => {
    box.value = text;
    grow();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  return box;
}

export function linkTo(url, ...children) {
  // Anything but a plain web or mail address stays text: "javascript:" must never become a link.
  if (!/^(https?:|mailto:|tel:)/i.test(url)) return h("span", {}, ...children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}
