import { requireConversation } from "../../access/roles/reachStore.ts";
import { unknownCommand } from "../../commands/execute.ts";
import { commandOf } from "../../commands/runs/runOutside.ts";
import { startRun } from "../../commands/runs/startRun.ts";
import { receiveAgentMessage } from "../../conversations/ledger/receiveMessage.ts";
import { uploadFile } from "../../files/uploadFile.ts";
import { maxFilesOfMessage } from "../../protocol/files.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Asker } from "../asking/askCommand.ts";
import type { ChatEvent } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { ChatFailure } from "../chatService.ts";
import { saveSaid } from "../outbox/outStore.ts";
import { clientIdOf } from "./talkAsContact.ts";
import { findTalk, type ThreadRow } from "./threadStore.ts";

const mostBytesOfFile = 20 * 1024 * 1024;

/**
 * What an agent says in a team's thread goes to the contact, in the agent's name and by their rights; a conversation that waits is taken with it.
 * Refusals: those of taking it and of `receiveAgentMessage`.
 */
export async function talkAsAgent(
  outside: ChatOutside,
  asker: Asker,
  thread: ThreadRow,
  said: ChatEvent & { kind: "said" },
): Promise<void> {
  const { installation, principal } = asker;
  const sql = outside.database.forTenant(installation.tenant);
  await requireConversation(sql, principal, "conversations.answer", thread.conversation);
  const talk = await findTalk(sql, thread.conversation);
  if (talk === undefined) throw new Refusal("not_found", "This conversation is gone.");
  if (talk.controller !== "agent") await takeTalk(outside, asker, thread.conversation, said.key);
  const service = outside.services.get(installation.app.service);
  if (said.files.length > maxFilesOfMessage)
    throw new Refusal("invalid_value", `A message takes ${maxFilesOfMessage} files: nothing was sent.`, { path: "files" });
  const files: string[] = [];
  for (const [number, { name, url }] of said.files.entries()) {
    const bytes = await service?.fetchFile(installation, url, mostBytesOfFile).catch(asRefusal(name));
    if (bytes !== undefined)
      files.push((await uploadFile(outside, principal, { name, bytes, key: `${clientIdOf(said.key)}:${number}` })).id);
  }
  const { seq } = await receiveAgentMessage(outside, principal, thread.conversation, {
    clientId: clientIdOf(said.key),
    text: said.text,
    files,
  });
  if (said.message !== undefined)
    await saveSaid(sql, {
      installation: installation.id,
      room: said.place.room,
      message: said.message,
      conversation: thread.conversation,
      seq,
      author: asker.person.user,
    });
}

/** An agent knows what arrives: without one of its files nothing is sent. */
function asRefusal(name: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof ChatFailure) || error.kind !== "refused") throw error;
    throw new Refusal("invalid_value", `"${name}" could not be taken, and nothing was sent: ${error.message}`, { path: "files" });
  };
}

/** By the same command as at the desk. */
export async function takeTalk(outside: ChatOutside, { principal }: Asker, conversation: string, key: string): Promise<void> {
  const command = await commandOf(outside, principal.tenant, "conversation.take");
  if (command === undefined) throw unknownCommand("conversation.take");
  const { ended } = await startRun(outside, { command, principal, args: { conversation }, idempotencyKey: `take:${key}`.slice(0, 200) });
  const { error } = await ended;
  if (error !== null) throw new Refusal(error.code, error.message);
}
