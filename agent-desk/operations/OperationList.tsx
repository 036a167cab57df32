import { SquareFunction } from "lucide-preact";
import { useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import { type OperationView, operationKinds } from "../../src/protocol/operations.ts";
import { Chip } from "../look/Chip.tsx";
import { Empty } from "../look/Empty.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { Choice, TextField } from "../settings/fields.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { isChanged, readDraft } from "./draft.ts";
import { FirstOperation } from "./FirstOperation.tsx";
import { kinds } from "./kinds.ts";
import styles from "./Operations.module.css";
import { operationAddress } from "./operationsRoute.ts";

interface ListLook {
  /** Null while nobody knows. */
  operations: readonly OperationView[] | null;
  wrong: string | null;
  open: string | null;
  /** Beside one that is open. */
  isNarrow: boolean;
}

/** All operations by kind, what of each is published, with whom it is shared, and who changed it. */
export function OperationList({ operations, wrong, open, isNarrow }: ListLook) {
  const [words, setWords] = useState("");
  const [shown, setShown] = useState("");
  const found = (operations ?? []).filter((operation) => fits(operation, words, shown));
  return (
    <section class={styles.list} data-narrow={isNarrow} aria-label="All operations">
      {operations !== null && operations.length > 0 && (
        <div class={styles.filter}>
          <TextField id="operations-find" label="Find" wrong={null} value={words} onInput={setWords} />
          <Choice
            id="operations-shown"
            label="Show"
            wrong={null}
            value={shown}
            none="All"
            options={[
              { value: "published", label: "Published" },
              { value: "not", label: "Not published" },
              { value: "shared", label: "Shared" },
            ]}
            onInput={setShown}
          />
        </div>
      )}
      <Wrong>{wrong}</Wrong>
      {operations === null && wrong === null && <span class={parts.skeleton} style="width: 60%" />}
      {operations?.length === 0 && !isNarrow && <FirstOperation />}
      {operations !== null && operations.length > 0 && found.length === 0 && (
        <Empty icon={<SquareFunction strokeWidth={1.5} />} title="No such operation">
          <p>Another word finds more.</p>
        </Empty>
      )}
      {operationKinds.map((kind) => {
        const ofKind = found.filter((operation) => operation.kind === kind);
        if (ofKind.length === 0) return null;
        return (
          <section key={kind} aria-label={`${kinds[kind]?.label ?? kind} operations`}>
            <h2 class={styles.group}>{plural(kinds[kind]?.label ?? kind)}</h2>
            <ul class={styles.entries}>
              {ofKind.map((operation) => (
                <Entry key={operation.name} operation={operation} isOpen={operation.name === open} />
              ))}
            </ul>
          </section>
        );
      })}
    </section>
  );
}

function Entry({ operation, isOpen }: { operation: OperationView; isOpen: boolean }) {
  const { account } = useDesk();
  const { name, summary, published, latest, risk, sharedWith, changedBy, changedAt } = operation;
  const draft = readDraft(localStorage, account.id, name);
  return (
    <li>
      <a class={styles.entry} href={operationAddress(name)} aria-current={isOpen ? "true" : undefined}>
        <b class={styles.name}>{name}</b>
        <span class={styles.chips}>
          {published === null ? <Chip>not published</Chip> : <Chip tone="good">published v{published}</Chip>}
          {published !== null && published < latest && <Chip>v{latest} waits</Chip>}
          {risk !== "read" && <Chip tone="warn">changes</Chip>}
          {draft !== null && isChanged(draft, operation) && <Chip tone="accent">draft</Chip>}
        </span>
        <span class={styles.about}>{summary}</span>
        <span class={styles.when}>
          {sharedInWords(sharedWith)} · {changedBy},{" "}
          <time dateTime={changedAt} title={exactTime(changedAt)}>
            {relativeTime(changedAt, now.value)}
          </time>
        </span>
      </a>
    </li>
  );
}

function sharedInWords(roles: readonly string[]): string {
  if (roles.length === 0) return "not shared";
  return roles.includes("everyone") ? "for everyone" : `for ${roles.join(", ")}`;
}

function fits({ name, summary, kind, published, sharedWith }: OperationView, words: string, shown: string): boolean {
  if (shown === "published" && published === null) return false;
  if (shown === "not" && published !== null) return false;
  if (shown === "shared" && sharedWith.length === 0) return false;
  const text = `${name} ${summary} ${kind} ${sharedWith.join(" ")}`.toLocaleLowerCase();
  return words
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function plural(label: string): string {
  return label.endsWith("y") ? `${label.slice(0, -1)}ies` : `${label}s`;
}
