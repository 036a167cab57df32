import { v7 as newId } from "uuid";
import { actorOf, audit } from "../../access/audit/audit.ts";
import type { Keys } from "../../access/keys/keys.ts";
import { openSecret, resealSecret, sealSecret } from "../../access/keys/sealSecret.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { Clock } from "../../platform/clock/clock.ts";
import type { Database, Sql } from "../../platform/database/database.ts";
import type { DataSourceKind, DataSourceView } from "../../protocol/dataSources.ts";
import { Refusal } from "../../protocol/refusal.ts";
import {
  deleteDataSource,
  findDataSource,
  insertDataSource,
  listSourcesSealedOtherwise,
  lockDataSource,
  operationsUsing,
  type StoredDataSource,
  saveDataSource,
  saveSourceResealed,
} from "./dataSourceStore.ts";

export interface DataSourceOutside {
  database: Pick<Database, "forTenant">;
  clock: Pick<Clock, "now">;
  keys: Pick<Keys, "id" | "secrets" | "before">;
  /** Refusal `invalid_value` (`host`, `tls`) for one that may not be connected to; a name that nobody knows now may be known later. */
  checkAddress(settings: DataSourceSettings): Promise<void>;
}

export interface DataSourceSettings {
  name: string;
  kind: DataSourceKind;
  host: string;
  port: number;
  database: string;
  user: string;
  password: string | undefined;
  tls: boolean;
}

const nameShape = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const usualPorts: Record<DataSourceKind, number> = { postgresql: 5432, mysql: 3306 };

/** Keeps what opens a database of somebody else. Refusals: `invalid_value` with the field, `conflict` for a name that is taken. */
export async function addDataSource(
  outside: DataSourceOutside,
  by: AccountPrincipal,
  given: Omit<DataSourceSettings, "port"> & { port: number | undefined },
): Promise<StoredDataSource> {
  const settings = await check(outside, { ...given, port: given.port ?? usualPorts[given.kind] });
  const id = newId();
  const at = new Date(outside.clock.now());
  const password = sealed(outside, by.tenant, { id, ...settings });
  const source = { ...settings, id, password, demo: false, version: 1, changedBy: by.name, changedAt: at };
  await change(outside, by, "data-source.create", source, async (tx) => {
    if (!(await insertDataSource(tx, source)))
      throw new Refusal("conflict", `There is a data source "${settings.name}" already; choose another name.`, { path: "name" });
  });
  return source;
}

/**
 * Changes what is given. A password stays only where host and port do: whoever leads a source to another server doesn't get what the old one was
 * opened with (GHSA-3gp5-q4jw-3v94). Refusals: `not_found`, `invalid_value`, `conflict`, `stale` with who was first.
 */
export async function changeDataSource(
  outside: DataSourceOutside,
  by: AccountPrincipal,
  wanted: string,
  { seen, ...changes }: Partial<DataSourceSettings> & { seen?: number },
): Promise<StoredDataSource> {
  const before = await requireDataSource(outside, by.tenant, wanted);
  if (before.demo) throw new Refusal("conflict", "The demo shop is as it is; connect a database of your own beside it.");
  const settings = await check(outside, { ...before, ...changes, password: changes.password });
  const isSameServer = settings.host === before.host && settings.port === before.port;
  const kept =
    changes.password === undefined && isSameServer ? before.password : sealed(outside, by.tenant, { id: before.id, ...settings });
  const after = {
    ...before,
    ...settings,
    password: kept,
    version: before.version + 1,
    changedBy: by.name,
    changedAt: new Date(outside.clock.now()),
  };
  await change(outside, by, "data-source.update", after, async (tx) => {
    const held = await lockDataSource(tx, before.id);
    if (held === undefined) throw notFound();
    if (held.version !== (seen ?? before.version))
      throw new Refusal("stale", `${held.changedBy} changed this data source first; look at it again.`, {
        path: "version",
        current: { version: held.version },
      });
    if (held.name !== after.name && (await findDataSource(tx, after.name)) !== undefined)
      throw new Refusal("conflict", `There is a data source "${after.name}" already; choose another name.`, { path: "name" });
    await saveDataSource(tx, after);
  });
  return after;
}

