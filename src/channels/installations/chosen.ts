import { Refusal } from "../../protocol/refusal.ts";
import type { OpenChannel } from "../channel.ts";
import type { ChatApp, ChatService, Installation } from "../chatService.ts";
import { type InstallationRow, listApps, listInstallations } from "./installationStore.ts";
import { type Opening, openApp, openInstallation } from "./installations.ts";

export interface ChoosingOutside extends Opening {
  channels: () => readonly OpenChannel[];
}

/** The app of this id, or the only one. Refusal `invalid_value` (`args.app`) with those that there are. */
export async function chosenApp({ database, keys }: Opening, tenant: string, wanted: unknown): Promise<ChatApp> {
  const apps = await listApps(database.forTenant(tenant));
  const found = apps.filter(({ id }) => wanted === undefined || id === wanted);
  const [one] = found;
  if (one === undefined || found.length > 1) {
    const known = apps.map(({ id, channel }) => `${id} (${channel})`).join(", ") || "none, for there is none";
    throw new Refusal("invalid_value", `"app" must be one of ${known}.`, { path: "args.app" });
  }
  return openApp(keys, one);
}

/** The workspace that is called so, by its id, its service's id or its name, or the only one. Refusal `invalid_value` (`args.workspace`) likewise. */
export async function chosenInstallation(
  outside: ChoosingOutside,
  tenant: string,
  wanted: unknown,
): Promise<{ row: InstallationRow; installation: Installation; service: ChatService }> {
  const all = await listInstallations(outside.database.forTenant(tenant));
  const called = wanted === undefined ? undefined : String(wanted).toLowerCase();
  const found = all.filter(
    ({ id, name, workspace }) => called === undefined || [id, name, workspace].some((one) => one.toLowerCase() === called),
  );
  const [row] = found;
  const channel = outside.channels().find(({ name }) => name === row?.channel);
  if (row === undefined || found.length > 1 || channel?.chat === undefined) {
    const known = all.map(({ name, id }) => `${name} (${id})`).join(", ") || "none, for none is connected";
    throw new Refusal("invalid_value", `"workspace" must be one of ${known}.`, { path: "args.workspace" });
  }
  const app = await chosenApp(outside, tenant, row.app);
  return { row, installation: openInstallation(outside.keys, row, app), service: channel.chat };
}
