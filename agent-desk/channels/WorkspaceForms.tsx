import { useState } from "preact/hooks";
import type { InboxView } from "../../src/protocol/inbox.ts";
import type { MessageRoom } from "../../src/protocol/messages.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Choice } from "../settings/fields.tsx";
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
  const { data } = useCommandData<MessageRoom & { channel: string }>("channel.rooms", "rooms");
  const [team, setTeam] = useState("");
  const [room, setRoom] = useState("");
  const rooms = data?.filter((one) => one.channel === workspace.channel && one.workspace === workspace.name);
  const isNowhere = rooms?.length === 0;
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
          <Choice
            id="room-room"
            label="Room"
            hint={
              isNowhere
                ? "Switchboard is in no room there yet: invite it, and mention it once."
                : "One that Switchboard is in; invite it into others."
            }
            wrong={wrongOf("room")}
            value={room}
            none="Choose one"
            options={(rooms ?? []).map(({ id, name }) => ({ value: id, label: `#${name}` }))}
            onInput={setRoom}
          />
        </>
      )}
    </CommandDialog>
  );
}
