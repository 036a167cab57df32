import { useState } from "preact/hooks";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { TextField } from "../settings/fields.tsx";
import type { AppView } from "./channels.ts";

/** An organisation of Teams, by its directory's id. */
export function ConnectForm({ app, onClose }: { app: AppView; onClose: () => void }) {
  const [organisation, setOrganisation] = useState("");
  const [name, setName] = useState("");
  return (
    <CommandDialog
      title="Connect an organisation"
      command="channel.connect"
      args={() => ({ app: app.id, organisation, name })}
      label="Connect"
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <TextField
            id="organisation-id"
            label="Directory (tenant) ID"
            wrong={wrongOf("organisation")}
            value={organisation}
            onInput={setOrganisation}
          />
          <TextField id="organisation-name" label="What it is called here" wrong={wrongOf("name")} value={name} onInput={setName} />
        </>
      )}
    </CommandDialog>
  );
}
