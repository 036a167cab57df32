import type { ChatOutside } from "../chatOutside.ts";
import { ChatFailure } from "../chatService.ts";
import type { Who } from "./people.ts";
import { saveName } from "./personStore.ts";

/** Asks the service for somebody's name, before others are shown it. Where it doesn't answer, the one of before stays. */
export async function learnName(
  { database, services }: Pick<ChatOutside, "database" | "services">,
  { installation, person }: Who,
): Promise<string> {
  try {
    const known = await services.get(installation.app.service)?.person(installation, person.user);
    const name = known?.name.trim().slice(0, 200) ?? "";
    if (name === "") return person.name;
    await saveName(database.forTenant(installation.tenant), person.id, name);
    return name;
  } catch (error) {
    if (!(error instanceof ChatFailure)) throw error;
    return person.name;
  }
}
