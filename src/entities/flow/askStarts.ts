import { validate as isId } from "uuid";
import type { AccountPrincipal } from "../../access/principal.ts";
import { findRunKey } from "../../commands/runs/runListStore.ts";
import type { Json } from "../../platform/bus/bus.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Field, Transition } from "../../protocol/blueprints.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { findPeople } from "../named/namedStore.ts";
import { fieldsOn, handsOnHidden } from "../reach.ts";
import type { SeenEntity } from "../rewriteEntity.ts";
import type { StoredValues } from "../values.ts";
import { type Start, startsOf } from "./started.ts";
import type { StartToAsk } from "./startKind.ts";

/** A step that starts a command that takes a step … this often. */
const mostDeep = 3;
const keyShape = /^step:(\d+):/;

/**
 * What a step starts of an entity, with the values that it has after it; so many steps led to the run in which it is taken. Refusals: `forbidden` where what
 * is started is given what whoever takes the step doesn't see, `conflict` where steps start each other without an end.
 */
export async function askStarts(
  outside: { database: Pick<Database, "forTenant"> },
  by: AccountPrincipal,
  { blueprint, entity }: SeenEntity,
  transition: Transition,
  after: StoredValues,
  led: number,
): Promise<StartToAsk[]> {
  if (transition.start === undefined || transition.start.length === 0) return [];
  const { fields } = blueprint.definition;
  const starts = startsSeen(transition, fields, blueprint, entity, after);
  const depth = led + 1;
  if (depth > mostDeep)
    throw new Refusal(
      "conflict",
      `"${transition.name}" was started by a step that was started by a step: ${mostDeep} after each other are the most. Look which steps start each other.`,
    );
  const named = await withPeople(outside, by.tenant, starts);
  return named.map(({ command, args }, place) => {
    // The entity's next version is this step, and no other: whoever begins it again finds the run of before.
    const key = `step:${depth}:${entity.id}:${entity.version + 1}:${place}`;
    const who = { account: by.account, key: by.key?.id ?? null };
    return { command, key, data: plain({ ...who, blueprint: blueprint.key, entity: entity.id, command, args, run: key }) };
  });
}

/** What a step starts. Refusal `forbidden` where that is given what whoever takes the step doesn't see: they would find it with the run, which is theirs. */
export function startsSeen(
  transition: Transition,
  fields: readonly Field[],
  { reach }: Pick<SeenEntity["blueprint"], "reach">,
  { id, parts }: Pick<SeenEntity["entity"], "id" | "parts">,
  after: StoredValues,
): Start[] {
  const seen = new Set(fieldsOn(reach, fields, parts).map(({ key }) => key));
  if (transition.start?.some((started) => handsOnHidden(started, seen)) === true)
    throw new Refusal("forbidden", `"${transition.name}" starts a command with what you don't see.`);
  return startsOf(transition, fields, id, after);
}

function plain(data: object): Json {
  return JSON.parse(JSON.stringify(data));
}

/** How many steps led to the run, each of which started the next; a step of a sequence has the sequence's id before a dot. */
export async function depthOf({ database }: { database: Pick<Database, "forTenant"> }, tenant: string, run = ""): Promise<number> {
  const [id = ""] = run.split(".");
  const key = isId(id) ? await findRunKey(database.forTenant(tenant), id) : undefined;
  return Number(keyShape.exec(key ?? "")?.[1] ?? 0);
}

/** People are named to commands by their address. */
async function withPeople(outside: { database: Pick<Database, "forTenant"> }, tenant: string, starts: readonly Start[]): Promise<Start[]> {
  const ids = starts.flatMap(({ args }) => Object.values(args).flatMap(({ type, value }) => (type === "account" ? [String(value)] : [])));
  const people = ids.length === 0 ? [] : await findPeople(outside.database.forTenant(tenant), ids, []);
  const emailOf = (id: unknown) => people.find((person) => person.id === id)?.email ?? id;
  return starts.map(({ command, args }) => ({
    command,
    args: Object.fromEntries(
      Object.entries(args).map(([name, given]) => [name, given.type === "account" ? { ...given, value: emailOf(given.value) } : given]),
    ),
  }));
}
