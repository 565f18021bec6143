// What a person's hand does, told to the clouds: one function a deed, over their control routes.

import { toast } from "./menu.js";
import { currentPerson, deed, me } from "./state.js";
import { w } from "./words.js";

async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const answer = readAnswer(text);
    if (response.ok && answer.ok !== false) return answer;
    toast(`${w("failed")}: ${answer.error ?? answer.description ?? text.slice(0, 160)}`, "bad");
  } catch (problem) {
    toast(`${w("failed")}: ${problem.message}`, "bad");
  }
  return null;
}

function readAnswer(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

export const pushClock = (leap) => post("/clock", leap);

/** One deed of the customer whose phone is shown: say, photo, press, react, block … */
export function customer(verb, body = {}) {
  const person = currentPerson();
  if (!person) return Promise.resolve(null);
  deed(`customer-${verb}`, body.text ?? "");
  return post(`/telegram/control/${person.id}/${verb}`, body);
}

export const newCustomer = (body) => post("/telegram/control/person", body);

/** One deed of the member who sits at the desk: post, command, press, submit … */
export function member(verb, body = {}) {
  deed(`member-${verb}`, body.text ?? body.label ?? "", body);
  const { label, ...rest } = body;
  return post(`/slack/control/${verb}`, { member: me()?.id, ...rest });
}

/** A file's address under this page, whatever address the cloud gave it when it ran alone. */
export const telegramFile = (url) => `/telegram${url.slice(Math.max(0, url.indexOf("/media/")))}`;
export const slackFile = (file) => `/slack/control/file/${encodeURIComponent(file.id)}`;
