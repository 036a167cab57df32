import { pickLanguage } from "../../protocol/languages.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { ChatFailure } from "../chatService.ts";
import type { Who } from "./people.ts";
import { saveLanguage } from "./personStore.ts";

const againAfterMs = 24 * 60 * 60_000;

/** Asks the service in which language somebody reads, once a day; where it doesn't answer, the one of before stays. */
export async function learnLanguage(
  { database, services, clock, log }: Pick<ChatOutside, "database" | "services" | "clock" | "log">,
  { installation, person }: Who,
): Promise<void> {
  const service = services.get(installation.app.service);
  const wasAsked = person.languageAskedAt !== null && clock.now() - person.languageAskedAt.getTime() < againAfterMs;
  if (service?.localeOf === undefined || wasAsked) return;
  const locale = await service.localeOf(installation, person.user).catch((error: unknown) => {
    if (!(error instanceof ChatFailure)) throw error;
    log.warn({ kind: error.kind, reason: error.message }, "a person's language was not told");
    return undefined;
  });
  const language = locale === undefined ? undefined : pickLanguage([locale]);
  await saveLanguage(database.forTenant(installation.tenant), person.id, language, new Date(clock.now()));
}
