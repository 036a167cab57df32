import { ArrowLeft, Plus } from "lucide-preact";
import type { OperationView } from "../../src/protocol/operations.ts";
import { allowed } from "../commands/allowed.ts";
import { Button } from "../look/Button.tsx";
import { useCommandData } from "../settings/useCommandData.ts";
import { ConnectionNotice } from "../shell/ConnectionNotice.tsx";
import desk from "../shell/Desk.module.css";
import { go } from "../shell/route.ts";
import { NewOperation } from "./NewOperation.tsx";
import { OperationList } from "./OperationList.tsx";
import { OperationPane } from "./OperationPane.tsx";
import styles from "./Operations.module.css";
import { newOperationAddress, type OperationsPlace, operationsAddress } from "./operationsRoute.ts";

/** The commands that people made here, and where they make them. */
export function OperationsPage({ place }: { place: OperationsPlace }) {
  const { data: operations, wrong, again } = useCommandData<OperationView>("operation.list", "operations");
  const isOpen = place.page !== "list";
  const back = () => {
    if (isOpen) location.hash = operationsAddress;
    else go({});
  };
  return (
    <main class={`${desk.pane} ${styles.page}`} data-part="operations" aria-label="Operations">
      <div class={desk.head}>
        <span class={isOpen ? styles.back : desk.back}>
          <Button tone="plain" label={isOpen ? "All operations" : "Back to the inbox"} onClick={back}>
            <ArrowLeft />
          </Button>
        </span>
        <h1 class={desk.grow}>Operations</h1>
        {allowed.value.has("operation.create") && place.page !== "new" && operations?.length !== 0 && (
          <Button
            small
            tone={isOpen ? undefined : "primary"}
            tip="New operation"
            command="operation.create"
            onClick={() => {
              location.hash = newOperationAddress();
            }}
          >
            <Plus aria-hidden="true" /> New operation
          </Button>
        )}
      </div>
      <ConnectionNotice />
      <div class={styles.columns} data-open={isOpen && operations?.length !== 0}>
        {(!isOpen || operations?.length !== 0) && (
          <OperationList operations={operations} wrong={wrong} open={place.page === "one" ? place.name : null} isNarrow={isOpen} />
        )}
        {place.page === "one" && <OperationPane key={place.name} name={place.name} onChanged={again} />}
        {place.page === "new" && <NewOperation key={place.kind} kind={place.kind} onSaved={again} />}
      </div>
    </main>
  );
}
