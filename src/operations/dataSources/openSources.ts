import { askTogether } from "../../platform/database/askTogether.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Dialect } from "../queries/dialect.ts";
import type { ConnectionPools } from "../sources/connectionPools.ts";
import type { DataSource } from "../sources/dataSource.ts";
import { openSource } from "../sources/openSource.ts";
import type { SourceRules } from "../sources/reachSource.ts";
import type { StoredDataSource } from "./dataSourceStore.ts";
import { type DataSourceOutside, passwordOf, requireDataSource } from "./saveDataSources.ts";

export interface Sources {
  /**
   * A tenant's data source by its name or id, as it is set up in this moment: `setUp` is another with other settings. Whoever has read its version in this
   * moment says so, and where that one is open nothing is asked. Refusal `not_found`.
   */
  find(tenant: string, wanted: string, read?: { id: string; version: number }): Promise<FoundSource>;
  open(tenant: string, stored: StoredDataSource): DataSource;
  close(): Promise<void>;
}

export interface FoundSource {
  dialect: Dialect;
  source: DataSource;
  setUp: string;
}

export interface SourcesOutside {
  database: Pick<Database, "forTenant">;
  keys: DataSourceOutside["keys"];
  pools: ConnectionPools;
  rules: SourceRules;
  /** Where the demo shop's server is. */
  demoServer: { host: string; port: number } | undefined;
}

/** The data sources that this process has connections to: each with the settings of its newest version. */
export function openSources({ database, keys, pools, rules, demoServer }: SourcesOutside): Sources {
  const opened = new Map<string, { version: number; dialect: Dialect; source: DataSource }>();
  const open = (tenant: string, stored: StoredDataSource): DataSource => {
    const key = `${tenant} ${stored.id}`;
    const before = opened.get(key);
    if (before?.version === stored.version) return before.source;
    void before?.source.close();
    const source = openAs(tenant, stored);
    opened.set(key, { version: stored.version, dialect: stored.kind, source });
    return source;
  };
  const openAs = (tenant: string, stored: StoredDataSource): DataSource => {
    const { kind, database: name, user, tls } = stored;
    const at = stored.demo && demoServer !== undefined ? demoServer : { host: stored.host, port: stored.port };
    const settings = {
      dialect: kind,
      ...at,
      database: name,
      user,
      password: passwordOf(keys, tenant, stored) ?? "",
      tls: tls ? "verified" : "off",
    } as const;
    // The shop's server is the product's own: it is let in by name, and the product's database stays refused.
    const own = stored.demo ? { ...rules, allowHosts: new Set([...rules.allowHosts, `${at.host}:${at.port}`]) } : rules;
    return openSource(settings, own, pools);
  };
  const stand = askTogether((tenant: string, wanted: string) => requireDataSource({ database }, tenant, wanted));
  return {
    find: async (tenant, wanted, read) => {
      const known = read === undefined ? undefined : opened.get(`${tenant} ${read.id}`);
      if (read !== undefined && known?.version === read.version)
        return { dialect: known.dialect, source: known.source, setUp: `${tenant} ${read.id} ${read.version}` };
      const stored = await stand(tenant, wanted);
      return { dialect: stored.kind, source: open(tenant, stored), setUp: `${tenant} ${stored.id} ${stored.version}` };
    },
    open,
    close: async () => {
      await Promise.all([...opened.values()].map(({ source }) => source.close()));
    },
  };
}
