// What the page knows: both clouds as last told by the server, and which person looks at what.

export const clouds = {
  telegram: { bot: null, people: new Map() },
  slack: {
    team: { name: "" },
    bot: { user_id: "", name: "" },
    members: [],
    commands: [],
    shortcuts: [],
    channels: new Map(),
    homes: new Map(),
    modals: new Map(),
  },
};

export const view = {
  person: null,
  member: null,
  channel: new Map(),
  thread: new Map(),
  tab: "messages",
  language: firstLanguage(),
  loaded: false,
};

/** What the reader has chosen, else what the demo was started in, else what the browser prefers. */
function firstLanguage() {
  const wanted = document.documentElement.dataset.language || navigator.language;
  return localStorage.getItem("language") ?? (wanted.startsWith("zh") ? "zh" : "en");
}

const seen = new Map();
const painters = [];
const ears = [];
let clockOffset = 0;
let scheduled = false;

/** Runs after every change, at most once a frame. */
export function onChange(paint) {
  painters.push(paint);
}

export function changed() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    painters.forEach(paintApart);
  });
}

// One message that cannot be drawn must not keep the rest of the page from following.
function paintApart(paint) {
  try {
    paint();
  } catch (problem) {
    reportError(problem);
  }
}

/** What people do on the page, told to whoever listens: the guide ticks its steps off by this. */
export function onDeed(hear) {
  ears.push(hear);
}

export function deed(kind, text = "", body = {}) {
  ears.forEach((hear) => hear(kind, text, body));
}

export function now() {
  return new Date(Date.now() + clockOffset);
}

/** Takes in what the server sent: its moment, and "cloud/part" or "cloud/part/id" to value or null. */
export function takeIn({ now: moment, parts }) {
  clockOffset = new Date(moment).getTime() - Date.now();
  for (const [path, value] of Object.entries(parts)) {
    const [cloud, part, id] = path.split("/");
    if (id === undefined) clouds[cloud][part] = value;
    else if (value === null) clouds[cloud][part].delete(id);
    else clouds[cloud][part].set(id, value);
  }
  if (!view.loaded) settle();
  clouds.telegram.people.forEach(stopTyping);
  changed();
}

// Telegram shows "typing" for five seconds, and no message says that they are over.
function stopTyping(person) {
  if (!person.typing || person.timer) return;
  person.timer = setTimeout(() => {
    person.typing = false;
    changed();
  }, 5000);
}

export function forget() {
  clouds.telegram.people.clear();
  for (const part of ["channels", "homes", "modals"]) clouds.slack[part].clear();
}

// What was there before the page opened counts as read, for every reader.
function settle() {
  view.loaded = true;
  for (const person of clouds.telegram.people.values()) markPersonSeen(person);
  for (const member of clouds.slack.members)
    for (const channel of clouds.slack.channels.values()) markChannelSeen(member.id, channel);
}

export function currentPerson() {
  const people = clouds.telegram.people;
  return people.get(String(view.person)) ?? people.values().next().value ?? null;
}

export function staff() {
  return clouds.slack.members.filter((member) => !member.bot && !member.deleted);
}

export function me() {
  const all = staff();
  return all.find((member) => member.id === view.member) ?? all[0] ?? null;
}

/** The channels that the current member has in the sidebar, the app's direct messages last. */
export function myChannels() {
  const mine = [...clouds.slack.channels.values()].filter(
    (channel) =>
      !channel.is_archived &&
      (channel.is_im ? channel.user === me()?.id : (channel.members?.includes(me()?.id) ?? true)),
  );
  return mine.sort((a, b) => Boolean(a.is_im) - Boolean(b.is_im));
}

export function currentChannel() {
  const mine = myChannels();
  const chosen = view.channel.get(me()?.id);
  return mine.find((channel) => channel.id === chosen) ?? mine[0] ?? null;
}

export function openThread() {
  return view.thread.get(me()?.id) ?? null;
}

export function goTo(channelId, threadTs = null, tab = "messages") {
  view.channel.set(me()?.id, channelId);
  view.thread.set(me()?.id, threadTs ? { channel: channelId, ts: threadTs } : null);
  view.tab = tab;
  changed();
}

export function memberById(id) {
  return clouds.slack.members.find((member) => member.id === id) ?? null;
}

export function visibleTo(member, message) {
  return !message.ephemeral_for || message.ephemeral_for === member?.id;
}

export function isReply(message) {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts;
}

export function markPersonSeen(person) {
  seen.set(`person/${person.id}`, person.messages.at(-1)?.id ?? 0);
}

export function unreadOf(person) {
  const last = seen.get(`person/${person.id}`) ?? 0;
  return person.messages.filter((each) => each.from === "bot" && each.id > last).length;
}

export function markChannelSeen(memberId, channel) {
  seen.set(`${memberId}/${channel.id}`, channel.messages.at(-1)?.ts ?? "0");
}

export function unreadIn(channel) {
  const member = me();
  const last = seen.get(`${member?.id}/${channel.id}`) ?? "0";
  return channel.messages.filter(
    (each) =>
      each.ts > last && each.user !== member?.id && visibleTo(member, each) && !isReply(each),
  ).length;
}
