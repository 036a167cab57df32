import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { v7 as newId } from "uuid";
import type { Keys } from "../../access/keys/keys.ts";
import { sealSecret } from "../../access/keys/sealSecret.ts";
import { sleep } from "../../platform/clock/clock.ts";
import type { Platform } from "../../platform/platform.ts";
import { insertDataSource } from "../dataSources/dataSourceStore.ts";
import { purposeOf } from "../dataSources/saveDataSources.ts";
import { demoShopOf, makeDemoShop } from "./demoShopStore.ts";

const mostTries = 6;
const pauseMs = 1000;

/** It stands for the product's own server, wherever that is. */
const host = "demo-shop";

/**
 * In development: customers, orders and products to try things with, in a database of its own, and the data source by which the demo tenant
 * reads it. Once; where the server doesn't answer it is tried again, and where it doesn't let us, there is none, and the log says so.
 */
export async function ensureDemoShop(
  { database, clock, log, keys }: Pick<Platform, "database" | "clock" | "log"> & { keys: Pick<Keys, "id" | "secrets"> },
  { tenant, serverUrl, gone }: { tenant: string; serverUrl: string; gone: AbortSignal },
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
  for (let tries = 1; !gone.aborted; tries++) {
    try {
      // The row first: of processes that start at once, the others wait for it, and find it made.
      await database.forTenant(tenant).transaction(async (tx) => {
        if (await insertDataSource(tx, source)) await makeDemoShop(serverUrl, password);
      });
      return;
    } catch (error) {
      const reason = error instanceof Error ? error.message : "unknown";
      if (tries === mostTries) return log.warn({ error: reason }, "there is no demo shop: its database could not be made");
      if (gone.aborted) return;
      log.info({ error: reason }, "the demo shop is made a little later");
    }
    await Promise.race([sleep(clock, pauseMs * 2 ** tries), once(gone, "abort")]);
  }
}
