import { join } from "node:path";
import { migrate } from "../../../src/platform/database/migrate.ts";
import { type NetworkProxy, startProxy } from "../../chaos/processes/proxy.ts";
import { silentLog } from "../../fixtures/silentLog.ts";
import type { NatsServer } from "./natsServer.ts";
import { type Part, type PartName, startPart } from "./part.ts";
import type { Postgres } from "./postgres.ts";
import { type Product, type ProductSettings, startProduct } from "./product.ts";

export interface ProductOptions extends Pick<ProductSettings, "natsUrl" | "allowHosts" | "cheapHashes" | "chats"> {
  /** Between it and its database stands a proxy, which `slowDatabase` makes slow. */
  throughProxy?: boolean;
}

/** What a figure is measured with. Everything that it starts ends with the figure. */
export interface Workplace {
  /** How long one measurement takes. */
  seconds: number;
  /** Among how many messages is searched. */
  messages: number;
  /** How many wrong sign-ins of each kind. */
  signIns: number;
  /** Among how many entities is read and written. */
  entities: number;
  /** None where the binary is missing. */
  nats: NatsServer | undefined;
  part(name: PartName, nodeArguments?: readonly string[]): Part;
  /** A product with a database of its own. */
  product(settings?: ProductOptions): Promise<Product & { databaseUrl: string; slowDatabase(ms: number): void }>;
  migratedDatabase(): Promise<string>;
  emptyDatabase(): Promise<string>;
  /** The address of a webhook of n8n that answers the orders of a customer; none where nobody wants it. */
  n8n: string | undefined;
  /** A file with the address, the token and the database of a Directus; none where nobody wants it. */
  directus: string | undefined;
}

export interface Place {
  postgres: Postgres;
  nats: NatsServer | undefined;
  folder: string;
  seconds: number;
  messages: number;
  signIns: number;
  entities: number;
  profileDir: string | undefined;
  n8n: string | undefined;
  directus: string | undefined;
}

let products = 0;

/** Gives `work` a workplace, and tidies up after it, whatever happened. */
export async function atWorkplace<Result>(place: Place, work: (workplace: Workplace) => Promise<Result>): Promise<Result> {
  const endings: (() => Promise<void>)[] = [];
  try {
    return await work({
      seconds: place.seconds,
      messages: place.messages,
      signIns: place.signIns,
      entities: place.entities,
      nats: place.nats,
      n8n: place.n8n,
      directus: place.directus,
      emptyDatabase: () => place.postgres.createDatabase(),
      part: (name, nodeArguments) => {
        const part = startPart(name, nodeArguments);
        endings.push(() => part.end());
        return part;
      },
      product: async ({ throughProxy = false, ...settings } = {}) => {
        const databaseUrl = await place.postgres.createDatabase();
        const proxy = throughProxy ? await startProxy(Number(new URL(databaseUrl).port)) : undefined;
        let product: Product | undefined;
        endings.push(async () => {
          await product?.stop();
          await proxy?.close();
        });
        const dataDir = join(place.folder, `product-${++products}`);
        product = await startProduct({ databaseUrl: through(databaseUrl, proxy), dataDir, profileDir: place.profileDir, ...settings });
        return { ...product, databaseUrl, slowDatabase: (ms) => proxy?.delay(ms) };
      },
      migratedDatabase: async () => {
        const url = await place.postgres.createDatabase();
        await migrate(url, { folder: join(import.meta.dirname, "..", "prisma", "migrations"), log: silentLog });
        return url;
      },
    });
  } finally {
    await Promise.all(endings.map((end) => end()));
  }
}

function through(databaseUrl: string, proxy: NetworkProxy | undefined): string {
  if (proxy === undefined) return databaseUrl;
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${proxy.port}`;
  return url.href;
}
