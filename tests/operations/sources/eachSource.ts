import { afterAll, beforeAll } from "vitest";
import type { Statement } from "../../../src/operations/queries/bindQuery.ts";
import { checkQuery } from "../../../src/operations/queries/checkQuery.ts";
import { ConnectionPools } from "../../../src/operations/sources/connectionPools.ts";
import type { Answer, DataSource } from "../../../src/operations/sources/dataSource.ts";
import { openSource } from "../../../src/operations/sources/openSource.ts";
import type { Parameter, ParameterValues } from "../../../src/protocol/operations.ts";
import { describeWithServer } from "../../fixtures/services.ts";
import { createSourceDatabase, type SourceDatabase } from "../../fixtures/sourceDatabase.ts";

/** A shop's database, which a suite has as a data source. */
export interface Shop {
  /** Of the product: "PostgreSQL". */
  name: string;
  kind: "postgresql" | "mariadb";
  database: SourceDatabase;
  source: DataSource;
  statement(text: string, parameters?: Parameter[], values?: ParameterValues): Promise<Statement>;
  /** One that changes something. */
  write(text: string): Promise<Statement>;
  read(text: string): Promise<Answer>;
}

const session = { me: "me", team: [], tenant: "tenant" };

/** The suite for each kind of server that is there, each with a shop of its own. */
export async function describeEachSource(what: string, suite: (shop: Shop) => void): Promise<void> {
  for (const [name, setting, kind] of [
    ["PostgreSQL", "DATABASE_URL", "postgresql"],
    ["MariaDB", "MARIADB_URL", "mariadb"],
  ] as const)
    await describeWithServer(`${what}: ${name}`, setting, (url) => suite(openShop(url, name, kind)));
}

function openShop(url: string, name: string, kind: Shop["kind"]): Shop {
  let opened: Pick<Shop, "database" | "source"> | undefined;
  beforeAll(async () => {
    const database = await createSourceDatabase(url, kind);
    opened = { database, source: openSource(database.settings, database.rules, new ConnectionPools()) };
  });
  afterAll(async () => {
    await opened?.source.close();
    await opened?.database.drop();
  });
  const there = () => {
    if (opened === undefined) throw new Error("the shop is not open yet");
    return opened;
  };
  const statement: Shop["statement"] = async (text, parameters = [], values = {}) =>
    (await checkQuery(kind, text, parameters, "read")).bind(values, session);
  return {
    name,
    kind,
    get database() {
      return there().database;
    },
    get source() {
      return there().source;
    },
    statement,
    write: async (text) => (await checkQuery(kind, text, [], "write")).bind({}, session),
    read: async (text) => await there().source.read({ statement: await statement(text) }),
  };
}

/** In which words it is refused. */
export async function refused(asked: Promise<unknown>): Promise<string> {
  return await asked.then(
    () => "allowed",
    ({ code, message }) => `${code}: ${message}`,
  );
}
