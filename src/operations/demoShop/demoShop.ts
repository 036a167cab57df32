import { randomBytes } from "node:crypto";
import { v7 as newId } from "uuid";
import type { Keys } from "../../access/keys/keys.ts";
import { sealSecret } from "../../access/keys/sealSecret.ts";
import type { Platform } from "../../platform/platform.ts";
import { insertDataSource } from "../dataSources/dataSourceStore.ts";
import { purposeOf } from "../dataSources/saveDataSources.ts";
import { demoShopOf, makeDemoShop } from "./demoShopStore.ts";

/** It stands for the product's own server, wherever that is. */
const host = "demo-shop";

/**
 * In development: customers, orders and products to try things with, in a database of its own, and the data source by which the demo tenant
 * reads it. Once; where the server doesn't let us, there is none, and the log says so.
 */
export async function ensureDemoShop(
  { database, clock, log, keys }: Pick<Platform, "database" | "clock" | "log"> & { keys: Pick<Keys, "id" | "secrets"> },
  { tenant, serverUrl }: { tenant: string; serverUrl: string },
): Promise<void> {
  const id = newId();
  const password = randomBytes(24).toString("base64url");
  const source = {
    id,
    name: "demo-shop",
    kind: "postgresql",
    host,
    port: 5432,
    ...demoShopOf(serverUrl),
    password: sealSecret(keys, purposeOf(tenant, { id, host, port: 5432 }), password),
    tls: false,
    demo: true,
    version: 1,
    changedBy: "Switchboard",
    changedAt: new Date(clock.now()),
  } as const;
  try {
    // The row first: of processes that start at once, the others wait for it, and find it made.
    await database.forTenant(tenant).transaction(async (tx) => {
      if (await insertDataSource(tx, source)) await makeDemoShop(serverUrl, password);
    });
  } catch (error) {
    log.warn({ error: error instanceof Error ? error.message : "unknown" }, "there is no demo shop: its database could not be made");
  }
}
