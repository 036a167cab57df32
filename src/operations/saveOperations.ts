import { v7 as newId } from "uuid";
import { actorOf, audit } from "../access/audit/audit.ts";
import type { AccountPrincipal } from "../access/principal.ts";
import { ownGrants, rolesForOperation } from "../access/roles/roleStore.ts";
import { isPredefined } from "../access/roles/roles.ts";
import type { NamedThings } from "../commands/namedThings.ts";
import type { Commands } from "../commands/registry.ts";
import type { Sql } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import type { Audience } from "../protocol/commands.ts";
import type { OperationDefinition, OperationKind, Parameter } from "../protocol/operations.ts";
import { Refusal } from "../protocol/refusal.ts";
import { checkSources } from "./choices/checkSources.ts";
import { kindOf, type OperationKinds } from "./operationKind.ts";
import {
  addVersion,
  deleteOperation,
  findOperation,
  insertOperation,
  lockOperation,
  type StoredOperation,
  type StoredVersion,
  savePublished,
  saveSharedWith,
} from "./operationStore.ts";
import { checkParameters } from "./parameters.ts";
import { operationsSubject } from "./publishedOperations.ts";
import { forgetUnboundSecrets } from "./requests/requestSecrets.ts";

export interface SavingOutside extends Pick<Platform, "database" | "bus" | "clock"> {
  kinds: OperationKinds;
  /** Those that have their names already, and that choices come from: fresh. */
  commands: (tenant: string) => Promise<Commands>;
  things: NamedThings;
}

/** What an operation is made of; its kind's body is not checked yet. */
export interface Draft {
  summary: string;
  audience: Audience;
  parameters: readonly Parameter[];
  body: unknown;
}

const nameShape = /^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*)?$/;
const longestName = 60;

/** Makes an operation; nobody can run it before it is published. Refusals: `invalid_value`, `conflict` for a name that is taken. */
export async function createOperation(
  outside: SavingOutside,
  by: AccountPrincipal,
  { name, kind, ...draft }: Draft & { name: string; kind: OperationKind },
): Promise<StoredVersion> {
  if (name.length > longestName || !nameShape.test(name))
    throw new Refusal("invalid_value", `"${name.slice(0, 60)}" is no name: small letters, digits and hyphens, like late-orders.`, {
      path: "name",
    });
  const taken = (await outside.commands(by.tenant)).find(name);
  if (taken !== undefined && taken.source !== "operation") throw nameTaken(name);
  const definition = await check(outside, by, { name, kind, ...draft });
  await change(outside, by, "operation.create", { name, kind }, async (tx, at) => {
    const version = { id: newId(), number: 1, definition, by: by.name, at };
    if (!(await insertOperation(tx, { name, kind, ...version }))) throw nameTaken(name);
  });
  return await requireOperation(outside, by.tenant, name);
}

/**
 * Saves a new version; what is published goes on running. `seen` is the version that was changed. Refusals: `not_found`, `invalid_value`, `stale`
 * with who was first.
 */
export async function saveOperation(
  outside: SavingOutside,
  by: AccountPrincipal,
  name: string,
  { seen, ...changes }: Partial<Draft> & { seen?: number },
): Promise<StoredVersion> {
  const before = await requireOperation(outside, by.tenant, name);
  const { summary, audience, parameters } = before.definition;
  const draft = { summary, audience, parameters, body: before.definition[before.kind], ...changes };
  const definition = await check(outside, by, { name, kind: before.kind, ...draft });
  await change(outside, by, "operation.update", { name }, async (tx, at) => {
    const held = await heldOperation(tx, name);
    if (held.latest !== (seen ?? before.latest))
      throw new Refusal("stale", `${held.changedBy} saved version ${held.latest} first; look at it again.`, {
        path: "version",
        current: { version: held.latest },
      });
    await addVersion(tx, { id: held.id, number: held.latest + 1, definition, by: by.name, at });
    await forgetUnboundSecrets(tx, held.id);
  });
  return await requireOperation(outside, by.tenant, name);
}

