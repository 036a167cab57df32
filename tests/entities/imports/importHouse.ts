import { expect } from "vitest";
import type { ErrorBody } from "../../../src/protocol/errors.ts";
import type { ImportView } from "../../../src/protocol/imports.ts";
import type { Agent } from "../../fixtures/product.ts";
import { openEntityHouse } from "../entityHouse.ts";

export type ImportHouse = Awaited<ReturnType<typeof openImportHouse>>;

/** What HTTP answers: a view where it went well, an error where it didn't. */
export interface Answered {
  status: number;
  body: ImportView & { error?: ErrorBody };
}

/** A house of entities with somebody who imports. */
export async function openImportHouse() {
  const house = await openEntityHouse();
  const { agent, ask } = house;
  const upload = async (
    key: string,
    content: string | Uint8Array,
    { name = "some.csv", settings, headers = {} }: Uploading = {},
  ): Promise<Answered> => {
    const query = new URLSearchParams({ name, ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }) });
    const response = await fetch(`${house.product.url}/api/v1/blueprints/${key}/imports?${query}`, {
      method: "POST",
      headers: { "content-type": "application/octet-stream", authorization: `Bearer ${agent.token}`, ...headers },
      body: typeof content === "string" ? content : Buffer.from(content),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const at = (view: ImportView, rest = "") => `/blueprints/${view.blueprint}/imports/${view.id}${rest}`;
  const ended = async (view: ImportView): Promise<ImportView> => {
    for (;;) {
      const { body } = await ask(agent, "GET", at(view));
      if (body.state !== "going") return body;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  /** Uploads, sets, starts, and waits until it is over. */
  const bring = async (
    key: string,
    content: string | Uint8Array,
    settings: object = {},
    name = "some.csv",
    headers = {},
  ): Promise<ImportView> => {
    const draft = await upload(key, content, { name });
    expect([draft.status, draft.body]).toMatchObject([201, { state: "draft" }]);
    const set = await ask(agent, "PATCH", at(draft.body), { settings });
    expect([set.status, set.body]).toMatchObject([200, {}]);
    const started = await ask(agent, "POST", at(draft.body, "/start"), {}, headers);
    expect([started.status, started.body]).toMatchObject([202, {}]);
    return await ended(started.body);
  };
  const errors = async (view: ImportView, who: Agent = agent): Promise<string> => {
    const response = await fetch(`${house.product.url}/api/v1${at(view, "/errors")}`, {
      headers: { authorization: `Bearer ${who.token}` },
    });
    return await response.text();
  };
  /** The values of all entities, the oldest first. */
  const values = async (key: string): Promise<Record<string, unknown>[]> => {
    const { body } = await ask(agent, "GET", `/blueprints/${key}/entities?limit=200&sort=createdAt`);
    return body.items.map((item: { values: object }) => item.values);
  };
  return { ...house, upload, at, ended, bring, errors, values };
}

interface Uploading {
  headers?: Record<string, string>;
  name?: string;
  settings?: object;
}

export const stockFields = [
  { key: "code", name: "Code", type: "text", unique: true },
  { key: "name", name: "Name", type: "text", required: true },
  { key: "qty", name: "Quantity", type: "integer" },
  { key: "price", name: "Price", type: "decimal" },
  { key: "bought", name: "Bought on", type: "date" },
  { key: "seen_at", name: "Seen", type: "instant" },
  { key: "kind", name: "Kind", type: "choice", choices: ["Box", "Bag"] },
  { key: "fragile", name: "Fragile", type: "boolean" },
];
