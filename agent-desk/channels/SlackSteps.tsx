import { Download, ExternalLink } from "lucide-preact";
import { useState } from "preact/hooks";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { saveFile } from "../session/download.ts";
import styles from "./Channels.module.css";
import { CopyButton } from "./CopyButton.tsx";
import { GiveSecrets } from "./GiveSecrets.tsx";
import { ServicePage, Step, type StepsLook } from "./Step.tsx";
import { useManifest } from "./useManifest.ts";

/** bots/slack/SETUP.md, as the page leads through it. */
export function SlackSteps({ app, isConnected, onDo }: StepsLook) {
  const { manifest, wrong } = useManifest(app);
  const [refused, setRefused] = useState<string | null>(null);
  const isWhole = app.missing.length === 0;
  const install = () => {
    setRefused(null);
    runCommand("channel.install", { app: app.id }).then(
      ({ data }) => location.assign(String(typeof data === "object" && data !== null ? Reflect.get(data, "url") : "")),
      (error: unknown) => setRefused(sentence(error)),
    );
  };
  return (
    <ol class={styles.steps}>
      <Step title="Make the app at Slack" done={isWhole}>
        <p>
          On <ServicePage href="https://api.slack.com/apps">Slack's page of apps</ServicePage> choose Create New App, From a manifest, and
          paste this. Where the app is there already, paste it under App Manifest.
        </p>
        <textarea class={`${parts.field} ${styles.text}`} aria-label="The manifest" readOnly rows={5} value={manifest?.text ?? ""} />
        <Wrong>{wrong}</Wrong>
        {manifest !== null && (
          <div class={styles.actions}>
            <CopyButton text={manifest.text}>Copy the manifest</CopyButton>
            <Button onClick={() => saveFile(manifest.file, new Blob([manifest.text], { type: "application/json" }))}>
              <Download aria-hidden="true" /> Download it
            </Button>
          </div>
        )}
      </Step>
      <Step title="Give Switchboard its id and secrets" done={isWhole}>
        <p>They stand under Basic Information, App Credentials. They are kept sealed and never shown again.</p>
        <GiveSecrets app={app} onDo={onDo} />
      </Step>
      <Step title="Connect a workspace" done={isConnected}>
        <p>Slack asks whether the app may come in, and brings you back here. Each workspace is connected so once.</p>
        <div class={styles.actions}>
          <Button tone={isConnected ? undefined : "primary"} disabled={!isWhole} command="channel.install" onClick={install}>
            <ExternalLink aria-hidden="true" /> Connect a workspace
          </Button>
        </div>
        <Wrong>{refused}</Wrong>
      </Step>
      <Step title="See that it works" done={false}>
        <p>
          Press Test beside the workspace; then choose the inbox, and the rooms of teams. In Slack write <code>/sb help</code>.
        </p>
      </Step>
    </ol>
  );
}
