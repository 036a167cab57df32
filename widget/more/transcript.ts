import { newClientId } from "../../src/client/clientId.ts";
import type { Message } from "../../src/protocol/conversation.ts";
import type { Talk } from "../chat/talk.ts";
import { language, texts } from "../texts/texts.ts";

/** The conversation as text, to be kept: who said what, and when. */
function transcriptOf(messages: readonly Message[]): string {
  const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const who = ({ author: { kind, name } }: Message) =>
    ({ visitor: texts.you, bot: texts.assistant, agent: name, system: "—" })[kind] ?? name;
  return messages.map((message) => `${time.format(Date.parse(message.at))}  ${who(message)}\n${message.text}\n`).join("\n");
}

export async function saveTranscript(talk: Talk): Promise<void> {
  const text = await writeTranscript(talk);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\uFEFF", text], { type: "text/plain;charset=utf-8" }));
  link.download = `${texts.chat.toLowerCase()}-${new Date().toISOString().slice(0, 10)}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** With what else this person said in conversations that were merged with this one, where the server tells it in time. */
export async function writeTranscript(talk: Talk): Promise<string> {
  const merged = await mergedWith(talk);
  const own = talk.messages.value;
  // Where nothing was merged its own order stands, whatever the clocks said.
  return transcriptOf(merged.length === 0 ? own : [...merged, ...own].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)));
}

const patienceMs = 3000;

function mergedWith(talk: Talk): Promise<readonly Message[]> {
  const clientId = newClientId();
  if (!talk.send({ type: "merged", clientId })) return Promise.resolve([]);
  return new Promise((resolve) => {
    const late = setTimeout(done, patienceMs, []);
    const stop = talk.replies.subscribe((reply) => {
      if (reply?.type === "merged" && reply.clientId === clientId) done(reply.messages);
      if (reply?.type === "error" && reply.ref === clientId) done([]);
    });
    function done(messages: readonly Message[]): void {
      clearTimeout(late);
      queueMicrotask(() => stop());
      resolve(messages);
    }
  });
}
