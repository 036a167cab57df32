import type { Message } from "../../src/protocol/conversation.ts";
import { language, texts } from "../texts/texts.ts";

/** The conversation as text, to be kept: who said what, and when. */
export function transcriptOf(messages: readonly Message[]): string {
  const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const who = ({ author: { kind, name } }: Message) =>
    ({ visitor: texts.you, bot: texts.assistant, agent: name, system: "—" })[kind] ?? name;
  return messages.map((message) => `${time.format(Date.parse(message.at))}  ${who(message)}\n${message.text}\n`).join("\n");
}

export function saveTranscript(messages: readonly Message[]): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\uFEFF", transcriptOf(messages)], { type: "text/plain;charset=utf-8" }));
  link.download = `${texts.chat.toLowerCase()}-${new Date().toISOString().slice(0, 10)}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
