import { Boxes, Plus, Undo2 } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { BlueprintView } from "../../src/protocol/blueprints.ts";
import { allowed } from "../commands/allowed.ts";
import { sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Empty } from "../look/Empty.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { now } from "../shell/now.ts";
import { manyOf, restoreBlueprint } from "./blueprints.ts";
import styles from "./Data.module.css";
import { entitiesAddress, newBlueprintAddress } from "./dataRoute.ts";

interface ListLook {
  /** Null while nobody knows. */
  blueprints: readonly BlueprintView[] | null;
  wrong: string | null;
  open: string | null;
  /** Beside one that is open. */
  isNarrow: boolean;
  onChanged: () => void;
}

/** What there is, by blueprint; what is in the trash stands apart. */
export function BlueprintList({ blueprints, wrong, open, isNarrow, onChanged }: ListLook) {
  const [refused, setRefused] = useState<string | null>(null);
  const there = (blueprints ?? []).filter(({ trashedAt }) => trashedAt === null);
  const trashed = (blueprints ?? []).filter(({ trashedAt }) => trashedAt !== null);
  const restore = (key: string) =>
    restoreBlueprint(key).then(onChanged, (error: unknown) => {
      setRefused(sentence(error));
    });
  return (
    <nav class={styles.list} data-narrow={isNarrow} aria-label="Blueprints">
      <Wrong>{wrong ?? refused}</Wrong>
      {blueprints === null && wrong === null && <span class={parts.skeleton} style="width: 60%" />}
      {blueprints?.length === 0 && !isNarrow && <NoBlueprints />}
      <ul class={styles.entries}>
        {there.map((blueprint) => (
          <Entry key={blueprint.key} blueprint={blueprint} isOpen={blueprint.key === open} />
        ))}
      </ul>
      {trashed.length > 0 && (
        <section aria-label="In the trash">
          <h2 class={styles.group}>In the trash</h2>
          <ul class={styles.entries}>
            {trashed.map((blueprint) => (
              <Entry key={blueprint.key} blueprint={blueprint} isOpen={blueprint.key === open}>
                {allowed.value.has("blueprint.restore") && !isNarrow && (
                  <Button
                    small
                    label={`Restore ${manyOf(blueprint.key)}`}
                    tip={`Restore ${manyOf(blueprint.key)} with everything`}
                    command="blueprint.restore"
                    onClick={() => void restore(blueprint.key)}
                  >
                    <Undo2 aria-hidden="true" />
                  </Button>
                )}
              </Entry>
            ))}
          </ul>
        </section>
      )}
    </nav>
  );
}

function Entry({ blueprint, isOpen, children }: { blueprint: BlueprintView; isOpen: boolean; children?: ComponentChildren }) {
  const { key, name, fields, latest, changedBy, changedAt, trashedAt } = blueprint;
  return (
    <li class={styles.entryPlace}>
      <a class={styles.entry} href={entitiesAddress(key)} aria-current={isOpen ? "true" : undefined}>
        <b>{manyOf(key)}</b>
        <span class={styles.about}>
          {fields.length} {fields.length === 1 ? "field" : "fields"} of a {name.toLocaleLowerCase()}:{" "}
          {fields.map((field) => field.name).join(", ")}
        </span>
        <span class={styles.when}>
          <Chip>v{latest}</Chip> {trashedAt === null ? "" : "deleted, "}
          {changedBy},{" "}
          <time dateTime={changedAt} title={exactTime(changedAt)}>
            {relativeTime(changedAt, now.value)}
          </time>
        </span>
      </a>
      {children}
    </li>
  );
}

function NoBlueprints() {
  return (
    <Empty icon={<Boxes strokeWidth={1.5} />} title="Nothing is described yet">
      <p>
        A blueprint says which fields your things have: deliveries, stock items, orders. They then have a table here, and commands of their
        own.
      </p>
      {allowed.value.has("blueprint.create") ? (
        <Button
          tone="primary"
          command="blueprint.create"
          tip="New blueprint"
          onClick={() => {
            location.hash = newBlueprintAddress;
          }}
        >
          <Plus aria-hidden="true" /> New blueprint
        </Button>
      ) : (
        <p>An admin describes them.</p>
      )}
    </Empty>
  );
}
