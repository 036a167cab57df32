import { reachOf } from "../../access/policy.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { CommandCall, CommandResult, StaffCommand } from "../../commands/command.ts";
import type { Platform } from "../../platform/platform.ts";
import type { EntityTalk } from "../../protocol/blueprints.ts";
import { blueprintFor } from "../blueprints/saveBlueprints.ts";
import { requireEntity } from "../findEntities.ts";
import { listTalks, saveTalk } from "./aroundStore.ts";

const mostShown = 50;

/** The conversations in which commands about an entity were run, of those that whoever asks may read. Refusal `not_found`. */
export async function readTalks(
  { database }: Pick<Platform, "database">,
  by: AccountPrincipal,
  key: string,
  wanted: string,
): Promise<EntityTalk[]> {
  const blueprint = await blueprintFor({ database }, by, "entities.read", key);
  const sql = database.forTenant(by.tenant);
  const { id } = await requireEntity(sql, blueprint, wanted);
  const talks = await listTalks(sql, { blueprint: blueprint.id, entity: id }, reachOf(by, "conversations.read"), mostShown);
  return talks.map(({ by: who, at, ...talk }) => ({ ...talk, by: who ?? "somebody who left", at: at.toISOString() }));
}

/** The same command, of which the entity keeps in which conversation it was run. */
export function keptWhere(
  { database, clock }: Pick<Platform, "database" | "clock">,
  blueprint: { id: string },
  command: StaffCommand,
): StaffCommand {
  const keep = async (call: CommandCall<AccountPrincipal>, { data }: CommandResult) => {
    const entity = entityIn(data);
    if (call.conversation === undefined || entity === undefined) return;
    const talk = {
      conversation: call.conversation,
      run: call.run,
      command: command.name,
      by: call.principal.account,
      at: new Date(clock.now()),
    };
    // What was done is done, whether or not this can be written.
    await saveTalk(database.forTenant(call.principal.tenant), { blueprint: blueprint.id, entity }, talk).catch(() => {});
  };
  return {
    ...command,
    run: async (call) => {
      const result = await command.run(call);
      await keep(call, result);
      return result;
    },
  };
}

function entityIn(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !("entity" in data)) return undefined;
  const { entity } = data;
  return typeof entity === "object" && entity !== null && "id" in entity && typeof entity.id === "string" ? entity.id : undefined;
}
