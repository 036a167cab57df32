import type { AccountPrincipal } from "../../access/principal.ts";
import type { CommandCall, CommandResult, StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { dataSourceKinds } from "../../protocol/dataSources.ts";
import { listDataSources, type StoredDataSource } from "./dataSourceStore.ts";
import {
  addDataSource,
  changeDataSource,
  type DataSourceOutside,
  removeDataSource,
  requireDataSource,
  viewOfSource,
} from "./saveDataSources.ts";

type Call = CommandCall<AccountPrincipal>;

export interface SourceCommandOutside extends DataSourceOutside {
  /** Connects, and says what was found. Refusals in words, as `unavailable` or `invalid_value` with the field. */
  test(tenant: string, source: StoredDataSource): Promise<{ server: string; mayWrite: boolean }>;
  /** Tables with their columns, as far as the role sees them. */
  tables(tenant: string, source: StoredDataSource): Promise<{ name: string; columns: { name: string; type: string }[] }[]>;
}

const source: ArgSchema = { type: "string", description: "Its name or its id.", maxLength: 100 };
const settings = {
  name: { type: "string", description: "What operations call it: shop-reports.", maxLength: 100 },
  kind: { type: "string", description: "MariaDB is of the kind mysql.", enum: [...dataSourceKinds] },
  host: { type: "string", description: "Where its server is: db.example.com.", maxLength: 253 },
  port: { type: "integer", description: "5432 and 3306 where it is left out.", minimum: 1, maximum: 65_535 },
  database: { type: "string", description: "The database's name there.", maxLength: 128 },
  user: { type: "string", description: "A user who may only read is best.", maxLength: 128 },
  password: { type: "string", format: "password", description: "Kept sealed, for this host and port alone; never shown.", maxLength: 1000 },
  tls: {
    type: "boolean",
    description: "Whether the connection is encrypted and the server's certificate is checked; yes where it is left out.",
  },
} satisfies Record<string, ArgSchema>;

/** `data-source.*`: databases of the tenant's own, from which operations read. */
export function dataSourceCommands(outside: SourceCommandOutside): StaffCommand[] {
  const { database } = outside;
  const define = commandsOf("data-source", { risk: "write", permission: "sources.manage", audited: "itself" });
  // Where a database is and what opens it is changed by who has just shown who they are, and by no API key.
  const stepUp = true;
  const reads = { risk: "read", audited: "never", permission: "operations.manage" } as const;
  const named = ({ principal, args }: Call) => requireDataSource(outside, principal.tenant, String(args["source"]));

  return [
    define(
      "list",
      "Lists the data sources.",
      {},
      [],
      async ({ principal }) => {
        const found = await listDataSources(database.forTenant(principal.tenant));
        const lines = found.map((one) => `${one.name}: ${told(one)}`);
        return {
          messages: [{ text: lines.join("\n") || "There are no data sources yet." }],
          data: { dataSources: found.map(viewOfSource) },
        };
      },
      reads,
    ),
    define(
      "tables",
      "Lists the tables of a data source with their columns.",
      { source },
      ["source"],
      async (call) => {
        const tables = await outside.tables(call.principal.tenant, await named(call));
        const lines = tables.map(({ name, columns }) => `${name}: ${columns.map((column) => column.name).join(", ")}`);
        return { messages: [{ text: lines.join("\n") || "There are no tables that its user may read." }], data: { tables } };
      },
      reads,
    ),
    define(
      "create",
      "Connects a database, from which operations can read.",
      settings,
      ["name", "kind", "host", "database", "user"],
      async (call) => {
        const { args, principal } = call;
        const made = await addDataSource(outside, principal, {
          name: String(args["name"]).trim().toLowerCase(),
          kind: kindIn(call) ?? "postgresql",
          host: String(args["host"]).trim().toLowerCase(),
          port: portIn(call),
          database: String(args["database"]),
          user: String(args["user"]),
          password: args["password"] === undefined ? undefined : String(args["password"]),
          tls: args["tls"] !== false,
        });
        return saved(made, `"${made.name}" is kept; "data-source.test" connects to it.`);
      },
      { stepUp },
    ),
    define(
      "update",
      "Changes a data source. With another host or port its password is forgotten.",
      { source, ...settings, version: { type: "integer", description: "The version that was changed.", minimum: 1 } },
      ["source"],
      async (call) => {
        const { args, principal } = call;
        const text = (name: "host" | "database" | "user" | "password") => (args[name] === undefined ? {} : { [name]: String(args[name]) });
        const [kind, port, seen] = [kindIn(call), portIn(call), args["version"]];
        const changed = await changeDataSource(outside, principal, String(args["source"]), {
          ...(args["name"] === undefined ? {} : { name: String(args["name"]).trim().toLowerCase() }),
          ...(kind === undefined ? {} : { kind }),
          ...text("host"),
          ...(port === undefined ? {} : { port }),
          ...text("database"),
          ...text("user"),
          ...text("password"),
          ...(args["tls"] === undefined ? {} : { tls: args["tls"] === true }),
          ...(typeof seen === "number" ? { seen } : {}),
        });
        const forgotten = changed.password === null ? " It has no password." : "";
        return saved(changed, `"${changed.name}" is changed.${forgotten}`);
      },
      { stepUp },
    ),
    define("test", "Connects to a data source, and says what its user may do there.", { source }, ["source"], async (call) => {
      const found = await named(call);
      const { server, mayWrite } = await outside.test(call.principal.tenant, found);
      const warning = mayWrite ? " Its user may change data; one that may only read is safer." : " Its user may only read.";
      return { messages: [{ text: `${found.name} answers: ${server}.${warning}` }], data: { server, mayWrite } };
    }),
    define(
      "delete",
      "Forgets a data source, and what opens it.",
      { source },
      ["source"],
      async ({ principal, args }) => {
        await removeDataSource(outside, principal, String(args["source"]));
        return { messages: [{ text: "The data source is forgotten." }] };
      },
      { risk: "destructive", stepUp },
    ),
  ];
}

function told({ kind, user, host, port, database, demo }: StoredDataSource): string {
  return demo ? "a shop to try things with" : `${kind}, ${database} at ${host}:${port} as ${user}`;
}

function saved(stored: StoredDataSource, text: string): CommandResult {
  return { messages: [{ text }], data: { dataSource: viewOfSource(stored) } };
}

function kindIn({ args }: Call) {
  return dataSourceKinds.find((kind) => kind === args["kind"]);
}

function portIn({ args }: Call): number | undefined {
  return typeof args["port"] === "number" ? args["port"] : undefined;
}
