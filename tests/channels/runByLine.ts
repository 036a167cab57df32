import { expect } from "vitest";
import { deliveryFields } from "../entities/entityHouse.ts";
import type { Agent, TestProduct } from "../fixtures/product.ts";
import { type CommandPlace, type PlaceUnderTest, sees } from "./chatUnderTest.ts";

/** Deliveries whose start an admin must agree to. */
export async function makeDeliveries({ url }: TestProduct, admin: Agent): Promise<void> {
  const flow = {
    field: "status",
    states: ["PENDING", "IN_PROGRESS", "DELIVERED"],
    transitions: [
      { key: "start", name: "Started", from: ["PENDING"], to: "IN_PROGRESS", set: {}, approval: { by: "role:admin", quorum: 1 } },
    ],
  };
  const made = await fetch(`${url}/api/v1/blueprints`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${admin.token}` },
    body: JSON.stringify({ key: "deliveries", name: "Delivery", fields: deliveryFields, flow }),
  });
  expect(made.status).toBe(201);
}

/** Help, a command with its form, its plan, another's approval, the result and its undo: the same wherever who they are is known. */
export async function runByLine(place: CommandPlace): Promise<void> {
  const [ada, boss] = place.people;
  const admin = await place.product.agent("admin@demo.example");
  await place.write(ada, "/help");
  expect((await sees(place, ada, /deliveries\.create/)).text).toContain("deliveries.start");
  await place.write(ada, "/deliveries.create deliver_from:Porto deliver_to:Lyon");
  await sees(place, ada, /DEL-1/);

  const begin = async () => {
    await place.write(ada, "/deliveries.start");
    const { formBehind } = place;
    if (formBehind === undefined) return;
    await expect.poll(() => place.seen(ada).at(-1)?.buttons, { timeout: 10_000 }).toContain(formBehind);
    await place.press(ada, formBehind);
  };
  await begin();
  const wrong = Object.values(await place.fill(ada, { entityId: "DEL-99" }));
  // It is said beside the field; or in the chat, whose form is closed then.
  if (wrong.length > 0) expect(wrong).toEqual([expect.stringContaining("no such delivery")]);
  else await sees(place, ada, "no such delivery").then(begin);
  expect(await place.fill(ada, { entityId: "DEL-1" })).toEqual({});
  const plan = await sees(place, ada, "deliveries.start would do this; nothing has happened yet");
  expect(plan.text).toMatch(/IN_PROGRESS[\s\S]*waits for|waits for[\s\S]*IN_PROGRESS/);
  expect(await statusOf(place, admin)).toBe("PENDING");

  await place.press(ada, "Ask for it");
  await sees(place, ada, /waits for[^\n]* (1|one) with the role admin/);
  const asked = await sees(place, boss, /deliveries\.start[\s\S]*asked for by/i);
  expect(asked.buttons).toEqual(expect.arrayContaining(["Approve", "Refuse"]));
  expect(await statusOf(place, admin)).toBe("PENDING");
  await place.press(boss, "Approve");
  const done = await sees(place, ada, "DEL-1 is IN_PROGRESS");
  expect(done.buttons).toContain("Undo");
  expect(await statusOf(place, admin)).toBe("IN_PROGRESS");
  // What is decided can't be decided again, by nobody.
  await expect.poll(() => place.seen(boss).filter(({ buttons }) => buttons.includes("Approve")), { timeout: 10_000 }).toEqual([]);

  await place.press(ada, "Undo");
  if (place.plansUndo) {
    await sees(place, ada, "run.undo would do this");
    await place.press(ada, "Ask for it");
  }
  // It needs the same agreement.
  await sees(place, boss, /run\.undo[\s\S]*asked for by/i);
  expect(await statusOf(place, admin)).toBe("IN_PROGRESS");
  await place.press(boss, "Approve");
  await sees(place, ada, /(taken|Takes) back/);
  await expect.poll(() => statusOf(place, admin), { timeout: 10_000 }).toBe("PENDING");
}

/** Of the only delivery. */
export async function statusOf({ product }: PlaceUnderTest, { token }: Agent): Promise<unknown> {
  const answer = await fetch(`${product.url}/api/v1/blueprints/deliveries/entities`, { headers: { authorization: `Bearer ${token}` } });
  const { items }: { items: { values: Record<string, unknown> }[] } = JSON.parse(await answer.text());
  expect(items).toHaveLength(1);
  return items[0]?.values["status"];
}
