import type { OtherSide } from "../../protocol/blueprints.ts";
import { listBlueprints } from "../blueprints/blueprintStore.ts";
import { blueprintFor } from "../blueprints/saveBlueprints.ts";
import { titleOf } from "../entityBlocks.ts";
import type { Reader } from "../reach.ts";
import { type ListingOutside, readEntities, readEntity } from "../readEntities.ts";
import { unlessMissing } from "../unlessMissing.ts";

const mostShown = 20;

/** Those that have an entity in one of their relations and aren't in the trash, as far as whoever asks may see them. Refusal `not_found`. */
export async function readOtherSides(outside: ListingOutside, by: Reader, key: string, wanted: string): Promise<OtherSide[]> {
  const { id } = await readEntity(outside, by, key, wanted);
  const sides: OtherSide[] = [];
  for (const one of await listBlueprints(outside.database.forTenant(by.tenant))) {
    if (one.trashedAt !== null || !one.definition.fields.some(({ blueprint }) => blueprint === key)) continue;
    const seen = await blueprintFor(outside, by, "entities.read", one.key).catch(unlessMissing);
    const fields = seen?.definition.fields ?? [];
    for (const field of fields.filter(({ blueprint }) => blueprint === key)) {
      const filter = JSON.stringify({ [field.key]: { eq: id } });
      const { items, nextCursor } = await readEntities(outside, by, one.key, { limit: mostShown, trashed: false, filter, sort: undefined });
      const titled = items.map((entity) => ({ id: entity.id, title: titleOf(fields, entity) }));
      sides.push({
        blueprint: one.key,
        field: field.key,
        name: field.otherSide ?? manyOf(one.key),
        items: titled,
        more: nextCursor !== null,
      });
    }
  }
  return sides;
}

/** What entities of a blueprint are called together: `stock-items` is "Stock items". */
function manyOf(key: string): string {
  const words = key.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
