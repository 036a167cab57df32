import { z } from "zod";
import type { StaffCommand, UndoCall } from "../../commands/command.ts";
import { newerStands } from "../../commands/runs/newerStands.ts";
import type { EntityOutside } from "../rewriteEntity.ts";
import { changeView, createView, readView, removeView } from "./saveViews.ts";

type Undo = NonNullable<StaffCommand["undo"]>;

const hours = 24;
const before = z.object({ name: z.string(), shared: z.boolean(), look: z.record(z.string(), z.unknown()) });
const saved = z.object({ id: z.string(), version: z.int() });
const changed = saved.extend({ before });
const deleted = z.object({ before });

/** How what was done with a blueprint's views is taken back, where nobody changed the view since. */
export function undoOfViews(outside: EntityOutside, key: string): { saved: Undo; changed: Undo; deleted: Undo } {
  const still = async ({ principal, kept }: UndoCall) => {
    const { id, version } = saved.parse(kept);
    const view = await readView(outside, principal, key, id);
    if (view.version !== version) throw newerStands(`the view “${view.name}” was changed since`);
    return view;
  };
  return {
    saved: {
      hours,
      as: `${key}.delete-view`,
      plan: async (call) => ({ changes: [{ text: `The view “${(await still(call)).name}” is deleted.`, kind: "remove" }] }),
      run: async (call) => {
        const { id, name } = await still(call);
        await removeView(outside, call.principal, key, id);
        return { messages: [{ text: `The view “${name}” is deleted.` }] };
      },
    },
    changed: {
      hours,
      as: `${key}.change-view`,
      plan: async (call) => ({ changes: [{ text: `The view “${(await still(call)).name}” is as it was.`, kind: "change" }] }),
      run: async (call) => {
        const { id, version, before: was } = changed.parse(call.kept);
        const { name } = await changeView(outside, call.principal, key, id, { ...was, version });
        return { messages: [{ text: `The view “${name}” is as it was.` }] };
      },
    },
    deleted: {
      hours,
      as: `${key}.save-view`,
      plan: async ({ kept }) => ({ changes: [{ text: `The view “${deleted.parse(kept).before.name}” is there again.`, kind: "add" }] }),
      run: async ({ principal, kept }) => {
        const { name } = await createView(outside, principal, key, deleted.parse(kept).before);
        return { messages: [{ text: `The view “${name}” is there again.` }] };
      },
    },
  };
}
