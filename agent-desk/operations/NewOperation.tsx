import type { OperationKind } from "../../src/protocol/operations.ts";
import { operationKinds } from "../../src/protocol/operations.ts";
import type { Draft } from "./draft.ts";
import { kinds } from "./kinds.ts";
import styles from "./Operations.module.css";
import { newOperationAddress, operationAddress } from "./operationsRoute.ts";
import { Workbench } from "./Workbench.tsx";

/** First its kind, then the rest. */
export function NewOperation({ kind, onSaved }: { kind: OperationKind | null; onSaved: () => void }) {
  const known = kind === null ? undefined : kinds[kind];
  if (kind === null || known === undefined) return <ChooseKind />;
  const begin: Draft = { name: "", kind, summary: "", audience: "staff", parameters: [], body: known.begin, seen: null };
  return (
    <Workbench
      stored={null}
      versions={[]}
      begin={begin}
      onSaved={({ name }) => {
        onSaved();
        location.hash = operationAddress(name);
      }}
    />
  );
}

function ChooseKind() {
  return (
    <section class={styles.choosing} aria-labelledby="operation-kind">
      <h2 id="operation-kind">What should it do?</h2>
      <ul>
        {operationKinds.map((kind) => {
          const known = kinds[kind];
          if (known === undefined) return null;
          const Icon = known.icon;
          return (
            <li key={kind}>
              <a class={styles.kind} href={newOperationAddress(kind)}>
                <Icon strokeWidth={1.6} aria-hidden="true" />
                <span>
                  <b>{known.label}</b>
                  <span>{known.about}</span>
                </span>
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
