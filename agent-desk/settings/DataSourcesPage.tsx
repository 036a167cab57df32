import { Database, PlugZap } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { DataSourceView } from "../../src/protocol/dataSources.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { Choice, NameField, numberOr, TextField } from "./fields.tsx";
import { Listed } from "./Listed.tsx";
import { useListed } from "./useListed.ts";

type Doing = { do: "edit"; source: DataSourceView | null } | { do: "delete" | "test"; source: DataSourceView } | null;

const kinds = [
  { value: "postgresql", label: "PostgreSQL" },
  { value: "mysql", label: "MySQL or MariaDB" },
];

const connections = [
  { value: "on", label: "Encrypted, the certificate is checked" },
  { value: "off", label: "Not encrypted" },
];

/** Databases from which operations read. */
export function DataSourcesPage({ mayChange }: { mayChange: boolean }) {
  const { items: sources, wrong, doing, setDoing, close } = useListed<DataSourceView, Doing>("data-source.list", "dataSources");
  return (
    <>
      <Listed
        about="Databases of your own, from which operations read. Connect them with a user who may only read: what is asked is checked, and that user is the second lock."
        group="data-source"
        wrong={wrong}
        add={mayChange ? { label: "Connect a database", onClick: () => setDoing({ do: "edit", source: null }) } : null}
        known={sources !== null}
        icon={<Database strokeWidth={1.5} />}
        empty="No data sources yet"
        rows={(sources ?? []).map((source) => ({
          id: source.id,
          name: source.name,
          detail: source.demo
            ? "A shop with customers, orders and products, to try things with"
            : `${source.database} at ${source.host}:${source.port} as ${source.user}`,
          chips: [
            kinds.find(({ value }) => value === source.kind)?.label ?? source.kind,
            ...(source.hasPassword ? [] : ["no password"]),
            ...(source.tls || source.demo ? [] : ["not encrypted"]),
          ],
          ...(mayChange
            ? {
                more: {
                  label: `Test ${source.name}`,
                  command: "data-source.test",
                  icon: <PlugZap />,
                  onClick: () => setDoing({ do: "test", source }),
                },
              }
            : {}),
          ...(mayChange && !source.demo ? { onEdit: () => setDoing({ do: "edit", source }) } : {}),
          ...(mayChange ? { onDelete: () => setDoing({ do: "delete", source }) } : {}),
        }))}
      />
      {doing?.do === "edit" && <SourceForm source={doing.source} onClose={close} />}
      {doing?.do === "test" && <TestDialog source={doing.source} onClose={close} />}
      {doing?.do === "delete" && (
        <CommandDialog
          title={`Forget the data source “${doing.source.name}”?`}
          command="data-source.delete"
          args={() => ({ source: doing.source.id })}
          label="Forget it"
          danger
          onClose={close}
        >
          {() => <p>What opens it is deleted here. The database itself stays as it is.</p>}
        </CommandDialog>
      )}
    </>
  );
}

function SourceForm({ source, onClose }: { source: DataSourceView | null; onClose: () => void }) {
  const [name, setName] = useState(source?.name ?? "");
  const [kind, setKind] = useState<string>(source?.kind ?? "postgresql");
  const [host, setHost] = useState(source?.host ?? "");
  const [port, setPort] = useState(source === null ? "" : String(source.port));
  const [database, setDatabase] = useState(source?.database ?? "");
  const [user, setUser] = useState(source?.user ?? "");
  const [password, setPassword] = useState("");
  const [tls, setTls] = useState(source?.tls === false ? "off" : "on");
  const isElsewhere = source !== null && (host !== source.host || port !== String(source.port));
  return (
    <CommandDialog
      title={source === null ? "Connect a database" : `Change ${source.name}`}
      command={source === null ? "data-source.create" : "data-source.update"}
      args={() => ({
        ...(source === null ? {} : { source: source.id, version: source.version }),
        name,
        kind,
        host,
        ...(port.trim() === "" ? {} : { port: numberOr(port) }),
        database,
        user,
        ...(password === "" ? {} : { password }),
        tls: tls === "on",
      })}
      label={source === null ? "Connect" : "Save"}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <NameField value={name} wrong={wrongOf("name")} onInput={setName} />
          <Choice id="source-kind" label="Kind" wrong={wrongOf("kind")} value={kind} options={kinds} onInput={setKind} />
          <TextField id="source-host" label="Host" placeholder="db.example.com" wrong={wrongOf("host")} value={host} onInput={setHost} />
          <TextField
            id="source-port"
            label="Port"
            placeholder={kind === "postgresql" ? "5432" : "3306"}
            inputMode="numeric"
            wrong={wrongOf("port")}
            value={port}
            onInput={setPort}
          />
          <TextField id="source-database" label="Database" wrong={wrongOf("database")} value={database} onInput={setDatabase} />
          <TextField
            id="source-user"
            label="User"
            hint="One who may only read: GRANT SELECT on the tables that people may ask, and nothing else."
            wrong={wrongOf("user")}
            value={user}
            onInput={setUser}
          />
          <TextField
            id="source-password"
            type="password"
            autocomplete="new-password"
            label="Password"
            hint={hintOf(source, isElsewhere)}
            wrong={wrongOf("password")}
            value={password}
            onInput={setPassword}
          />
          <Choice
            id="source-tls"
            label="Connection"
            hint="Not encrypted is only possible inside a network that the operator named."
            wrong={wrongOf("tls")}
            value={tls}
            options={connections}
            onInput={setTls}
          />
        </>
      )}
    </CommandDialog>
  );
}

function hintOf(source: DataSourceView | null, isElsewhere: boolean): string {
  if (isElsewhere) return "The one that is kept was for the server before; write that of this one.";
  return source?.hasPassword === true ? "Left empty, the one that is kept stays." : "Kept sealed, and never shown.";
}

/** Connects as soon as it is open, and says what was found. */
function TestDialog({ source, onClose }: { source: DataSourceView; onClose: () => void }) {
  const [said, setSaid] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    runCommand("data-source.test", { source: source.id }).then(
      ({ messages }) => setSaid(messages.map(({ text }) => text).join(" ")),
      (error: unknown) => setWrong(sentence(error)),
    );
  }, [source.id]);
  return (
    <Dialog title={`Test ${source.name}`} command="data-source.test" onClose={onClose}>
      <div class={popups.dialogBody} role="status">
        {said === null && wrong === null && <p>Connecting…</p>}
        {said !== null && <p>{said}</p>}
        <Wrong>{wrong}</Wrong>
      </div>
      <div class={popups.dialogFoot}>
        <Button tone="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
