import { SquareFunction } from "lucide-preact";
import type { DataSourceView } from "../../src/protocol/dataSources.ts";
import { Button } from "../look/Button.tsx";
import { Empty } from "../look/Empty.tsx";
import { useCommandData } from "../settings/useCommandData.ts";
import { useDesk } from "../shell/deskContext.ts";
import { keepDraft } from "./draft.ts";
import { exampleOn } from "./example.ts";
import { newOperationAddress } from "./operationsRoute.ts";

/** What is said where there is no operation yet: what one is, and the way to the first. */
export function FirstOperation() {
  const { account } = useDesk();
  const { data: sources } = useCommandData<DataSourceView>("data-source.list", "dataSources");
  const demo = sources?.find((source) => source.demo);
  return (
    <Empty icon={<SquareFunction strokeWidth={1.5} />} title="No operations yet">
      <p>
        An operation is a command of your own: a query, a message, some steps. You make it once, and people run it here, in the chat and by
        HTTP.
      </p>
      {demo !== undefined && (
        <Button
          tone="primary"
          onClick={() => {
            keepDraft(localStorage, account.id, "+query", exampleOn(demo.name));
            location.hash = newOperationAddress("query");
          }}
        >
          Begin with an example of the demo shop
        </Button>
      )}
      <Button
        onClick={() => {
          location.hash = newOperationAddress();
        }}
      >
        New operation
      </Button>
    </Empty>
  );
}
