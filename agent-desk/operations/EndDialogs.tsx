import type { OperationView } from "../../src/protocol/operations.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";

interface EndLook {
  onClose: () => void;
  onDone: () => void;
}

/** Says what taking it back means, before it is done. */
export function UnpublishOperation({ name, onClose, onDone }: EndLook & { name: string }) {
  return (
    <CommandDialog
      title={`Take /${name} back?`}
      command="operation.unpublish"
      args={() => ({ name })}
      label="Take it back"
      onClose={onClose}
      onDone={onDone}
    >
      {() => <p>Nobody can run it until it is published again. Its versions, and what it did, stay.</p>}
    </CommandDialog>
  );
}

/** Says what is lost with it, before it is. */
export function DeleteOperation({ operation, versions, onClose, onDone }: EndLook & { operation: OperationView; versions: number }) {
  const { name, published, sharedWith } = operation;
  return (
    <CommandDialog
      title={`Delete the operation “${name}”?`}
      command="operation.delete"
      args={() => ({ name })}
      label="Delete"
      danger
      onClose={onClose}
      onDone={onDone}
    >
      {() => (
        <p>
          {versions === 1 ? "Its one version is" : `All its ${versions} versions are`} gone for good
          {published === null
            ? "."
            : `, and nobody can run /${name} any more${sharedWith.length === 0 ? "." : `: it is shared with ${sharedWith.join(", ")}.`}`}{" "}
          What it did stays in the runs.
        </p>
      )}
    </CommandDialog>
  );
}