/** Lets a version run, the latest where none is named; null takes it back. Refusals: `not_found`. */
export async function publishOperation(
  outside: SavingOutside,
  by: AccountPrincipal,
  name: string,
  version: number | null | undefined,
): Promise<StoredVersion> {
  const chosen = await requireOperation(outside, by.tenant, name, version ?? undefined);
  // What was saved once may not be allowed any more: by a newer rule, or since what it uses is gone.
  if (version !== null) await check(outside, by, { name, kind: chosen.kind, ...chosen.definition, body: chosen.definition[chosen.kind] });
  const detail = version === null ? { name } : { name, version: chosen.number };
  await change(outside, by, version === null ? "operation.unpublish" : "operation.publish", detail, async (tx, at) => {
    const held = await heldOperation(tx, name);
    await savePublished(tx, held.id, version === null ? null : chosen.number, by.name, at);
    await forgetUnboundSecrets(tx, held.id);
  });
  return await requireOperation(outside, by.tenant, name);
}

/** Says whose people may run it. Refusals: `not_found`, `invalid_value` (`roles.0`) for a role that isn't there. */
export async function shareOperation(outside: SavingOutside, by: AccountPrincipal, name: string, roles: readonly string[]): Promise<void> {
  const own = await ownGrants(outside.database.acrossTenants, by.tenant);
  const strange = roles.findIndex((role) => role !== "everyone" && !isPredefined(role) && !Object.hasOwn(own, role));
  if (strange !== -1)
    throw new Refusal("invalid_value", `There is no role "${roles[strange]?.slice(0, 60)}"; "role.list" shows them.`, {
      path: `roles.${strange}`,
    });
  await change(outside, by, "operation.share", { name, roles: [...roles] }, async (tx, at) => {
    const held = await heldOperation(tx, name);
    await saveSharedWith(tx, held.id, [...new Set(roles)], by.name, at);
  });
}

/**
 * Deletes it with all its versions; what it did stays in the runs and in the audit. Refusals: `not_found`, `conflict` while a role is for it: one of
 * the same name that somebody makes later would be theirs.
 */
export async function removeOperation(outside: SavingOutside, by: AccountPrincipal, name: string): Promise<void> {
  await change(outside, by, "operation.delete", { name }, async (tx) => {
    const held = await heldOperation(tx, name);
    const [role] = await rolesForOperation(tx, name);
    if (role !== undefined) throw new Refusal("conflict", `The role ${role} is for "${name}"; take it from there first.`, { path: "name" });
    await deleteOperation(tx, held.id);
  });
}

/** With its latest version, or the one that is named. Refusal `not_found`. */
export async function requireOperation(
  { database }: Pick<SavingOutside, "database">,
  tenant: string,
  name: string,
  version?: number,
): Promise<StoredVersion> {
  return (await findOperation(database.forTenant(tenant), name, version)) ?? raiseNotFound(version);
}

/** The whole definition, checked by the rules that all operations share and by those of its kind. */
async function check(
  { kinds, commands, things }: SavingOutside,
  principal: AccountPrincipal,
  { name, kind, summary, audience, parameters, body }: Draft & { name: string; kind: OperationKind },
): Promise<OperationDefinition> {
  const checked = checkParameters(parameters);
  checkSources(await commands(principal.tenant), principal, { name, audience, parameters: checked });
  for (const [index, { type, blueprint = "" }] of checked.entries())
    if (type === "entity") await things.nameable(principal, blueprint, `parameters.${index}.blueprint`);
  const { body: kept, risk } = await kindOf(kinds, kind).check(body, { principal, name, parameters: checked });
  if (audience === "visitor" && kind === "query" && risk !== "read")
    throw new Refusal("invalid_value", "What changes data in a database is nothing for visitors.", { path: "audience" });
  return { summary, audience, risk, parameters: checked, [kind]: kept };
}

/** A change and its entry in the audit, in one transaction; then every process hears that it happened. */
async function change(
  { database, bus, clock }: SavingOutside,
  by: AccountPrincipal,
  action: string,
  detail: Readonly<Record<string, string | number | string[]>>,
  work: (tx: Sql, at: Date) => Promise<void>,
): Promise<void> {
  await database.forTenant(by.tenant).transaction(async (tx) => {
    await work(tx, new Date(clock.now()));
    const object = { kind: "operation", id: String(detail["name"]) };
    await audit(tx, { tenant: by.tenant, actor: actorOf(by), action, object, detail });
  });
  bus.publish(operationsSubject(by.tenant), {});
}

async function heldOperation(tx: Sql, name: string): Promise<StoredOperation> {
  return (await lockOperation(tx, name)) ?? raiseNotFound(undefined);
}

function raiseNotFound(version: number | undefined): never {
  throw new Refusal("not_found", version === undefined ? "There is no such operation." : "There is no such version of this operation.");
}

function nameTaken(name: string): Refusal {
  return new Refusal("conflict", `"${name}" is the name of another command; choose another.`, { path: "name" });
}
