import { expect } from "vitest";
import { type Agent, openProduct } from "../fixtures/product.ts";

export type EntityHouse = Awaited<ReturnType<typeof openEntityHouse>>;

/** A started product with an admin, who makes blueprints, and an agent, who makes entities of them. */
export async function openEntityHouse() {
  const product = await openProduct();
  const [admin, agent] = await Promise.all([product.agent("admin@demo.example"), product.agent()]);
  /** What HTTP answers somebody, of this process or of one beside it. */
  const ask = async (who: Agent, method: string, path: string, body?: object, headers: Record<string, string> = {}, at = product) => {
    const response = await fetch(`${at.url}/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${who.token}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  let made = 0;
  /** Makes a blueprint of the test's own: its key. */
  const blueprintOf = async (fields: object[], name = "Delivery") => {
    const key = `things-${++made}`;
    const answer = await ask(admin, "POST", "/blueprints", { key, name, fields });
    expect([answer.status, answer.body]).toMatchObject([201, { key, version: 1 }]);
    return key;
  };
  return { product, admin, agent, ask, blueprintOf };
}

/** The entities of a blueprint, as a path of HTTP. */
export const entities = (key: string) => `/blueprints/${key}/entities`;

export const deliveryFields = [
  { key: "id", name: "Id", type: "sequence", prefix: "DEL-" },
  { key: "deliver_from", name: "From", type: "text", required: true },
  { key: "deliver_to", name: "To", type: "text", required: true },
  { key: "cargo", name: "Cargo", type: "longText" },
  { key: "status", name: "Status", type: "choice", choices: ["PENDING", "IN_PROGRESS", "DELIVERED"], default: "PENDING", required: true },
  { key: "created_at", name: "Created", type: "instant", default: "now" },
  { key: "started_at", name: "Started", type: "instant" },
  { key: "delivered_at", name: "Delivered", type: "instant" },
];
