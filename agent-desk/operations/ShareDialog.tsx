import { useState } from "preact/hooks";
import type { OperationView } from "../../src/protocol/operations.ts";
import type { RoleView } from "../../src/protocol/people.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { useCommandData } from "../settings/useCommandData.ts";
import styles from "./Bench.module.css";

interface ShareLook {
  operation: OperationView;
  onClose: () => void;
  onDone: () => void;
}

/** Chooses whose people may run it, besides those who make operations. */
export function ShareDialog({ operation, onClose, onDone }: ShareLook) {
  const { data: roles, wrong } = useCommandData<RoleView>("role.list", "roles");
  const [chosen, setChosen] = useState<readonly string[]>(operation.sharedWith);
  const isForAll = chosen.includes("everyone");
  const tick = (role: string, is: boolean) => setChosen(is ? [...chosen, role] : chosen.filter((each) => each !== role));
  const gone = chosen.filter((role) => role !== "everyone" && roles !== null && !roles.some(({ key }) => key === role));
  return (
    <CommandDialog
      title={`Share ${operation.name}`}
      command="operation.share"
      args={() => ({ name: operation.name, roles: isForAll ? "everyone" : chosen.join(",") })}
      label="Share"
      onClose={onClose}
      onDone={onDone}
    >
      {(wrongOf) => (
        <>
          {operation.published === null && <p class={parts.hint}>It isn't published yet: they can run it once it is.</p>}
          <fieldset class={styles.roles}>
            <legend>Who may run it</legend>
            <label class={parts.ticked}>
              <input type="checkbox" checked={isForAll} onChange={(event) => tick("everyone", event.currentTarget.checked)} />
              Everyone who works here
            </label>
            {(roles ?? []).map(({ key, name, people }) => (
              <label key={key} class={parts.ticked}>
                <input
                  type="checkbox"
                  checked={isForAll || chosen.includes(key)}
                  disabled={isForAll}
                  onChange={(event) => tick(key, event.currentTarget.checked)}
                />
                {name}
                <span class={parts.hint}>{people === 1 ? "1 person" : `${people} people`}</span>
              </label>
            ))}
            {gone.map((role) => (
              <label key={role} class={parts.ticked}>
                <input type="checkbox" checked onChange={() => tick(role, false)} />
                {role}
                <span class={parts.hint}>there is no such role any more</span>
              </label>
            ))}
          </fieldset>
          <Wrong>{wrong ?? wrongOf("roles")}</Wrong>
        </>
      )}
    </CommandDialog>
  );
}
