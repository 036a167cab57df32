import { number } from "./words.ts";

const n = (value: number) => number("en", value);

/** Everything that a visitor reads in the chat, but for what the server says. The other languages have the same. */
const en = {
  chat: "Chat",
  messages: "Messages",
  close: "Close",
  you: "You",

  assistant: "Assistant",
  assistantAnswers: "Answers at once",
  waitingForPerson: "Waiting for a person",
  meanwhile: "The assistant still takes commands",
  personAnswers: "A person answers",
  closed: "This conversation is closed. Write, and it opens again.",
  askForPerson: "Ask for a person",
  whatCanIAsk: "What can I ask?",

  connecting: "Connecting…",
  stillConnecting: "Connecting takes longer than usual. You can write already; it is kept and sent.",
  noConnection: "No connection. What you write is kept, and sent when it is back.",
  tryNow: "Try now",

  compose: "Write a message",
  send: "Send",
  attach: "Attach a file",
  filesLost: "Its files were lost with the page; attach them again.",
  nothingToSend: "Nothing to send yet: write something first.",
  tooLong: (limit: number, length: number) => `${n(limit)} is the limit, yours has ${n(length)}.`,
  left: (count: number) => (count < 0 ? `${n(-count)} too many` : `${n(count)} left`),

  sending: "sending",
  sent: "sent",
  delivered: "delivered",
  read: "read",
  edited: "edited",
  deleted: "This message was deleted.",
  waiting: "waiting for the network, will be sent",
  unconfirmed: "waiting for the confirmation",
  goesByItself: "It will be sent by itself.",
  notSent: "Not sent.",
  tryAgain: "Try again",
  edit: "Edit",
  remove: "Remove",

  typing: (name: string) => `${name} is typing`,
  fresh: (count: number) => `${n(count)} new`,
  toNewest: "To the newest message",
  opensElsewhere: "opens in a new tab",

  partNotLoaded: "This part could not be loaded.",

  menu: "More",
  emoji: "Emoji",

  /** By the code of a refusal; what isn't here is said as the server says it. */
  errors: {
    rate_limited: "That was too much at once. Wait a moment.",
    unavailable: "It could not be saved at the moment.",
    internal: "Something went wrong on our side. Please try again.",
    client_id_reused: "This was sent already.",
    nothing_to_send: "Nothing to send: the message is empty.",
    conflict: "This is no longer possible.",
  },
};

export type Texts = typeof en;
export default en;
