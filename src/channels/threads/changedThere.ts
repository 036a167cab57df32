import type { Change } from "../../conversations/changes/change.ts";
import { changeMessage } from "../../conversations/changes/changeMessage.ts";
import { findMessage } from "../../conversations/conversationStore.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ChatEvent } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import type { Installation } from "../chatService.ts";
import { findSaid } from "../outbox/outStore.ts";
import { learnName } from "../people/learnName.ts";
import { whoIs } from "../people/people.ts";
import { cut } from "./talkAsContact.ts";
import { isFollowed } from "./threadStore.ts";

type Changed = ChatEvent & { kind: "edited" | "deleted" | "reacted" };

/** So long its own event may be on its way: services try again for minutes, but most come within seconds. */
const waitMs = 30_000;

/**
 * What somebody does with a message there is done with it here: by its author alone, and to what they wrote there; everybody there may react. Once for
 * each change, also of one that comes late. Refusal `unavailable`: the message isn't here yet, and may come.
 */
export async function changedThere(outside: ChatOutside, installation: Installation, event: Changed): Promise<void> {
  const sql = outside.database.forTenant(installation.tenant);
  const said = await findSaid(sql, installation.id, event.place.room, event.message);
  if (said === undefined) {
    const mayCome = Date.parse(event.at) > outside.clock.now() - waitMs;
    if (mayCome && (event.place.scope === "personal" || (await isFollowed(sql, installation.id, event.place.room))))
      throw new Refusal("unavailable", "The message that was changed there is not here yet.");
    return;
  }
  if (event.kind !== "reacted" && said.author === null) return;
  if (event.kind === "edited" && (said.author !== event.person.user || event.text.trim() === "")) return;
  const message = await findMessage(sql, said.conversation, said.seq);
  if (message === undefined) return;
  const { change, by } =
    event.kind === "reacted" ? await reactionOf(outside, installation, event) : { change: changeOf(event), by: message.author.name };
  await changeMessage(
    outside,
    { tenant: installation.tenant, id: said.conversation },
    { seq: said.seq, change, by, at: new Date(event.at), key: `x:${event.kind}:${installation.id}:${event.key}`.slice(0, 200) },
  );
}

function changeOf(event: Exclude<Changed, { kind: "reacted" }>): Change {
  return event.kind === "deleted" ? { kind: "deleted" } : { kind: "edited", text: cut(event.text.trim()) };
}

/** Whoever is linked is one person, here and there. */
async function reactionOf(
  outside: ChatOutside,
  installation: Installation,
  { person, place, emoji, on }: Changed & { kind: "reacted" },
): Promise<{ change: Change; by: string }> {
  const who = await whoIs(outside, installation, person, place);
  // Slack's reactions come without a name.
  const isNameless = who.person.name === who.person.user;
  const by = who.principal?.name ?? (isNameless ? await learnName(outside, who) : who.person.name);
  const whose = who.principal === undefined ? `p:${who.person.id}` : `a:${who.principal.account}`;
  return { change: { kind: "reacted", emoji, on, who: whose, from: installation.id }, by };
}
