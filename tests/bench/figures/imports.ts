import { readFile } from "node:fs/promises";
import { z } from "zod";
import { fillDirectus } from "../processes/directus.ts";
import type { Product } from "../processes/product.ts";
import type { Figure, Measurement } from "./figure.ts";

const rows = 100_000;
/** Directus takes minutes for all. */
const rowsOfPeer = 20_000;
/** Rows a second. */
const aim = 10_000;
/** Times Directus. */
const atLeast = 10;
const betweenMs = 100;

const importSchema = z.object({
  id: z.string(),
  state: z.string(),
  position: z.number(),
  counts: z.object({ created: z.number() }),
  fault: z.string().nullish(),
});

/** A CSV of 100,000 rows, each found by a unique field or made, from the start of the import to its end. */
export const imports: Measurement = {
  name: "imports",
  measure: async (workplace) => {
    const product = await workplace.product();
    const ask = await asker(product);
    await ask("POST", "/blueprints", {
      key: "parts",
      name: "Part",
      fields: [
        { key: "id", name: "Id", type: "sequence", prefix: "PRT-" },
        { key: "code", name: "Code", type: "text", unique: true },
        { key: "name", name: "Name", type: "text" },
        { key: "qty", name: "Quantity", type: "integer" },
        { key: "price", name: "Price", type: "decimal" },
        { key: "bought", name: "Bought", type: "date" },
      ],
    });
    const lines = Array.from({ length: rows }, (_, n) => `c-${n},Part number ${n},${n % 500},${n % 90}.50,2026-11-${10 + (n % 20)}`);
    const file = Buffer.from(`Code,Name,Quantity,Price,Bought\n${lines.join("\n")}\n`);
    const directus = workplace.directus === undefined ? undefined : await fillDirectus(workplace.directus, 1000);
    const theirs =
      directus && (await timed(() => directus.bring("parts", `code,name,qty,price,bought\n${lines.slice(0, rowsOfPeer).join("\n")}\n`)));
    const draftedAt = performance.now();
    const { id } = importSchema.parse(await ask("POST", "/blueprints/parts/imports?name=parts.csv", file));
    const looked = (performance.now() - draftedAt) / 1000;
    const before = await peakMegabytes(product);
    await ask("PATCH", `/blueprints/parts/imports/${id}`, { settings: { errors: "fitting" } });
    const used = await product.usage();
    const begunAt = performance.now();
    let view = importSchema.parse(await ask("POST", `/blueprints/parts/imports/${id}/start`));
    while (view.state === "going") {
      await new Promise((resolve) => setTimeout(resolve, betweenMs));
      view = importSchema.parse(await ask("GET", `/blueprints/parts/imports/${id}`));
    }
    if (view.state !== "done" || view.counts.created !== rows)
      throw new Error(`the import is ${view.state} with ${view.counts.created} made ${JSON.stringify(view)}`);
    const value = rows / ((performance.now() - begunAt) / 1000);
    const peak = await peakMegabytes(product);
    const since = await product.usage();
    const processor = (since.user + since.system - used.user - used.system) / 1e6;
    const peer: Figure[] =
      theirs === undefined
        ? []
        : [
            {
              figure: "imports-directus",
              value,
              unit: "rows/s",
              beside: rowsOfPeer / theirs,
              ratio: (value * theirs) / rowsOfPeer,
              target: atLeast,
              met: (value * theirs) / rowsOfPeer >= atLeast,
              note: `${rowsOfPeer.toLocaleString("en")} of the rows by the import of Directus in the same run`,
            },
          ];
    return [
      ...peer,
      {
        figure: "imports",
        value,
        unit: "rows/s",
        beside: aim,
        ratio: value / aim,
        target: 1,
        met: value >= aim,
        note: `${rows.toLocaleString("en")} rows of 5 columns, ${Math.round(file.length / 1e6)} MB; taken in and looked at in ${looked.toFixed(1)} s before; ${processor.toFixed(1)} s of the product's processor; its peak memory ${peak} MB, ${before} MB of it by then`,
      },
    ];
  },
};

/** In seconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

async function asker({ url, admin }: Product): Promise<(method: string, path: string, body?: object | Buffer) => Promise<unknown>> {
  let authorization: Record<string, string> = {};
  const ask = async (method: string, path: string, body?: object | Buffer): Promise<unknown> => {
    const isFile = Buffer.isBuffer(body);
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...authorization,
        ...(body === undefined ? {} : { "content-type": isFile ? "application/octet-stream" : "application/json" }),
      },
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} was answered by ${answer.status} ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };
  const { accessToken } = z.object({ accessToken: z.string() }).parse(await ask("POST", "/session", admin));
  authorization = { authorization: `Bearer ${accessToken}` };
  return ask;
}

/** As Linux counts it; 0 elsewhere. */
async function peakMegabytes({ pid }: Product): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000);
}
