import type { ComponentChildren } from "preact";
import { CommandDialog } from "../commands/CommandDialog.tsx";

interface DeleteLook {
  /** As in `canned.delete`, and the argument that names the thing. */
  group: string;
  noun: string;
  id: string;
  name: string;
  onClose: () => void;
  /** What is lost with it. */
  children: ComponentChildren;
}

/** Says what will be gone before it is. */
export function DeleteDialog({ group, noun, id, name, onClose, children }: DeleteLook) {
  return (
    <CommandDialog
      title={`Delete the ${noun} “${name}”?`}
      command={`${group}.delete`}
      args={() => ({ [group]: id })}
      label="Delete"
      danger
      onClose={onClose}
    >
      {() => <p>{children}</p>}
    </CommandDialog>
  );
}
