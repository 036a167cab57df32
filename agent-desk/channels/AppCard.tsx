import { Trash2 } from "lucide-preact";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import cards from "../settings/Hours.module.css";
import styles from "./Channels.module.css";
import { type AppView, type ChannelsView, type Doing, serviceName } from "./channels.ts";
import { SlackSteps } from "./SlackSteps.tsx";
import { TeamsSteps } from "./TeamsSteps.tsx";
import { WorkspaceRow } from "./WorkspaceRow.tsx";

interface AppCardLook {
  app: AppView;
  channels: ChannelsView;
  onDo: (doing: Doing) => void;
  onChanged: () => void;
}

/** An app of a service: what is connected by it, and the steps that lead there. */
export function AppCard({ app, channels, onDo, onChanged }: AppCardLook) {
  const name = serviceName(app.channel);
  const workspaces = channels.workspaces.filter((each) => each.app === app.id);
  const isWhole = app.missing.length === 0;
  const Steps = app.channel === "slack" ? SlackSteps : TeamsSteps;
  return (
    <section class={cards.card} aria-labelledby={`app-${app.id}`}>
      <div class={cards.cardHead}>
        <h2 id={`app-${app.id}`}>{name}</h2>
        <small>{app.appId}</small>
        {!isWhole && <Chip tone="warn">Not set up yet</Chip>}
        <Button
          tone="plain"
          small
          label={`Forget the app of ${name} ${app.appId}`.trim()}
          command="channel.remove-app"
          onClick={() => onDo({ do: "forget", app })}
        >
          <Trash2 />
        </Button>
      </div>
      {workspaces.length > 0 && (
        <ul class={styles.workspaces} aria-label={`Connected in ${name}`}>
          {workspaces.map((workspace) => (
            <WorkspaceRow
              key={workspace.id}
              workspace={workspace}
              rooms={channels.rooms.filter((room) => room.workspace === workspace.id)}
              onDo={onDo}
              onChanged={onChanged}
            />
          ))}
        </ul>
      )}
      <details class={styles.setUp} open={workspaces.length === 0}>
        <summary>{workspaces.length === 0 ? "How it is connected" : "Connect another one, or change the app"}</summary>
        <Steps app={app} isConnected={workspaces.length > 0} onDo={onDo} />
      </details>
    </section>
  );
}
