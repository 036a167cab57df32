import type { AccountPrincipal } from "../../access/principal.ts";
import type { CommandPlan } from "../../commands/command.ts";
import { fieldWords } from "../../protocol/blueprints.ts";
import type { PlannedChange } from "../../protocol/commands.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { nameValues } from "../named/nameValues.ts";
import { fieldsOn } from "../reach.ts";
import type { EntityOutside, SeenEntity } from "../rewriteEntity.ts";
import { differingFields, type StoredValues } from "../values.ts";
import { listWhich } from "./bulkStore.ts";
import { type Asked, batch, chosen, firstId } from "./changeAll.ts";
import { type Decide, decideAll, titleOfSeen, versionsOf } from "./decideAll.ts";

const mostLookedAt = 10_000;
const mostSamples = 5;

/** What `changeAll` would do, by a look at the first 10,000, with some of them field by field; it changes nothing. Refusals as `chosen`. */
export async function previewAll(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  asked: Asked,
  { decide, what }: { decide: Decide; what: string },
): Promise<CommandPlan> {
  const { blueprint, which, of } = await chosen(outside, by, key, asked);
  const sql = outside.database.forTenant(by.tenant);
  const seenOf = versionsOf(sql, blueprint);
  const found = { changed: 0, same: 0, refused: 0 };
  const why = new Map<string, { count: number; title: string }>();
  const samples: { one: SeenEntity; after: StoredValues }[] = [];
  let lookedAt = 0;
  for (let after = firstId; lookedAt < mostLookedAt; ) {
    const rows = await listWhich(sql.unwalled, blueprint, which, { after, limit: batch });
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    lookedAt += rows.length;
    for (const one of await decideAll(sql, { by, at: new Date(outside.clock.now()) }, blueprint, await seenOf(rows), decide)) {
      found[one.change !== undefined ? "changed" : one.problem === undefined ? "same" : "refused"]++;
      if (one.change !== undefined && samples.length < mostSamples) samples.push({ one, after: one.change.content });
      if (one.change !== undefined || one.problem === undefined) continue;
      const { title, message } = one.problem;
      why.set(message, { title: why.get(message)?.title ?? title, count: (why.get(message)?.count ?? 0) + 1 });
    }
  }
  const ofFirst = lookedAt < of ? ` of the first ${lookedAt.toLocaleString("en")}` : "";
  const stays = asked.errors === "skip" ? "stay as they are" : "can't be, so nothing is changed";
  return {
    changes: [
      { text: `${found.changed.toLocaleString("en")}${ofFirst} of ${of.toLocaleString("en")} ${what}`, kind: "change", count: of },
      ...(found.same === 0
        ? []
        : [{ text: `${found.same.toLocaleString("en")} are so already`, kind: "change" as const, count: found.same }]),
      ...[...why].slice(0, mostSamples).map(
        ([message, { count, title }]): PlannedChange => ({
          text: `${count.toLocaleString("en")} ${stays}, like ${title}: ${message}`,
          kind: "change",
          count,
        }),
      ),
      ...(await Promise.all(samples.map((sample) => sampleOf(outside, by, sample)))).flat(),
    ],
    facts: { entities: of },
  };
}

/** Each field that would be another, as whoever asks reads it. */
async function sampleOf(
  outside: EntityOutside,
  by: AccountPrincipal,
  { one, after }: { one: SeenEntity; after: StoredValues },
): Promise<PlannedChange[]> {
  const { blueprint, entity, fields } = one;
  const seen = fieldsOn(blueprint.reach, fields, entity.parts);
  const named = (await nameValues(outside, by, [{ id: entity.id, fields: seen, contents: [entity.content, after] }]))(entity.id);
  return differingFields(seen, entity.content, after).map(({ id, name }) => ({
    text: `${titleOfSeen(one)}: ${name}`,
    kind: "change",
    before: fieldWords(ownValue(entity.content, id), named),
    after: fieldWords(ownValue(after, id), named),
  }));
}
