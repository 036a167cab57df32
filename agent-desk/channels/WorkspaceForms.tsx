import { useState } from "preact/hooks";
import type { InboxView } from "../../src/protocol/inbox.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Choice, TextField } from "../settings/fields.tsx";
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
  const [serviceUrl, setServiceUrl] = useState("");
  const isTeams = workspace.channel === "teams";
  const args = () => ({ workspace: workspace.id, team, room: room.trim(), ...(serviceUrl.trim() === "" ? {} : { serviceUrl }) });
  return (
    <CommandDialog title={`A room in ${workspace.name}`} command="channel.room" args={args} onClose={onClose}>
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
          <TextField
            id="room-id"
            label="The room's id"
            hint={
              isTeams ? "Like 19:…@thread.tacv2; it stands in the channel's link." : "Like C0123ABC; it stands in the channel's details."
            }
            wrong={wrongOf("room")}
            value={room}
            onInput={setRoom}
          />
          {isTeams && (
            <TextField
              id="room-service"
              label="Address of Teams' service (optional)"
              wrong={wrongOf("serviceUrl")}
              value={serviceUrl}
              onInput={setServiceUrl}
            />
          )}
        </>
      )}
    </CommandDialog>
  );
}
