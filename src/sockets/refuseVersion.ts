import { sentencesIn } from "../conversations/sentences/sentences.ts";
import { Refusal } from "../protocol/refusal.ts";
import { compareVersions, type PageVersion, spoken } from "../protocol/version.ts";

/** While a deployment lasts, the next process that the page comes to may be newer. */
const tryAgainMs = 5000;

/** Refusal `upgrade_needed`, in the reader's language, where page and server don't get along. */
export function refuseVersion(hello: PageVersion & { locale?: string }): void {
  const fit = compareVersions(hello);
  const say = sentencesIn(hello.locale);
  if (fit === "pageIsOld") throw new Refusal("upgrade_needed", say.pageIsOld, { path: "version" });
  if (fit === "serverIsOld") throw new Refusal("upgrade_needed", say.serverIsOld, { path: "needs", retryAfterMs: tryAgainMs });
}

/** Whether the page speaks frames that this process can't know. */
export function isNewer({ version = 1 }: PageVersion): boolean {
  return version > spoken.newest;
}
