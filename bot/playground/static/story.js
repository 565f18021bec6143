// The guided story: what to try, in order, and how each step is known to be done.

import { currentChannel, currentPerson, goTo, me, myChannels, staff, view } from "./state.js";

const deskSays = (pattern) => (kind, text) => kind === "member-command" && pattern.test(text);
const pressed = (pattern) => (kind, text) => kind === "member-press" && pattern.test(text);
const either =
  (...tests) =>
  (kind, text) =>
    tests.some((test) => test(kind, text));

/** The channel where tickets come in: the one whose posts carry buttons, else one called support. */
function ticketChannel() {
  const all = myChannels().filter((channel) => !channel.is_im);
  return (
    all.find((channel) => lastTicket(channel)) ??
    all.find((channel) => /support|tickets|help/.test(channel.name)) ??
    all[0]
  );
}

function lastTicket(channel) {
  return channel?.messages.findLast(
    (message) =>
      message.bot &&
      !message.ephemeral_for &&
      (!message.thread_ts || message.thread_ts === message.ts) &&
      (message.blocks ?? []).some((block) => block.type === "actions"),
  );
}

function showTicket({ thread = false } = {}) {
  const channel = ticketChannel();
  if (!channel) return null;
  const ticket = lastTicket(channel);
  goTo(channel.id, thread && ticket ? ticket.ts : null);
  return ticket;
}

const customerName = () => currentPerson()?.first_name ?? "Anna";

/** The whole name, so that no other Anna can be meant; a Chinese one begins with the family. */
function customerFullName() {
  const { first_name: first = "Anna", last_name: last = "" } = currentPerson() ?? {};
  return chinese() ? `${last}${first}` : `${first} ${last}`.trim();
}

const chinese = () => currentPerson()?.language_code?.startsWith("zh");

function inTicketChannel(tools, text) {
  showTicket();
  tools.desk(text);
}

// Who may send campaigns and read digests; in a workspace without her anybody counts.
const manager = () => staff().find((member) => member.name === "mia");
const isManager = () => !manager() || manager().id === me()?.id;

/** Types a manager's command, at the manager's desk. */
function asManager(tools, text) {
  view.member = manager()?.id ?? view.member;
  inTicketChannel(tools, text);
}

const managerSays = (pattern) => (kind, text) => isManager() && deskSays(pattern)(kind, text);

export const STEPS = [
  {
    name: ["A customer writes", "客户来信"],
    hint: [
      "Anybody who writes to the bot becomes a contact with a ticket in Slack.",
      "给机器人写信的人会自动成为联系人，并在 Slack 里生成工单。",
    ],
    fill: ({ phone }) =>
      phone(
        chinese()
          ? "你好，我的订单 1042 还没有收到，能帮我查一下吗？"
          : "Hi, my order 1042 has not arrived yet. Can you check?",
      ),
    done: (kind) =>
      ["customer-say", "customer-photo", "customer-voice", "customer-document"].includes(kind),
  },
  {
    name: ["Take it", "接单"],
    hint: [
      "Press Take on the ticket's card, so that the team knows who is on it.",
      "点卡片上的“接单”，让团队知道谁在处理。",
    ],
    fill: ({ point }) => point(showTicket(), /take|claim|接|领/i),
    done: either(pressed(/take|claim|接|领/i), deskSays(/\b(take|assign)\b/)),
    shows: true,
  },
  {
    name: ["Answer", "回复"],
    hint: [
      "A reply in the ticket's thread goes to the customer.",
      "在工单的消息列里回复，客户就会收到。",
    ],
    fill: ({ desk }) => {
      showTicket({ thread: true });
      const text = chinese()
        ? "您好，包裹今天已发出，预计周二送达。"
        : `Hello ${customerName()}, it left our warehouse today and arrives on Tuesday.`;
      desk(text, true);
    },
    // Words to the app or in the channel itself reach no customer.
    done: (kind, text, { thread_ts: thread } = {}) =>
      kind === "member-post" &&
      Boolean(thread) &&
      !currentChannel()?.is_im &&
      !/^\s*(\/\/|note:)/i.test(text),
  },
  {
    name: ["Resolve", "解决"],
    hint: [
      "Press Resolve on the card. If the customer writes again soon, it reopens.",
      "点“解决”。如果客户很快又来信，工单会重新打开。",
    ],
    fill: ({ point }) => point(showTicket(), /resolve|close|done|解决|关闭/i),
    done: either(pressed(/resolve|close|done|解决|关闭/i), deskSays(/\b(resolve|close)\b/)),
    shows: true,
  },
  {
    name: ["Remind me", "提醒"],
    hint: [
      "Set a reminder, then let time pass with the buttons above.",
      "设一个提醒，然后用上面的按钮快进时间。",
    ],
    fill: (tools) =>
      inTicketChannel(
        tools,
        chinese()
          ? `/crm 提醒 ${customerFullName()} 明天上午九点 问问包裹到了没有`
          : `/crm remind ${customerFullName()} tomorrow 9am ask whether the parcel came`,
      ),
    done: deskSays(/\bremind|提醒/),
  },
  {
    name: ["Campaign", "群发"],
    hint: [
      "As Mia, the manager (bottom left): a message to everybody tagged vip. Then press Start.",
      "由主管 Mia 来做（左下角）：发给所有带 vip 标签的客户，然后点“开始”。",
    ],
    fill: (tools) =>
      asManager(
        tools,
        chinese()
          ? "/crm 群发 vip {first_name|朋友}，您好！今天起全场八折。"
          : "/crm campaign vip Hello {first_name|friend}, our winter sale starts today!",
      ),
    done: managerSays(/\bcampaign|群发/),
  },
  {
    name: ["Digest", "日报"],
    hint: [
      "As Mia: ask for the digest now, or move the clock to 9:00 and find it in her messages.",
      "作为 Mia：现在就要一份日报，或把时钟拨到九点，在她的私信里查看。",
    ],
    fill: (tools) => asManager(tools, chinese() ? "/crm 日报" : "/crm digest"),
    done: managerSays(/\bdigest|日报/),
  },
];
