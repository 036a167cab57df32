import { expect } from "vitest";
import { entities, openEntityHouse } from "./entityHouse.ts";

/** A house of entities whose steps start commands: each of those leaves a letter where it was started. */
export async function openStartHouse() {
  const house = await openEntityHouse();
  const { ask, admin, agent } = house;
  const letters = await house.blueprintOf(
    [
      { key: "id", name: "Id", type: "sequence", prefix: "LET-" },
      { key: "to_whom", name: "To", type: "email", required: true },
      { key: "text", name: "Text", type: "text" },
      { key: "parcels", name: "Parcels", type: "integer" },
      { key: "tags", name: "Tags", type: "choices", choices: ["fragile", "cold"] },
      { key: "writer", name: "Writer", type: "account" },
      { key: "about", name: "About", type: "text" },
    ],
    "Letter",
  );
  const telling = () => ({
    command: `${letters}.create`,
    args: {
      to_whom: { field: "email" },
      text: "It is there.",
      parcels: { field: "parcels" },
      tags: { field: "tags" },
      writer: { field: "driver" },
      about: { field: "entityId" },
    },
  });
  const deliveries = async (flow: object = flowOf(telling())): Promise<string> => {
    const key = await house.blueprintOf(fields);
    const saved = await ask(admin, "PATCH", `/blueprints/${key}`, { flow });
    expect([saved.status, saved.body.error]).toEqual([200, undefined]);
    return key;
  };
  const make = async (key: string, more: object = {}) => (await ask(agent, "POST", entities(key), { values: { ...values, ...more } })).body;
  const take = (key: string, id: string, step = "deliver", who = agent) =>
    ask(who, "POST", `${entities(key)}/${id}/transitions/${step}`, {});
  const history = async (key: string, id: string, who = agent) => (await ask(who, "GET", `${entities(key)}/${id}/history`)).body.items;
  const startedOf = async (key: string, id: string, who = agent) => (await history(key, id, who))[0].started;
  const untilStarted = async (key: string, id: string, state: string) => {
    await expect.poll(() => startedOf(key, id), { timeout: 10_000 }).toMatchObject([{ state }]);
    return (await startedOf(key, id))[0];
  };
  const lettersAbout = async (id: string) =>
    (await ask(agent, "GET", `${entities(letters)}?filter=${JSON.stringify({ about: { eq: id } })}`)).body.items;
  return { ...house, letters, telling, deliveries, make, take, history, startedOf, untilStarted, lettersAbout };
}

export const fields = [
  { key: "id", name: "Id", type: "sequence", prefix: "DEL-" },
  { key: "email", name: "E-mail", type: "email" },
  { key: "parcels", name: "Parcels", type: "integer" },
  { key: "tags", name: "Tags", type: "choices", choices: ["cold", "fragile"] },
  { key: "driver", name: "Driver", type: "account" },
  { key: "cost", name: "Cost", type: "money", currency: "EUR" },
  { key: "status", name: "Status", type: "choice", choices: ["PENDING", "SENT", "DELIVERED"], default: "PENDING" },
];
export const flowOf = (...start: object[]) => ({
  field: "status",
  transitions: [
    { key: "send", name: "Sent", from: ["PENDING"], to: "SENT" },
    { key: "deliver", name: "Delivered", from: ["PENDING", "SENT"], to: "DELIVERED", set: { parcels: { add: 1 } }, start },
  ],
});
const values = { email: "ana@example.com", parcels: 2, tags: ["fragile", "cold"], driver: "me" };
