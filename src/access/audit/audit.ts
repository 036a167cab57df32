import { randomBytes } from "node:crypto";
import type { Json } from "../../platform/bus/bus.ts";
import type { Sql } from "../../platform/database/database.ts";
import { storable, storableJson } from "../../platform/database/storable.ts";
import type { Asked, Principal } from "../principal.ts";
import { canonicalJson, entryDigest, partHash } from "./auditDigest.ts";
import { appendEntry, installationChain } from "./auditStore.ts";

/** Who did it. `nobody` is whoever didn't show who they are, `system` the product by itself, `server` somebody with a shell on the server. */
export interface Actor {
  kind: Principal["kind"] | "automation" | "key" | "super" | "server" | "system" | "nobody";
  id?: string;
  name?: string;
  /** From where, and in which request, where it was one. */
  address?: string;
  requestId?: string;
}

export interface AuditRecord {
  /** Whose chain; undefined for the installation's own. */
  tenant: string | undefined;
  actor: Actor;
  /** As commands are named: `agent.deactivate`, `session.begin`. */
  action: string;
  object?: { kind: string; id: string; name?: string };
  /** Never a password, a token or a key: it is kept for years, and exported. */
  detail?: Readonly<Record<string, Json>>;
}

/**
 * Writes down what is done, as one entry of the tenant's hash chain, in the transaction that does it: either both are there or neither. To be
 * called as its last statement, for the end of the chain is held until the commit, and everybody who writes an entry of the tenant waits for it.
 */
export async function audit(tx: Sql, { tenant, actor, action, object, detail }: AuditRecord): Promise<void> {
  const texts = (...values: (string | undefined)[]) => values.map((value) => (value === undefined ? null : kept(value)));
  const [actorId = null, actorName = null, address = null] = texts(actor.id, actor.name, actor.address);
  const [objectKind = null, objectId = null, objectName = null] = texts(object?.kind, object?.id, object?.name);
  const detailText = detail === undefined ? null : canonicalJson(JSON.parse(storableJson(detail, kept)));
  const [actorSalt, objectSalt] = [randomBytes(16), randomBytes(16)];
  const frame = {
    action,
    actorKind: actor.kind,
    actorHash: partHash(actorSalt, [actorId, actorName, address]),
    objectKind,
    objectHash: partHash(objectSalt, [objectId, objectName, detailText]),
    requestId: actor.requestId ?? null,
  };
  await appendEntry(tx, tenant ?? installationChain, {
    ...frame,
    actorId,
    actorName,
    address,
    actorSalt,
    objectId,
    objectName,
    detail: detailText,
    objectSalt,
    digest: entryDigest(frame),
  });
}

export function actorOf(principal: Principal): Actor {
  if (principal.kind === "visitor") return { kind: "visitor", id: principal.contact };
  if (principal.key !== undefined) return { kind: "key", ...principal.key, ...principal.asked };
  return { kind: principal.kind, id: principal.account, name: principal.name, ...principal.asked };
}

/** Whoever signed in, also if they may do nothing yet. */
export function actorOfSignedIn({ account, name, asked }: { account: string; name: string; asked?: Asked }): Actor {
  return { kind: "account", id: account, name, ...asked };
}

/** The product by itself. */
export const system: Actor = { kind: "system", name: "Switchboard" };

/** An entry is kept for years: no text of it needs to be longer than a letter. */
function kept(text: string): string {
  return storable(text.slice(0, 2000));
}
