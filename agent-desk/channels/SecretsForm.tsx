import { useState } from "preact/hooks";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { TextField } from "../settings/fields.tsx";
import { type AppView, serviceName } from "./channels.ts";

interface AppField {
  /** The argument of `channel.app`. */
  name: string;
  /** As the service calls it. */
  label: string;
  hint?: string;
  secret: boolean;
}

export const appFields: Readonly<Record<string, readonly AppField[]>> = {
  slack: [
    { name: "appId", label: "App ID", secret: false },
    { name: "clientId", label: "Client ID", secret: false },
    { name: "clientSecret", label: "Client Secret", secret: true },
    { name: "signingSecret", label: "Signing Secret", secret: true },
    { name: "appToken", label: "App-Level Token (optional)", hint: "Only for Socket Mode; it begins with xapp-.", secret: true },
  ],
  teams: [
    { name: "appId", label: "Application (client) ID", secret: false },
    { name: "password", label: "Client secret", hint: "Its Value, not its Secret ID.", secret: true },
    { name: "organisation", label: "Directory (tenant) ID", hint: "Empty only where the app is for several organisations.", secret: false },
  ],
};

/** What was made at the service; what is left empty stays as it is. */
export function SecretsForm({ app, onClose }: { app: AppView; onClose: () => void }) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({ appId: app.appId });
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));
  return (
    <CommandDialog
      title={`The app of ${serviceName(app.channel)}`}
      command="channel.app"
      args={() => ({ channel: app.channel, app: app.id, ...given })}
      onClose={onClose}
    >
      {(wrongOf) =>
        (appFields[app.channel] ?? []).map(({ name, label, hint, secret }) => (
          <TextField
            key={name}
            id={`app-${name}`}
            label={label}
            hint={app.missing.includes(name) ? hint : [hint, "Leave it empty to keep what is set."].filter(Boolean).join(" ")}
            wrong={wrongOf(name)}
            value={values[name] ?? ""}
            {...(secret ? { type: "password" as const, autocomplete: "new-password" as const } : {})}
            onInput={(value) => setValues({ ...values, [name]: value })}
          />
        ))
      }
    </CommandDialog>
  );
}
