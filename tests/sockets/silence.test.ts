import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMovableClock, type MovableClock } from "../fixtures/movableClock.ts";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import { openRawSocket } from "../fixtures/rawSocket.ts";

let clock: MovableClock;
let product: TestProduct;
beforeEach(async () => {
  clock = createMovableClock();
  product = await openProduct({ clock });
});
afterEach(() => product.stop());

/** Second by second, with time in between for what the network brings. */
async function pass(seconds: number, meanwhile: () => Promise<unknown> = async () => {}): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    clock.advance(1000);
    await new Promise((resolve) => setTimeout(resolve, 2));
    await meanwhile();
  }
}

describe("a socket that says no hello", () => {
  it("is closed with 4401 after 5 s, even if it pings", async () => {
    const sockets = [await product.openVisitor(), await product.openVisitor()];
    await pass(4, async () => {
      sockets[1]?.send({ type: "ping" });
      await sockets[1]?.settled();
    });
    expect(sockets.map(({ socket }) => socket.readyState)).toEqual([1, 1]);
    await pass(1);
    for (const { ended } of sockets) expect((await ended).code).toBe(4401);
  });

  it("is closed at the desk as well", async () => {
    const raw = await openRawSocket(product.port, "/ws/desk", { Origin: product.url });
    await pass(5);
    expect(await raw.closed()).toBe(4401);
  });
});

describe("a peer that is not heard of", () => {
  it("is pinged within 20 s and given up after 45 s; one that answers stays", async () => {
    const { page } = await product.visit();
    let pings = 0;
    page.socket.on("ping", () => pings++);
    // It reads and answers nothing, as behind a network that went away.
    const dead = await openRawSocket(product.port, "/ws/visitor", { Origin: product.url });
    dead.write(dead.frame(JSON.stringify({ type: "hello", inbox: product.inbox })));
    await expect.poll(() => dead.texts().length, { timeout: 5000 }).toBeGreaterThan(0);
    let lost = false;
    dead.socket.on("close", () => {
      lost = true;
    });
    await pass(21, () => page.settled());
    expect(pings).toBeGreaterThan(0);
    await pass(20, () => page.settled());
    expect(lost).toBe(false);
    await pass(30, () => page.settled());
    await expect.poll(() => lost).toBe(true);
    expect(await dead.closed()).toBe(1006);
    expect((await page.say("reverse a b")).seq).toBe(1);
    await page.close();
  });
});

describe("a process that hears nothing of it", () => {
  it("sec/auth/25 closes the sockets of who signed out everywhere or was deactivated within 1 s, by its own look", async () => {
    // Each has a bus of its own: nothing that one announces reaches the other.
    const other = await product.beside();
    const admin = await product.agent("admin@demo.example");
    const [first, again, second] = [
      await product.agent("agent1@demo.example"),
      await product.agent("agent1@demo.example"),
      await product.agent("agent2@demo.example"),
    ];
    const desks = [await first.desk(other), await second.desk(other), await admin.desk(other)];
    const out = await fetch(`${product.url}/api/v1/sessions`, { method: "DELETE", headers: { authorization: `Bearer ${again.token}` } });
    expect(await out.json()).toEqual({ ended: 1 });
    await product.database.acrossTenants.query("update membership set active = false where account_id = $1", [second.id]);
    expect(desks.map(({ socket }) => socket.readyState)).toEqual([1, 1, 1]);
    clock.advance(1000);
    expect((await desks[0]?.ended)?.code).toBe(4401);
    expect((await desks[1]?.ended)?.code).toBe(4401);
    expect(desks[2]?.socket.readyState).toBe(1);
    await desks[2]?.close();
  });
});
