import { validate as isId } from "uuid";
import type { AccountPrincipal } from "../../access/principal.ts";
import { findRunKey } from "../../commands/runs/runListStore.ts";
import type { Json } from "../../platform/bus/bus.ts";
import type { Database, Sql } from "../../platform/database/database.ts";
import type { Field, Transition } from "../../protocol/blueprints.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { findPeople } from "../named/namedStore.ts";
import { fieldsOn, handsOnHidden } from "../reach.ts";
import type { SeenEntity } from "../rewriteEntity.ts";
import { told } from "../sentences/sentences.ts";
import type { StoredValues } from "../values.ts";
import { type Start, startsOf } from "./started.ts";
import type { StartToAsk } from "./startKind.ts";

/** A step that starts a command that takes a step … this often. */
const mostDeep = 3;
const keyShape = /^step:(\d+):/;

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
    throw new Refusal(
      "forbidden",
      told((say) => say.startsUnseen(transition.name)),
    );
  return startsOf(transition, fields, id, after);
}

/** Refusal `conflict` where steps, so many of which led to this one, start each other without an end. */
export function refuseDeep({ name, start = [] }: Transition, led: number): void {
  if (start.length > 0 && led + 1 > mostDeep)
    throw new Refusal(
      "conflict",
      told((say) => say.startedTooDeep(name, mostDeep)),
    );
}

/** What a step asks to be started of an entity, to which so many led. */
export function askStarts(
  { account, key: byKey }: Pick<AccountPrincipal, "account" | "key">,
  { blueprint, entity }: SeenEntity,
  starts: readonly Start[],
  led: number,
): StartToAsk[] {
  return starts.map(({ command, args }, place) => {
    // The entity's next version is this step, and no other: whoever begins it again finds the run of before.
    const key = `step:${led + 1}:${entity.id}:${entity.version + 1}:${place}`;
    const who = { account, key: byKey?.id ?? null };
    return { command, key, data: plain({ ...who, blueprint: blueprint.key, entity: entity.id, command, args, run: key }) };
  });
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

/** People are named to commands by their address: all of them are asked for at once. */
export async function withPeople(sql: Pick<Sql, "query">, starts: readonly (readonly Start[])[]): Promise<Start[][]> {
  const given = starts.flat().flatMap(({ args }) => Object.values(args));
  const ids = [...new Set(given.flatMap(({ type, value }) => (type === "account" ? [String(value)] : [])))];
  const people = new Map((ids.length === 0 ? [] : await findPeople(sql, ids, [])).map(({ id, email }): [unknown, string] => [id, email]));
  return starts.map((some) =>
    some.map(({ command, args }) => ({
      command,
      args: Object.fromEntries(
        Object.entries(args).map(([name, one]) => [
          name,
          one.type === "account" ? { ...one, value: people.get(one.value) ?? one.value } : one,
        ]),
      ),
    })),
  );
}
