import type { ConnectionPools } from "./connectionPools.ts";
import type { DataSource } from "./dataSource.ts";
import { mysqlAdapter } from "./mysql/mysqlAdapter.ts";
import { postgresqlAdapter } from "./postgresql/postgresqlAdapter.ts";
import { reachSource, type SourceRules } from "./reachSource.ts";
import { createReading } from "./reading.ts";
import type { SourceSettings } from "./sourceSettings.ts";
import { createWriting } from "./writing.ts";

/** A data source with a pool of its own; nothing is connected to before it is asked. Close it when its settings change. */
export function openSource(settings: SourceSettings, rules: SourceRules, pools: ConnectionPools): DataSource {
  const adapter = settings.dialect === "postgresql" ? postgresqlAdapter(settings) : mysqlAdapter(settings);
  // Each connection resolves and checks anew: what the name leads to may have changed since the last.
  const connect = async () => await adapter.connect(await reachSource(settings, rules));
  const pool = pools.pool(connect);
  const { read, stream, own } = createReading(adapter, pool);
  return {
    read,
    stream,
    ...createWriting(adapter, pool),
    test: async () => await adapter.test(own),
    tables: async () => await adapter.tables(own),
    close: async () => await pool.close(),
  };
}
