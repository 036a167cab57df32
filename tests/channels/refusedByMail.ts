import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { Agent } from "../fixtures/product.ts";
import { type PlaceUnderTest, sees } from "./chatUnderTest.ts";
import { statusOf } from "./runByLine.ts";

/** What becomes of the same lines by mail: nothing is run, whoever has an account is told where it can be, and is asked there for what waits for them. */
export async function refusedByMail(place: PlaceUnderTest): Promise<void> {
  const [ada, boss] = place.people;
  const { product } = place;
  const admin = await product.agent(boss);
  const agent = await product.agent(ada);
  const sql = product.database.acrossTenants;
  const runs = async () => (await sql.query("select command from run where command like 'deliveries.%'")).length;
  const desk = `${product.url}/desk`;
  const refusals = (person: string) => place.seen(person).filter(({ text }) => text.includes("Commands are run where you are signed in"));

  for (const line of ["/help", "/deliveries.create deliver_from:Porto deliver_to:Lyon"]) {
    await place.write(ada, line);
    await place.write("somebody@example.org", line);
  }
  const told = await sees(place, ada, "Nothing was run");
  expect(told.text).toContain(desk);
  expect(await runs()).toBe(0);
  // What was written isn't lost: people read it.
  expect(await sql.query("select text from message where text like '/deliveries%'")).toHaveLength(2);

  // What waits for somebody's agreement is told by mail, with the way to the desk.
  await agent.run("deliveries.create", { deliver_from: "Porto", deliver_to: "Lyon" });
  const id = await askToStart(product.url, agent);
  // As if nobody had looked at the desk for the time until a mail.
  await sql.query("update notice set due_at = now(), at = at - interval '6 minutes' where read_at is null");
  const asked = await sees(place, boss, "Your approval is asked: deliveries.start, asked for by");
  expect(asked.text).toContain(`${desk}#/runs/${id}`);
  expect(asked.buttons).toEqual([]);
  // An answer to it is a mail like any other.
  await place.write(boss, `/run.approve ${id}`);
  await place.write(boss, "Approve");
  await sees(place, boss, "Nothing was run");
  expect(await statusOf(place, admin)).toBe("PENDING");
  await admin.run("run.approve", { run: id });
  expect(await statusOf(place, admin)).toBe("IN_PROGRESS");
  // Once an hour, and nobody else: who writes with somebody's address sends them no more than that.
  expect(refusals(ada)).toHaveLength(1);
  expect(refusals(boss)).toHaveLength(1);
  expect(await sql.query("select from mail_out where recipient = 'somebody@example.org'")).toEqual([]);
}

/** The id of the run that waits. */
async function askToStart(url: string, { token }: Agent): Promise<string> {
  const answer = await fetch(`${url}/api/v1/commands/deliveries.start/runs`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}`, "idempotency-key": randomUUID() },
    body: JSON.stringify({ args: { entityId: "DEL-1" } }),
  });
  const { id, state }: { id: string; state: string } = JSON.parse(await answer.text());
  expect(state).toBe("waiting");
  return id;
}
