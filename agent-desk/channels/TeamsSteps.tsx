import { Download } from "lucide-preact";
import { Button } from "../look/Button.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { saveFile } from "../session/download.ts";
import styles from "./Channels.module.css";
import { CopyButton } from "./CopyButton.tsx";
import { GiveSecrets } from "./GiveSecrets.tsx";
import { ServicePage, Step, type StepsLook } from "./Step.tsx";
import { type ManifestView, useManifest } from "./useManifest.ts";

/** bots/teams/SETUP.md, as the page leads through it. */
export function TeamsSteps({ app, isConnected, onDo }: StepsLook) {
  const { manifest, wrong } = useManifest(app);
  const isWhole = app.missing.length === 0;
  return (
    <ol class={styles.steps}>
      <Step title="Register the app at Microsoft" done={isWhole}>
        <p>
          In <ServicePage href="https://entra.microsoft.com">Microsoft Entra</ServicePage> choose App registrations, New registration; then
          Certificates &amp; secrets, New client secret.
        </p>
      </Step>
      <Step title="Give Switchboard its id and secret" done={isWhole}>
        <p>They are kept sealed; the secret is never shown again.</p>
        <GiveSecrets app={app} onDo={onDo} />
      </Step>
      <Step title="Make the bot, and tell it this address" done={isConnected}>
        <p>
          In <ServicePage href="https://portal.azure.com">the Azure portal</ServicePage> make an Azure Bot of this app. Under Configuration
          paste the messaging endpoint; under Channels add Microsoft Teams.
        </p>
        <code class={styles.text}>{app.address}</code>
        <div class={styles.actions}>
          <CopyButton text={app.address}>Copy the address</CopyButton>
        </div>
      </Step>
      <Step title="Upload its package" done={isConnected}>
        <p>
          In <ServicePage href="https://admin.teams.microsoft.com">the Teams admin centre</ServicePage> choose Manage apps, Upload new app.
          {!isWhole && " The package is ready once the app's id is given."}
        </p>
        {isWhole && manifest !== null && (
          <div class={styles.actions}>
            <Button onClick={() => savePackage(manifest)}>
              <Download aria-hidden="true" /> Download the package
            </Button>
          </div>
        )}
        <Wrong>{wrong}</Wrong>
      </Step>
      <Step title="Connect the organisation" done={isConnected}>
        <p>By its Directory (tenant) ID, which stands on the app's page in Entra. Only people who write from it are heard.</p>
        <div class={styles.actions}>
          <Button
            tone={isConnected ? undefined : "primary"}
            disabled={!isWhole}
            command="channel.connect"
            onClick={() => onDo({ do: "connect", app })}
          >
            Connect an organisation
          </Button>
        </div>
      </Step>
      <Step title="See that it works" done={false}>
        <p>
          Press Test beside the organisation; then choose the inbox, and the rooms of teams. In Teams write <code>help</code> to
          Switchboard.
        </p>
      </Step>
    </ol>
  );
}

function savePackage({ file, text, package: packed }: ManifestView): void {
  if (packed === undefined) saveFile(file, new Blob([text], { type: "application/json" }));
  else
    saveFile(packed.file, new Blob([Uint8Array.from(atob(packed.base64), (letter) => letter.charCodeAt(0))], { type: "application/zip" }));
}