/** Refusals: `not_found`, `conflict` while operations ask it. */
export async function removeDataSource(outside: DataSourceOutside, by: AccountPrincipal, wanted: string): Promise<void> {
  const source = await requireDataSource(outside, by.tenant, wanted);
  await change(outside, by, "data-source.delete", source, async (tx) => {
    const [user, ...others] = await operationsUsing(tx, source.name);
    if (user !== undefined) {
      const more = others.length === 0 ? "" : ` and ${others.length} more`;
      throw new Refusal("conflict", `The operation "${user}"${more} asks this data source; change or delete that first.`);
    }
    await deleteDataSource(tx, source.id);
  });
}

/** By id or name. Refusal `not_found`. */
export async function requireDataSource(
  { database }: Pick<DataSourceOutside, "database">,
  tenant: string,
  wanted: string,
): Promise<StoredDataSource> {
  const found = await findDataSource(database.forTenant(tenant), wanted);
  if (found === undefined) throw notFound();
  return found;
}

export function viewOfSource({ password, changedAt, ...source }: StoredDataSource): DataSourceView {
  return { ...source, hasPassword: password !== null, changedAt: changedAt.toISOString() };
}

/** Opened for this server alone; undefined where there is none. */
export function passwordOf(
  keys: DataSourceOutside["keys"],
  tenant: string,
  { password, ...source }: Pick<StoredDataSource, "id" | "host" | "port" | "password">,
): string | undefined {
  return password === null ? undefined : openSecret(keys, purposeOf(tenant, source), password);
}

/** While the root key is rotated: what the old one sealed is sealed with the new one. Repeating it changes nothing. */
export async function resealDataSources({
  database,
  keys,
}: {
  database: { acrossTenants: Sql };
  keys: DataSourceOutside["keys"];
}): Promise<void> {
  if (keys.before === undefined) return;
  const sql = database.acrossTenants;
  for (
    let found = await listSourcesSealedOtherwise(sql, keys.id);
    found.length > 0;
    found = await listSourcesSealedOtherwise(sql, keys.id)
  ) {
    for (const { tenant, password, ...source } of found) {
      const anew = resealSecret(keys, purposeOf(tenant, source), password);
      if (anew !== undefined) await saveSourceResealed(sql, tenant, source.id, password, anew);
    }
  }
}

export function purposeOf(tenant: string, { id, host, port }: Pick<StoredDataSource, "id" | "host" | "port">): string {
  return `data source ${tenant} ${id} ${host}:${port}`;
}

function sealed(
  { keys }: Pick<DataSourceOutside, "keys">,
  tenant: string,
  { password, ...source }: { id: string; host: string; port: number; password: string | undefined },
): string | null {
  return password === undefined || password === "" ? null : sealSecret(keys, purposeOf(tenant, source), password);
}

async function check({ checkAddress }: DataSourceOutside, settings: DataSourceSettings): Promise<DataSourceSettings> {
  const { name, port, database, user } = settings;
  if (name.length > 60 || !nameShape.test(name))
    throw wrong("name", `"${name.slice(0, 60)}" is no name: small letters, digits and hyphens, like shop-reports.`);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw wrong("port", "A port is a number from 1 to 65535.");
  for (const [field, value] of Object.entries({ database, user })) {
    if (value.trim() === "" || value.length > 128) throw wrong(field, "This must have 1 to 128 characters.");
    if (/\p{Cc}/u.test(value) || !value.isWellFormed()) throw wrong(field, "Control characters have no place here.");
  }
  await checkAddress(settings);
  return settings;
}

async function change(
  { database }: DataSourceOutside,
  by: AccountPrincipal,
  action: string,
  { id, name, kind, host, port }: StoredDataSource,
  work: (tx: Sql) => Promise<void>,
): Promise<void> {
  await database.forTenant(by.tenant).transaction(async (tx) => {
    await work(tx);
    const object = { kind: "data-source", id, name };
    await audit(tx, { tenant: by.tenant, actor: actorOf(by), action, object, detail: { kind, host, port } });
  });
}

function notFound(): Refusal {
  return new Refusal("not_found", "There is no such data source.");
}

function wrong(path: string, message: string): Refusal {
  return new Refusal("invalid_value", message, { path });
}
