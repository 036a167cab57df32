import { Button } from "../look/Button.tsx";
import styles from "./Channels.module.css";
import type { AppView, Doing } from "./channels.ts";
import { appFields } from "./SecretsForm.tsx";

/** What the app still lacks, and the way to give it. */
export function GiveSecrets({ app, onDo }: { app: AppView; onDo: (doing: Doing) => void }) {
  const missing = (appFields[app.channel] ?? []).filter(({ name }) => app.missing.includes(name));
  return (
    <>
      {missing.length > 0 && <p>Still missing: {missing.map(({ label }) => label).join(", ")}.</p>}
      <div class={styles.actions}>
        <Button tone={missing.length > 0 ? "primary" : undefined} command="channel.app" onClick={() => onDo({ do: "secrets", app })}>
          {missing.length > 0 ? "Give them" : "Change them"}
        </Button>
      </div>
    </>
  );
}
