import { z } from "zod";
import type { StaffCommand, UndoCall } from "../commands/command.ts";
import { fieldWords } from "../protocol/blueprints.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { StoredBlueprint } from "./blueprints/blueprintStore.ts";
import { titleOf } from "./entityBlocks.ts";
import { readEntity, readHistory } from "./readEntities.ts";
import { type EntityOutside, putBack } from "./rewriteEntity.ts";
import { moveEntity } from "./saveEntities.ts";
import { told } from "./sentences/sentences.ts";

type Undo = NonNullable<StaffCommand["undo"]>;

const undoHours = 24;
/** What a run of these commands keeps: which entity, and the version that it made. What stood there before, the history knows, also of hidden fields. */
const kept = z.object({ id: z.string(), version: z.int().default(0) });

/** How commands of a blueprint are taken back, where nothing newer stands on what they did. */
export function undoOf(outside: EntityOutside, { key, definition: { fields } }: StoredBlueprint) {
  const still = async ({ principal, kept: given }: UndoCall) => {
    const { id, version } = kept.parse(given);
    const entity = await readEntity(outside, principal, key, id);
    if (entity.version === version) return entity;
    throw new Refusal(
      "stale",
      told((say) => say.changedSince(entity.updatedBy, `"${titleOf(fields, entity)}"`)),
      {
        current: { version: entity.version },
      },
    );
  };
  /** Made is taken back by the trash, and the trash by restoring. */
  const taken = (kind: "trash" | "restore"): Undo => {
    const text = (title: string) => (kind === "trash" ? `${title} goes into the trash.` : `${title} comes out of the trash.`);
    return {
      hours: undoHours,
      as: `${key}.${kind === "trash" ? "delete" : "restore"}`,
      plan: async ({ principal, kept: given }) => ({
        changes: [{ text: text(titleOf(fields, await readEntity(outside, principal, key, kept.parse(given).id))), kind: "change" }],
      }),
      run: async ({ principal, kept: given }) => {
        const moved = await moveEntity(outside, principal, key, kept.parse(given).id, kind);
        return { messages: [{ text: text(titleOf(fields, moved)) }] };
      },
    };
  };
  /** What somebody wrote is put back by who may write it, what a step of the flow wrote by who may take the step back. */
  const changed = (wrote: "values" | "flow"): Undo => ({
    hours: undoHours,
    as: `${key}.update`,
    plan: async (call) => {
      const entity = await still(call);
      const { changes, named } = await readHistory(outside, call.principal, key, entity.id);
      const { before = {}, after = {}, started = [] } = changes.find(({ version }) => version === entity.version) ?? {};
      return {
        changes: [
          ...Object.keys({ ...before, ...after }).map((name) => ({
            text: fields.find((field) => field.key === name)?.name ?? name,
            kind: "change" as const,
            before: fieldWords(ownValue(entity.values, name), named),
            after: fieldWords(ownValue(before, name), named),
          })),
          ...started.map(({ command }) => ({ text: `What it started stays: ${command} is not taken back` })),
        ],
      };
    },
    run: async (call) => {
      const { id, version } = kept.parse(call.kept);
      await still(call);
      const { changes } = await readHistory(outside, call.principal, key, id);
      const started = changes.find((change) => change.version === version)?.started ?? [];
      const back = await putBack(outside, call.principal, key, id, { seen: version, wrote });
      const stays = started.length === 0 ? "" : ` What was started by it stays: ${started.map(({ command }) => command).join(", ")}.`;
      return { messages: [{ text: `${titleOf(fields, back)} is as it was.${stays}` }] };
    },
  });
  return { taken, changed };
}
