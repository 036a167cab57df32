import { isDeepStrictEqual } from "node:util";
import { usage } from "../../commands/arguments.ts";
import type { Command } from "../../commands/command.ts";
import { parseArguments } from "../../protocol/commandLine.ts";
import { type Asker, askCommand } from "../asking/askCommand.ts";
import { commandsFor, findNamed } from "../asking/findCommand.ts";
import { cardOf, say } from "../asking/performing.ts";
import { orTell } from "../asking/sayOrRefuse.ts";
import type { ChatEvent } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { learnName } from "../people/learnName.ts";
import { askCode, codeMs } from "../people/linkPerson.ts";
import type { Who } from "../people/people.ts";
import { talkAsAgent } from "../threads/talkAsAgent.ts";
import { placeOfTalk, talkAsContact } from "../threads/talkAsContact.ts";
import { findThread, moveRoom } from "../threads/threadStore.ts";

type Said = ChatEvent & { kind: "said" };

/** What somebody says: a line for Switchboard, a word in a team's thread, or one to whoever can help. */
export async function whenSaid(outside: ChatOutside, who: Who, said: Said): Promise<void> {
  const { installation, principal } = who;
  const asker: Asker | undefined = principal && { ...who, principal };
  const thread =
    said.by === "command" ? undefined : await findThread(outside.database.forTenant(installation.tenant), installation.id, said.place);
  // Teams may give a chat another address (fault 43): the newest verified one counts.
  if (thread !== undefined && !isDeepStrictEqual(thread.place.service, said.place.service))
    await moveRoom(outside.database.forTenant(installation.tenant), installation.id, said.place);
  if (thread?.side === "team") {
    if (asker === undefined) return await tellUnlinked(outside, who, said);
    return await orTell(outside, who, said, () => talkAsAgent(outside, asker, thread, said));
  }
  const line = said.text.trim();
  // Where a conversation is open, only what begins with a slash is for us; elsewhere also what names a command that was made here.
  const isLine = said.by === "command" || line.startsWith("/");
  const isTalk = thread?.open === true && !isLine;
  if (/^\/?link$/iu.test(line)) return await tellCode(outside, who, said);
  if (asker !== undefined && !isTalk) {
    if (/^\/?help$/iu.test(line) || (isLine && /^\/?$/u.test(line))) return await tellHelp(outside, asker, said);
    const found = await findNamed(outside.registry, asker.principal, line);
    if ("command" in found && (isLine || isMeant(found.command, line))) return await askLine(outside, asker, said, found);
    if (isLine) return await tellUnknown(outside, asker, said, "command" in found ? found.command.name : found.nearest);
  }
  if (isLine) return await tellUnlinked(outside, who, said);
  // In a room where others talk, only what is meant for us begins something.
  if (said.by === "message" && said.place.scope !== "personal" && thread === undefined) return;
  await orTell(outside, who, said, () => talkAsContact(outside, who, said));
}

/** Without a slash a sentence is rather a sentence: `deliver DEL-17` names what people made, `agent.list` is written by nobody who asks for help. */
function isMeant({ name, source }: Command, line: string): boolean {
  return source !== "built-in" || (name.includes(".") && line.toLowerCase().startsWith(name));
}

async function askLine(
  outside: ChatOutside,
  asker: Asker,
  said: Said,
  { command, rest }: Exclude<Awaited<ReturnType<typeof findNamed>>, { nearest: string | undefined }>,
): Promise<void> {
  const where = { key: said.key, place: answerPlace(said), ...onlyThey(said) };
  await orTell(outside, asker, where, async () => {
    const args = parseArguments(command.args, rest);
    await askCommand(outside, asker, { command, args, ...where });
  });
}

/** Where others read as well, a slash command's answer is for whoever wrote it alone; what was asked aloud is answered aloud. */
function onlyThey({ by, place, person }: Said): { only?: string } {
  return by === "command" && place.scope !== "personal" ? { only: person.user } : {};
}

function answerPlace({ by, place, message }: Said): Said["place"] {
  return by === "command" ? place : placeOfTalk(place, message);
}

const mostInHelp = 40;

async function tellHelp(outside: ChatOutside, asker: Asker, said: Said): Promise<void> {
  const commands = await commandsFor(outside.registry, asker.principal);
  const made = commands.filter(({ source }) => source !== "built-in");
  const shown = [...made, ...commands.filter(({ source }) => source === "built-in")].slice(0, mostInHelp);
  const lines = shown.map((command) => `${usage(command)}: ${command.summary}`);
  const more = commands.length - shown.length;
  const card = cardOf(asker.installation.id, said.key);
  await say(outside, asker, {
    key: said.key,
    place: answerPlace(said),
    ...onlyThey(said),
    drawing: {
      text: [`You may run ${commands.length} commands${more > 0 ? `, of which these are ${shown.length}` : ""}:`, ...lines].join("\n"),
      card: { id: card, buttons: made.slice(0, 5).map(({ name }) => ({ verb: "open", label: name, value: name, opens: true as const })) },
      ...(more > 0 ? { more: { label: "All of them", url: `${outside.publicUrl}/desk` } } : {}),
    },
    about: { data: { kind: "commands" } },
  });
}

async function tellUnknown(outside: ChatOutside, asker: Asker, said: Said, nearest: string | undefined): Promise<void> {
  const [name = ""] = said.text.trim().replace(/^\//, "").split(/\s/);
  const hint = nearest === undefined ? '"help" lists yours.' : `Did you mean "${nearest}"?`;
  const text = `There is no command "${name.slice(0, 60)}" that you may run. ${hint}`;
  await say(outside, asker, { key: said.key, place: answerPlace(said), ...onlyThey(said), drawing: { text } });
}

async function tellUnlinked(outside: ChatOutside, who: Who, said: Said): Promise<void> {
  const guest = who.person.workspace !== who.installation.workspace;
  const text = guest
    ? "You belong to another workspace than the one that is connected here, so that you can run nothing; ask a colleague."
    : 'You are not linked to an account yet, so that you can run nothing. Write "link" to me alone, and I show you how.';
  await say(outside, who, { key: said.key, place: said.place, only: said.person.user, drawing: { text } });
}

async function tellCode(outside: ChatOutside, who: Who, said: Said): Promise<void> {
  if (who.person.workspace !== who.installation.workspace) return await tellUnlinked(outside, who, said);
  // Alone with one person, a thread that isn't there yet is shown to nobody.
  const { place } = said;
  if (who.principal !== undefined) {
    const text = `You are linked to ${who.principal.name} (${who.principal.email}) already. At the desk, "me.unlink" ends it.`;
    return await say(outside, who, { key: said.key, place, only: who.person.user, drawing: { text } });
  }
  await learnName(outside, who);
  const code = await askCode(outside, who.installation.tenant, who.person.id);
  const text = `Your code is ${code}, for ${codeMs / 60_000} minutes. Sign in at the desk, run "me.link ${code}" there, and then say here that it was you. Show it to nobody: whoever writes it asks to be you.`;
  const more = { label: "To the desk", url: `${outside.publicUrl}/desk#/settings/account` };
  await say(outside, who, { key: said.key, place, only: who.person.user, drawing: { text, more } });
}
