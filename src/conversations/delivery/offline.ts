import type { Away } from "../../protocol/inbox.ts";
import { askForPerson, type Controlling, changeControl } from "../control/changeControl.ts";
import type { Inbox, InboxDirectory } from "../inboxes/inboxes.ts";
import type { InboxTextsOf } from "../inboxes/inboxTexts.ts";

export interface OfflineDependencies extends Controlling {
  inboxes: Pick<InboxDirectory, "byId">;
  inboxTexts: InboxTextsOf;
  /** Why no person of this inbox answers now; undefined where somebody can. */
  absence: (inbox: Inbox) => Promise<Pick<Away, "reason" | "until"> | undefined>;
}

/** A visitor's conversation. */
export interface OfflineVisit {
  tenant: string;
  inbox: string;
  contact: string;
  conversation: string;
  /** The language that they read. */
  locale?: string | null;
}

/**
 * What the inbox says outside its hours, in the contact's language; undefined within. That nobody is at the desk changes by the minute: the
 * chat says so as long as it is true, and no line of the conversation claims it afterwards.
 */
export async function closedText(deps: OfflineDependencies, visit: OfflineVisit): Promise<string | undefined> {
  const inbox = await deps.inboxes.byId(visit.tenant, visit.inbox);
  const absence = await deps.absence(inbox);
  return absence?.reason === "closed" ? await textFor(deps, inbox, visit, "away.closed") : undefined;
}

/**
 * What is written while nobody is there, and the assistant has no answer to, waits in the queue for a person. True where it does now;
 * repeating it under the same key changes nothing.
 */
export async function keepForPerson(deps: OfflineDependencies, visit: OfflineVisit, key: string): Promise<boolean> {
  const inbox = await deps.inboxes.byId(visit.tenant, visit.inbox);
  if ((await deps.absence(inbox)) === undefined) return false;
  const says = await textFor(deps, inbox, visit, "offline");
  await changeControl(
    deps,
    { tenant: visit.tenant, id: visit.conversation },
    askForPerson("wrote while nobody was there", { what: "keptForPerson", text: says ?? "" }),
    key,
  );
  return true;
}

async function textFor(deps: OfflineDependencies, inbox: Inbox, { locale }: OfflineVisit, key: string): Promise<string | undefined> {
  return (await deps.inboxTexts(inbox)).text(key, locale === null || locale === undefined ? [] : [locale])?.text;
}
