import { useState } from "preact/hooks";
import { CommandDialog } from "../../commands/CommandDialog.tsx";
import { TextField } from "../../settings/fields.tsx";
import { type Imported, importedFrom } from "./imported.ts";

interface CurlLook {
  onClose: () => void;
  onImported: (imported: Imported) => void;
}

/** A line of curl becomes the draft; its values become parameters, and its secret the credential's. */
export function CurlDialog({ onClose, onImported }: CurlLook) {
  const [curl, setCurl] = useState("");
  return (
    <CommandDialog
      title="Paste a line of curl"
      command="operation.from-curl"
      args={() => ({ curl })}
      label="Read it"
      disabled={curl.trim() === ""}
      onClose={onClose}
      onDone={({ data }) => onImported(importedFrom(data))}
    >
      {(wrongOf) => (
        <>
          <p>From a manual, or from the network tab of a browser: “Copy as cURL”. Nothing is sent.</p>
          <TextField
            id="curl-line"
            label="The line"
            many
            placeholder="curl https://api.example.com/orders/17 -H 'Authorization: Bearer …'"
            hint="A secret in it is taken out, and is never shown again."
            wrong={wrongOf("curl") ?? wrongOf("request")}
            value={curl}
            onInput={setCurl}
          />
        </>
      )}
    </CommandDialog>
  );
}
