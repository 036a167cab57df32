import { z } from "zod";
import type { Keys } from "../../access/keys/keys.ts";
import { openSecret } from "../../access/keys/sealSecret.ts";
import type { Platform } from "../../platform/platform.ts";
import type { ChatApp, Installation } from "../chatService.ts";
import { missingOf } from "./appSecrets.ts";
import {
  type AppRow,
  findApp,
  findInstallation,
  findInstallationOf,
  type InstallationRow,
  listInstallationsOf,
} from "./installationStore.ts";
import { remembered } from "./remembered.ts";

export interface Opening extends Pick<Platform, "database" | "clock"> {
  keys: Pick<Keys, "id" | "secrets" | "before">;
}

/** Finds apps and installations, with their secrets opened; what it knows is at most 5 s old. */
export interface Installations {
  /** Undefined as well for one to which something is missing. */
  app(channel: string, id: string): Promise<ChatApp | undefined>;
  /** Undefined for a workspace that was not connected, or is no more. */
  of(app: ChatApp, workspace: string): Promise<Installation | undefined>;
  byId(tenant: string, id: string): Promise<Installation | undefined>;
}

export function createInstallations({ database, clock, keys }: Opening): Installations {
  const apps = remembered<{ app: ChatApp; installations: InstallationRow[] } | undefined>({ clock });
  const others = remembered<Installation | undefined>({ clock });
  const withInstallations = (channel: string, id: string) =>
    apps(`${channel} ${id}`, async () => {
      if (!isUuid.test(id)) return undefined;
      // Together: a service that waits for its answer has a second or two, and a slow database would take one for each.
      const [row, installations] = await Promise.all([
        findApp(database.acrossTenants, channel, id),
        listInstallationsOf(database.acrossTenants, channel, id),
      ]);
      const app = row && openApp(keys, row);
      return app && missingOf(app).length === 0 ? { app, installations } : undefined;
    });
  const app = async (channel: string, id: string) => (await withInstallations(channel, id))?.app;
  return {
    app,
    of: async (one, workspace) => {
      const known = (await withInstallations(one.service, one.id))?.installations.find((row) => row.workspace === workspace);
      if (known !== undefined) return openInstallation(keys, known, one);
      // Connected since, perhaps.
      return await others(`${one.id} ${workspace}`, async () => {
        const row = await findInstallationOf(database.forTenant(one.tenant), one.id, workspace);
        return row && openInstallation(keys, row, one);
      });
    },
    byId: (tenant, id) =>
      others(`${tenant} ${id}`, async () => {
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
