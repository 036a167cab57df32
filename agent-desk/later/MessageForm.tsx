import { useState } from "preact/hooks";
import type { ScheduledView } from "../../src/protocol/messages.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { TextField } from "../settings/fields.tsx";

/** What a message says that waits. */
export function MessageForm({ message, onClose }: { message: ScheduledView; onClose: () => void }) {
  const [subject, setSubject] = useState(message.subject ?? "");
  const [text, setText] = useState(message.text);
  return (
    <CommandDialog
      title="Change the message"
      command="message.edit"
      args={() => ({ message: message.id, version: message.version, text, ...(message.subject === null ? {} : { subject }) })}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          {message.subject !== null && (
            <TextField id="message-subject" label="Subject" wrong={wrongOf("subject")} value={subject} onInput={setSubject} />
          )}
          <TextField
            id="message-text"
            label="Text"
            many
            hint="{{row.name}} is the name of each who gets it."
            wrong={wrongOf("text")}
            value={text}
            onInput={setText}
          />
        </>
      )}
    </CommandDialog>
  );
}
