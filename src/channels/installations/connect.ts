import { v7 as newId } from "uuid";
import { z } from "zod";
import { type Actor, actorOf, audit } from "../../access/audit/audit.ts";
import { openSecret, sealSecret } from "../../access/keys/sealSecret.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ChatApp } from "../chatService.ts";
import { appSecrets, missingOf } from "./appSecrets.ts";
import { deleteApp, findInstallation, firstInbox, listApps, saveApp, saveInstallation, saveState } from "./installationStore.ts";
import { type Opening, openApp, purposeOf } from "./installations.ts";

export interface GivenApp {
  channel: string;
  /** Of the app that is changed; a new one without it. */
  id: string | undefined;
  /** Empty where it stays as it is. */
  appId: string;
  secrets: Readonly<Record<string, string>>;
}

/**
 * Keeps an app of the tenant with its secrets, sealed. A new one of which nothing is given yet has an id, for the addresses that the service wants to
 * know first; nobody is heard by it. Refusals: `not_found`, `invalid_value` with what is missing: an empty secret never counts.
 */
export async function setApp({ database, keys }: Opening, by: AccountPrincipal, given: GivenApp): Promise<ChatApp> {
  const sql = database.forTenant(by.tenant);
  const before = given.id === undefined ? undefined : (await listApps(sql)).find(({ id }) => id === given.id);
  if (given.id !== undefined && before === undefined) throw new Refusal("not_found", "There is no such app.", { path: "args.app" });
  if (before !== undefined && before.channel !== given.channel)
    throw new Refusal("invalid_value", `This is an app of ${before.channel}.`, { path: "args.channel" });
  const known = before === undefined ? {} : openApp(keys, before).secrets;
  const wanted = appSecrets[given.channel] ?? [];
  const secrets = Object.fromEntries(
    wanted.flatMap(({ name }) => {
      const value = (given.secrets[name]?.trim() || known[name]) ?? "";
      return value === "" ? [] : [[name, value] as const];
    }),
  );
  const kept = { service: given.channel, appId: given.appId.trim() || (before?.appId ?? ""), secrets };
  const [missing] = missingOf(kept);
  const isBegun = before === undefined && kept.appId === "" && Object.keys(secrets).length === 0;
  if (missing !== undefined && !isBegun)
    throw new Refusal("invalid_value", `"${missing}" is missing: without it nobody could tell whether the service speaks.`, {
      path: `args.${missing}`,
    });
  const id = before?.id ?? newId();
  const sealed = sealSecret(keys, purposeOf("app", by.tenant, id), JSON.stringify(secrets));
  await sql.transaction((tx) => saveApp(tx, { id, channel: given.channel, appId: kept.appId, secrets: sealed, by: by.account }));
  await tellAudit(database, by.tenant, actorOf(by), "channel.app", {
    kind: "channelApp",
    id,
    name: `${given.channel} ${kept.appId}`.trim(),
  });
  return { id, tenant: by.tenant, ...kept };
}

/** With everything that was connected by it. */
export async function removeApp({ database }: Pick<Opening, "database">, by: AccountPrincipal, id: string): Promise<void> {
  const found = (await listApps(database.forTenant(by.tenant))).find((app) => app.id === id);
  if (found === undefined) throw new Refusal("not_found", "There is no such app.", { path: "args.app" });
  await deleteApp(database.forTenant(by.tenant), id);
  await tellAudit(database, by.tenant, actorOf(by), "channel.remove-app", {
    kind: "channelApp",
    id,
    name: `${found.channel} ${found.appId}`,
  });
}

export interface Workspace {
  workspace: string;
  name: string;
  token: string;
  botUser: string;
}

/**
 * Connects a workspace to the tenant, or again; its conversations go to the oldest inbox until somebody chooses another. Refusal `conflict` without an
 * inbox, or where something of the app is missing.
 */
export async function connect({ database, keys }: Opening, app: ChatApp, { workspace, name, token, botUser }: Workspace): Promise<string> {
  requireWhole(app);
  const sql = database.forTenant(app.tenant);
  const inbox = await firstInbox(sql);
  if (inbox === undefined) throw new Refusal("conflict", "There is no inbox yet for what is said there; make one first.");
  const sealed = sealSecret(keys, purposeOf("installation", app.tenant, `${app.id} ${workspace}`), token);
  return await saveInstallation(sql, { id: newId(), app: app.id, channel: app.service, workspace, name, token: sealed, botUser, inbox });
}

/** Refusal `conflict` with what is still to be given. */
export function requireWhole(app: ChatApp): void {
  const missing = missingOf(app);
  if (missing.length > 0) throw new Refusal("conflict", `Give ${missing.join(", ")} first: the app counts for nothing without.`);
}

/** Nothing is heard from there, and nothing said, from now on. */
export async function disconnect({ database }: Pick<Opening, "database">, by: AccountPrincipal, id: string): Promise<string> {
  const sql = database.forTenant(by.tenant);
  const found = await findInstallation(sql, id);
  if (found === undefined || found.state === "gone") throw new Refusal("not_found", "It is not connected.", { path: "args.workspace" });
  await saveState(sql, id, "gone", null);
  await tellAudit(database, by.tenant, actorOf(by), "channel.disconnect", {
    kind: "channelInstallation",
    id,
    name: `${found.channel} ${found.name}`,
  });
  return found.name;
}

async function tellAudit(
  database: Opening["database"],
  tenant: string,
  actor: Actor,
  action: string,
  object: { kind: string; id: string; name: string },
): Promise<void> {
  await database.forTenant(tenant).transaction((tx) => audit(tx, { tenant, actor, action, object }));
}

const stateShape = z.object({ app: z.string(), by: z.string(), until: z.number() });
const statePurpose = "channel installation state";
const stateMs = 10 * 60_000;

/** What the service hands back when somebody was sent there to connect a workspace: whoever forges it connects nothing. */
export function installState({ keys, clock }: Pick<Opening, "keys" | "clock">, app: ChatApp, by: AccountPrincipal): string {
  return Buffer.from(
    sealSecret(keys, statePurpose, JSON.stringify({ app: app.id, by: by.account, until: clock.now() + stateMs })),
  ).toString("base64url");
}

/** Connects a workspace for whoever was sent to the service, and comes back. Refusals: `forbidden` for what we did not make, or too long ago; as `connect`. */
export async function connectFor(opening: Opening, app: ChatApp, { state, ...workspace }: Workspace & { state: string }): Promise<void> {
  const account = requireState(opening, app, state);
  const id = await connect(opening, app, workspace);
  await tellAudit(opening.database, app.tenant, { kind: "account", id: account }, "channel.connect", {
    kind: "channelInstallation",
    id,
    name: `${app.service} ${workspace.name}`,
  });
}

/** The account that was sent there. */
function requireState({ keys, clock }: Pick<Opening, "keys" | "clock">, app: ChatApp, state: string): string {
  try {
    const {
      app: wanted,
      by,
      until,
    } = stateShape.parse(JSON.parse(openSecret(keys, statePurpose, Buffer.from(state, "base64url").toString())));
    if (wanted === app.id && until > clock.now()) return by;
  } catch {
    // What can't be opened is nobody's.
  }
  throw new Refusal("forbidden", "This way back counts no more; begin again at the desk.", { path: "state" });
}
