import { audit } from "../../access/audit/audit.ts";
import { refusalOfCode, useFactor } from "../../access/factors/useFactor.ts";
import type { Keys } from "../../access/keys/keys.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Who } from "./people.ts";
import { savePersonSteppedUp } from "./personStore.ts";

/**
 * Somebody linked says again who they are, by a code of their second factor: it counts for 5 minutes, there. Who has none can't do so in a chat.
 * Refusals: those of the code, and `forbidden` without a factor.
 */
export async function stepUpHere(
  { database, clock, keys }: Pick<Platform, "database" | "clock"> & { keys: Keys },
  { installation, person }: Who,
  code: string,
): Promise<void> {
  const { account } = person;
  if (account === null) throw new Refusal("unauthenticated", "You are not linked here; say link first.");
  const use = await database.acrossTenants.transaction(async (tx) => {
    const used = await useFactor(tx, keys, { account, written: code, nowMs: clock.now() });
    if (used?.outcome === "right") await savePersonSteppedUp(tx, installation.tenant, person.id, new Date(clock.now()));
    if (used?.outcome === "right" || used?.outcome === "wrong")
      await audit(tx, {
        tenant: installation.tenant,
        actor: { kind: "account", id: account },
        action: used.outcome === "right" ? "session.step-up" : "factor.refuse",
        object: { kind: "channelPerson", id: person.id, name: `${person.name} (${installation.app.service})` },
      });
    return used;
  });
  if (use === undefined)
    throw new Refusal("forbidden", "This needs a second factor, and you have none: set one up at the desk, under your account.", {
      path: "code",
    });
  if (use.outcome !== "right") throw refusalOfCode(use);
}
