import { z } from "zod";
import type { Keys } from "../../access/keys/keys.ts";
import { openSecret } from "../../access/keys/sealSecret.ts";
import type { Platform } from "../../platform/platform.ts";
import type { ChatApp, Installation } from "../chatService.ts";
import { missingOf } from "./appSecrets.ts";
import { type AppRow, findApp, findInstallation, findInstallationOf, type InstallationRow } from "./installationStore.ts";

export interface Opening extends Pick<Platform, "database" | "clock"> {
  keys: Pick<Keys, "id" | "secrets" | "before">;
}

/** Advisory 38: what was withdrawn counts for no longer. */
const freshMs = 5000;
const mostKept = 1000;

/** Finds apps and installations, with their secrets opened; what it knows is at most 5 s old. */
export interface Installations {
  /** Undefined as well for one to which something is missing. */
  app(channel: string, id: string): Promise<ChatApp | undefined>;
  /** Undefined for a workspace that was not connected, or is no more. */
  of(app: ChatApp, workspace: string): Promise<Installation | undefined>;
  byId(tenant: string, id: string): Promise<Installation | undefined>;
}

export function createInstallations({ database, clock, keys }: Opening): Installations {
  const remembered = <Value>() => {
    const kept = new Map<string, { at: number; value: Promise<Value> }>();
    return (key: string, load: () => Promise<Value>): Promise<Value> => {
      const known = kept.get(key);
      if (known !== undefined && clock.monotonic() - known.at < freshMs) return known.value;
      if (kept.size >= mostKept) kept.clear();
      const value = load();
      kept.set(key, { at: clock.monotonic(), value });
      value.catch(() => kept.delete(key));
      return value;
    };
  };
  const [apps, ofWorkspace, ofId] = [
    remembered<ChatApp | undefined>(),
    remembered<Installation | undefined>(),
    remembered<Installation | undefined>(),
  ];
  const app = (channel: string, id: string) =>
    apps(`${channel} ${id}`, async () => {
      const row = isUuid.test(id) ? await findApp(database.acrossTenants, channel, id) : undefined;
      const found = row && openApp(keys, row);
      return found && missingOf(found).length === 0 ? found : undefined;
    });
  return {
    app,
    of: (one, workspace) =>
      ofWorkspace(`${one.id} ${workspace}`, async () => {
        const row = await findInstallationOf(database.forTenant(one.tenant), one.id, workspace);
        return row && openInstallation(keys, row, one);
      }),
    byId: (tenant, id) =>
      ofId(`${tenant} ${id}`, async () => {
        const row = await findInstallation(database.forTenant(tenant), id);
        if (row === undefined || row.state === "gone") return undefined;
        const its = await app(row.channel, row.app);
        return its && openInstallation(keys, row, its);
      }),
  };
}

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const secretsShape = z.record(z.string(), z.string());

/** What the secrets of an app, or the token of an installation, are sealed for. */
export function purposeOf(what: "app" | "installation", tenant: string, id: string): string {
  return `channel ${what} ${tenant} ${id}`;
}

export function openApp(keys: Opening["keys"], { tenant, id, channel, appId, secrets }: AppRow): ChatApp {
  const opened = secretsShape.parse(JSON.parse(openSecret(keys, purposeOf("app", tenant, id), secrets)));
  return { id, tenant, service: channel, appId, secrets: opened };
}

export function openInstallation(keys: Opening["keys"], row: InstallationRow, app: ChatApp): Installation {
  const { id, tenant, workspace, name, botUser } = row;
  return {
    id,
    tenant,
    app,
    workspace,
    name,
    token: openSecret(keys, purposeOf("installation", tenant, `${app.id} ${workspace}`), row.token),
    botUser,
  };
}
