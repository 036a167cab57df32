import type { Platform } from "../../platform/platform.ts";
import type { Inbox } from "./inboxes.ts";
import { listInboxTexts, listProactive, listTeamNames, type ProactiveRule, type StoredText } from "./inboxTextStore.ts";
import { fieldLabels, ownWords } from "./inboxWords.ts";

/** A text in the language that was found for a reader. */
export interface ChosenText {
  language: string;
  text: string;
}

/** What an inbox says, and in which languages. */
export interface InboxTexts {
  /** In the first of the wanted languages that it is written in; where the tenant wrote none, in Switchboard's own words, if it has some. */
  text(key: string, wanted: readonly string[]): ChosenText | undefined;
  /** Of the greeting. */
  languages: string[];
  proactive: readonly ProactiveRule[];
  /** The tenant's active teams: their names by key. */
  teams: ReadonlyMap<string, string>;
}

/** What it knows is at most 3 s old. */
export type InboxTextsOf = (inbox: Pick<Inbox, "tenant" | "id" | "language">) => Promise<InboxTexts>;

const freshMs = 3000;
const allWords: Readonly<Record<string, Readonly<Record<string, string>>>> = { ...ownWords, ...fieldLabels };

export function createInboxTexts(
  { database, clock, bus }: Pick<Platform, "database" | "clock" | "bus">,
  changedSubject: string,
): InboxTextsOf {
  const known = new Map<string, { at: number; texts: Promise<InboxTexts> }>();
  bus.subscribe(changedSubject, () => known.clear());
  return (inbox) => {
    const id = `${inbox.tenant}.${inbox.id}`;
    const last = known.get(id);
    if (last !== undefined && clock.monotonic() - last.at < freshMs) return last.texts;
    const sql = database.forTenant(inbox.tenant);
    const texts = Promise.all([listInboxTexts(sql, inbox.id), listProactive(sql, inbox.id), listTeamNames(sql)]).then(
      ([stored, proactive, teams]) => ({ ...textsOf(stored, inbox.language), proactive, teams }),
    );
    known.set(id, { at: clock.monotonic(), texts });
    texts.catch(() => known.delete(id));
    return texts;
  };
}

/** What a field of the form before the chat is called; `order-number` as a person writes it, where the tenant calls it nothing. */
export function labelOfField(texts: Pick<InboxTexts, "text">, name: string, wanted: readonly string[]): string {
  const words = name.replaceAll("-", " ");
  return texts.text(`prechat.${name}`, wanted)?.text ?? words.charAt(0).toUpperCase() + words.slice(1);
}

function textsOf(stored: readonly StoredText[], language: string): Pick<InboxTexts, "text" | "languages"> {
  const byKey = groupByKey(stored);
  return {
    text: (key, wanted) => {
      const own = byKey.get(key);
      if (own !== undefined) return chooseText(own, wanted, language);
      const words = Object.hasOwn(allWords, key) ? allWords[key] : undefined;
      return (
        words &&
        chooseText(
          Object.entries(words).map(([tag, text]) => ({ language: tag, text })),
          wanted,
          language,
        )
      );
    },
    languages: (byKey.get("greeting") ?? []).map((text) => text.language),
  };
}

function groupByKey(stored: readonly StoredText[]): Map<string, StoredText[]> {
  const groups = new Map<string, StoredText[]>();
  for (const text of stored) groups.set(text.key, [...(groups.get(text.key) ?? []), text]);
  return groups;
}

/**
 * The version that a reader understands best: of each wanted language in its order the very one, then one of the same language elsewhere
 * (`pt` or `pt-PT` finds `pt-BR`); then the tenant's, then English, then the first. RFC 4647, 3.4, and beyond.
 */
export function chooseText(versions: readonly ChosenText[], wanted: readonly string[], tenantLanguage: string): ChosenText | undefined {
  for (const tag of [...wanted, tenantLanguage, "en"].map((each) => each.toLowerCase())) {
    const [primary] = tag.split("-");
    const found =
      versions.find(({ language }) => language.toLowerCase() === tag) ??
      versions.find(({ language }) => language.toLowerCase().split("-")[0] === primary);
    if (found !== undefined) return found;
  }
  return versions[0];
}
