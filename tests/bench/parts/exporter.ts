import { once } from "node:events";
import { PassThrough } from "node:stream";
import { stringify } from "csv-stringify";
import pg from "pg";
import Cursor from "pg-cursor";
import { z } from "zod";
import { csvFile } from "../../../src/commands/exports/csvFile.ts";
import { checkQuery } from "../../../src/operations/queries/checkQuery.ts";
import { ConnectionPools } from "../../../src/operations/sources/connectionPools.ts";
import { openSource } from "../../../src/operations/sources/openSource.ts";
import { servePart } from "../processes/part.ts";

const questionSchema = z.object({ do: z.enum(["product", "bare"]), databaseUrl: z.string(), rows: z.number() });

export const exportSchema = z.object({ seconds: z.number(), megabytes: z.number(), peakMegabytes: z.number() });

const sqlOf = (rows: number) =>
  `select n, 'name ' || n as name, n * 1.25 as total, current_date + (n % 365)::int as due, now() as at, n % 7 = 0 as late, md5(n::text) as code from generate_series(1, ${rows}) n`;

/** Reads many rows into CSV, one way a process: as the product does, or with `pg`, its cursor and csv-stringify alone. */
export function playExporter(): void {
  servePart(questionSchema, async ({ do: way, databaseUrl, rows }) => {
    const begun = performance.now();
    const bytes = way === "product" ? await throughProduct(databaseUrl, rows) : await bare(databaseUrl, rows);
    const seconds = (performance.now() - begun) / 1000;
    // maxRSS is in kilobytes.
    return { seconds, megabytes: bytes / 1e6, peakMegabytes: process.resourceUsage().maxRSS / 1000 } satisfies z.infer<typeof exportSchema>;
  });
}

async function throughProduct(url: string, rows: number): Promise<number> {
  const { hostname, port, pathname, username, password } = new URL(url);
  const settings = {
    dialect: "postgresql",
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: username,
    password,
    tls: "off",
  } as const;
  const rules = { stage: "production", allowHosts: new Set([`${hostname}:${port}`]), own: [] } as const;
  const source = openSource(settings, rules, new ConnectionPools());
  const statement = (await checkQuery("postgresql", sqlOf(rows), [], "read")).bind({}, { me: "bench", team: [], tenant: "bench" });
  let bytes = 0;
  for await (const piece of csvFile(await source.stream({ statement, limits: { deadlineMs: 600_000 } }), { marked: false }))
    bytes += Buffer.byteLength(piece);
  await source.close();
  return bytes;
}

async function bare(url: string, rows: number): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const raw = { getTypeParser: () => (text: string) => text };
  const cursor = client.query(new Cursor<string[]>(sqlOf(rows), [], { rowMode: "array", types: raw }));
  const csv = stringify();
  const sink = csv.pipe(new PassThrough());
  let bytes = 0;
  sink.on("data", (piece: Buffer) => {
    bytes += piece.length;
  });
  for (let batch = await cursor.read(500); batch.length > 0; batch = await cursor.read(500)) {
    for (const row of batch) if (!csv.write(row)) await once(csv, "drain");
  }
  csv.end();
  await once(sink, "end");
  await client.end();
  return bytes;
}
