import { chatColours } from "../conversations/inboxes/chatColours.ts";
import type { Inbox, InboxDirectory } from "../conversations/inboxes/inboxes.ts";
import { type InboxTexts, type InboxTextsOf, labelOfField } from "../conversations/inboxes/inboxTexts.ts";
import type { Prechat, PublicInbox } from "../protocol/inbox.ts";
import type { Hours } from "../routing/hours.ts";

export interface PublicInboxDependencies {
  inboxes: Pick<InboxDirectory, "byKey">;
  inboxTexts: InboxTextsOf;
  hours: Pick<Hours, "absence">;
}

/** What anybody may know of an inbox, in the first of these languages that it is written in; undefined where there is none of this key. */
export async function findPublicInbox(
  { inboxes, inboxTexts, hours }: PublicInboxDependencies,
  key: string,
  wanted: readonly string[],
): Promise<PublicInbox | undefined> {
  const inbox = await inboxes.byKey(key);
  if (inbox === undefined) return undefined;
  const [texts, absence] = await Promise.all([inboxTexts(inbox), hours.absence(inbox.tenant, inbox.id)]);
  const greeting = texts.text("greeting", wanted);
  return {
    name: inbox.name,
    languages: texts.languages,
    language: greeting?.language ?? inbox.language,
    greeting: greeting?.text ?? "",
    open: absence === undefined,
    opensAt: absence?.until ?? null,
    prechat: prechatOf(inbox, texts, wanted),
    proactive: texts.proactive.flatMap(({ key: rule, pagePattern, afterSeconds }) => {
      const said = texts.text(`proactive.${rule}`, wanted);
      return said === undefined || !reads(wanted, said.language) ? [] : [{ pagePattern, afterSeconds, text: said.text }];
    }),
    colour: inbox.colour,
    colours: inbox.colour === null ? null : chatColours(inbox.colour),
  };
}

/** Nobody asked for a proactive message: who reads none of its languages is left in peace. Who doesn't say what they read may read all. */
function reads(wanted: readonly string[], language: string): boolean {
  const primary = (tag: string) => tag.toLowerCase().split("-")[0];
  return wanted.length === 0 || wanted.some((tag) => primary(tag) === primary(language));
}

function prechatOf({ prechat }: Inbox, texts: InboxTexts, wanted: readonly string[]): Prechat | null {
  if (prechat === null) return null;
  return {
    title: texts.text("prechat.title", wanted)?.text ?? "",
    fields: prechat.fields.map((field) => ({ ...field, label: labelOfField(texts, field.name, wanted) })),
    teams: prechat.teams.flatMap((key) => {
      const name = texts.teams.get(key);
      return name === undefined ? [] : [{ key, name }];
    }),
  };
}
