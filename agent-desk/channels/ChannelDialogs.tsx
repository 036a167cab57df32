import { CommandDialog } from "../commands/CommandDialog.tsx";
import { ConnectForm } from "./ConnectForm.tsx";
import { type Doing, serviceName } from "./channels.ts";
import { SecretsForm } from "./SecretsForm.tsx";
import { InboxForm, RoomForm } from "./WorkspaceForms.tsx";

/** What stands over the page while something is done. */
export function ChannelDialogs({ doing, onClose }: { doing: Doing; onClose: () => void }) {
  switch (doing.do) {
    case "secrets":
      return <SecretsForm app={doing.app} onClose={onClose} />;
    case "connect":
      return <ConnectForm app={doing.app} onClose={onClose} />;
    case "inbox":
      return <InboxForm workspace={doing.workspace} onClose={onClose} />;
    case "room":
      return <RoomForm workspace={doing.workspace} onClose={onClose} />;
    case "disconnect":
      return (
        <CommandDialog
          title={`Disconnect ${doing.workspace.name}?`}
          command="channel.disconnect"
          args={() => ({ workspace: doing.workspace.id })}
          label="Disconnect"
          danger
          onClose={onClose}
        >
          {() => <p>Nothing that is said there counts from now on, and nothing is written there. It can be connected again.</p>}
        </CommandDialog>
      );
    case "forget":
      return (
        <CommandDialog
          title={`Forget the app of ${serviceName(doing.app.channel)}?`}
          command="channel.remove-app"
          args={() => ({ app: doing.app.id })}
          label="Forget it"
          danger
          onClose={onClose}
        >
          {() => <p>Its secrets go, and everything that was connected by it. This can't be undone.</p>}
        </CommandDialog>
      );
  }
}
