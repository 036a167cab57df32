import type { ChoosingCall } from "../../commands/command.ts";
import { listInboxes } from "../../conversations/inboxes/inboxStore.ts";
import { fitting } from "../../operations/choices/offered.ts";
import type { TenantSql } from "../../platform/database/database.ts";
import type { ArgSchema, OfferedChoice, OfferedChoices } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { listTeams } from "../../routing/teamStore.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { knownRooms } from "../rooms/rooms.ts";
import { type ChoosingOutside, chosenInstallation } from "./chosen.ts";
import { listInstallations } from "./installationStore.ts";

const called = (description: string, maxLength: number, after: string[] = []): ArgSchema => ({
  type: "string",
  description,
  maxLength,
  choicesFrom: { after },
});
/** Arguments of which `offerThings` knows what may be chosen. */
export const workspaceArgument = called("The connected workspace, by its id or name.", 200);
export const inboxArgument = called("The inbox, by its key, name or id.", 200);
export const teamArgument = called("The team's key.", 100);
export const roomArgument = (description: string) => called(description, 300, ["workspace"]);

const mostOffered = 50;

/** What may be chosen for arguments of `channel.*`. Refusals as `Command.choices` says. */
export function offerThings(outside: ChoosingOutside & { house: () => ChatOutside }): (call: ChoosingCall) => Promise<OfferedChoices> {
  const offers: Readonly<Record<string, (sql: TenantSql, call: ChoosingCall) => Promise<OfferedChoice[]>>> = {
    workspace: async (sql) => choicesOf((await listInstallations(sql)).map(({ id, name }) => ({ id, name, label: name }))),
    inbox: async (sql) => choicesOf((await listInboxes(sql)).map(({ id, name }) => ({ id, name, label: name }))),
    team: async (sql) => (await listTeams(sql)).flatMap(({ key, name, active }) => (active ? [{ value: key, label: name }] : [])),
    room: async (_sql, { principal, args }) => {
      const { row } = await chosenInstallation(outside, principal.tenant, args["workspace"] || undefined);
      const rooms = await knownRooms(outside.house(), row);
      return choicesOf(rooms.map(({ id, name }) => ({ id, name, label: `#${name}` })));
    },
  };
  return async (call) => {
    const offer = offers[call.argument];
    if (offer === undefined) throw new Refusal("not_found", `"${call.argument.slice(0, 60)}" has no choices to be asked for.`);
    const fit = fitting(await offer(outside.database.forTenant(call.principal.tenant), call), call.query);
    return { items: fit.slice(0, mostOffered), truncated: fit.length > mostOffered };
  };
}

/** Each by its name, and by its id where others have the same. */
function choicesOf(all: readonly { id: string; name: string; label: string }[]): OfferedChoice[] {
  const same = (name: string) => all.filter((one) => one.name.toLowerCase() === name.toLowerCase()).length;
  return all.map(({ id, name, label }) => ({ value: name === "" || same(name) > 1 ? id : name, label }));
}
