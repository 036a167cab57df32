import { useState } from "preact/hooks";
import type { InboxView } from "../../src/protocol/inbox.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { offeredFor } from "../commands/offeredChoices.ts";
import { SearchedInput } from "../commands/SearchedInput.tsx";
import parts from "../look/parts.module.css";
import { Choice, Labelled } from "../settings/fields.tsx";
import { useCommandData } from "../settings/useCommandData.ts";
import { useTeamOptions } from "../settings/useTeamOptions.ts";
import type { WorkspaceView } from "./channels.ts";

interface FormLook {
  workspace: WorkspaceView;
  onClose: () => void;
}

export function InboxForm({ workspace, onClose }: FormLook) {
  const { data: inboxes } = useCommandData<InboxView>("inbox.list", "inboxes");
  const [inbox, setInbox] = useState(workspace.inbox);
  return (
    <CommandDialog
      title={`The inbox of ${workspace.name}`}
      command="channel.inbox"
      args={() => ({ workspace: workspace.id, inbox })}
      onClose={onClose}
    >
      {(wrongOf) => (
        <Choice
          id="channel-inbox"
          label="Conversations begin in"
          wrong={wrongOf("inbox")}
          value={inbox}
          options={(inboxes ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          onInput={setInbox}
        />
      )}
    </CommandDialog>
  );
}

export function RoomForm({ workspace, onClose }: FormLook) {
  const teams = useTeamOptions("");
  const [team, setTeam] = useState("");
  const [room, setRoom] = useState("");
  const roomInput = (wrong: string | null) => ({
    ...{ id: "room-room", class: parts.field, value: room },
    ...{ "aria-invalid": wrong !== null, "aria-describedby": "room-room-wrong" },
    onInput: (event: { currentTarget: { value: string } }) => setRoom(event.currentTarget.value),
  });
  return (
    <CommandDialog
      title={`A room in ${workspace.name}`}
      command="channel.room"
      args={() => ({ workspace: workspace.id, team, room })}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <Choice
            id="room-team"
            label="Team"
            hint="What waits for it appears in the room, each conversation a thread."
            wrong={wrongOf("team")}
            value={team}
            none="Choose one"
            options={teams}
            onInput={setTeam}
          />
          <Labelled
            id="room-room"
            label="Room"
            hint="By its name: one that Switchboard is in. Invite it into others, and mention it there once."
            wrong={wrongOf("room")}
          >
            <SearchedInput
              common={roomInput(wrongOf("room"))}
              offered={offeredFor("channel.room", "room", { workspace: workspace.id }, room)}
            />
          </Labelled>
        </>
      )}
    </CommandDialog>
  );
}
