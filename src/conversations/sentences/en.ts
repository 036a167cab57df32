/** What the server itself says to a visitor. The other languages have the same; names of commands stay as they are written. */
export const en = {
  askForPerson: "Ask for a person",
  whatCanIAsk: "What can I ask?",
  leave: "Leave the line",

  joined: (agent: string) => `${agent} joined the conversation.`,
  handedBack: (agent: string) => `${agent} handed the conversation back to the assistant.`,
  backInQueue: (agent: string) => `${agent} put the conversation back into the queue.`,
  handedTo: (agent: string, to: string) => `${agent} handed the conversation to ${to}.`,
  closedBy: (agent: string) => `${agent} closed the conversation.`,
  frontOfLine: "You are at the front of the line again; somebody else will go on from here.",
  pageIsOld: "This chat was opened a while ago and is out of date; please load the page again.",
  serverIsOld: "The chat is being renewed at the moment; it goes on by itself in a few seconds.",
  reopened: (agent: string) => `${agent} reopened the conversation.`,
  ended: "You ended the conversation.",
  leftQueue: "You left the queue. The assistant answers again.",
  notInLine: "You are not in line.",
  inLine: "You are in line for a person. You keep your place if you close this page; meanwhile the assistant still takes commands.",
  inLineNobodyThere:
    "You are in line for a person. Nobody was at the desk when you asked; your place is kept, and the answer will be here when you come back.",
  inLineAlready: "You are in line already; your place is kept.",
  noSuchTeam: (team: string, known: string) => `There is no team "${team}" here; "${known}" is.`,

  edited: (who: string, seq: number, text: string) => `${who} changed message ${seq} to: ${text}`,
  editedBefore: (who: string, seq: number) => `${who} changed message ${seq}.`,
  deletedMessage: (who: string, seq: number) => `${who} deleted message ${seq}.`,
  reacted: (who: string, seq: number, emoji: string) => `${who} reacted to message ${seq}: ${emoji}`,
  unreacted: (who: string, seq: number, emoji: string) => `${who} took back a reaction to message ${seq}: ${emoji}`,
  wasDeleted: "This message was deleted.",

  suggestion: (written: string, name: string) => `I don't know "${written}". Did you mean "${name}"?`,
  nothingWritten: "Write a command, or ask for a person.",
  lost: `I have no answer to that yet. "help" shows what I can do.`,
  onlyFiles: "I keep that for whoever helps you, but I can't look into files. A person can.",
  away: (name: string) => `"${name}" is not running at the moment. Try it again in a while, or ask for a person.`,
  stillWorking: (name: string) => `Still working on "${name}". I'll tell you as soon as it's done.`,
  gaveUp: (name: string, seconds: number) => `"${name}" did not answer within ${seconds} seconds.`,
  nothingChanged: "Nothing was changed.",
  perhapsDone: "It may or may not have been done; please check before you repeat it.",
  personCanHelp: "A person can help.",
  interrupted: (name: string) =>
    `I was interrupted while "${name}" ran: it may or may not have been done. Please check before you repeat it.`,
  runAgain: (name: string) => `Run "${name}" again`,
  confirmFirst: (name: string, seconds: number, line: string) =>
    `"${name}" can't be taken back. If you mean it, press the button or write "${line}" within ${seconds} seconds.`,
  confirmYes: (name: string) => `Yes, run "${name}"`,
  confirmationOver: "That can't be confirmed any more: it was done, or more than a minute went by. Please ask for it again.",
  failed: "That did not work, and it was noted. A person can help.",
  write: (usage: string) => `Write: ${usage}`,

  youCanWrite: "You can write:",
  noCommand: (name: string) => `There is no command "${name}". "help" lists what there is.`,
  /** Of the commands that every visitor has; the others say theirs themselves. */
  summaries: {
    help: "Shows what you can ask, or how one command is written.",
    person: "Asks for a person to answer you.",
    leave: "Leaves the line for a person.",
  },

  yes: "yes",
  no: "no",
};

export type Sentences = typeof en;
