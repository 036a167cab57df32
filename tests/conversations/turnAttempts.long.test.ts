import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deriveKeys } from "../../src/access/keys/keys.ts";
import { type CommandResult, defineCommand } from "../../src/commands/command.ts";
import { createRegistry } from "../../src/commands/registry.ts";
import type { ConversationRef } from "../../src/conversations/conversation.ts";
import { createInboxDirectory } from "../../src/conversations/inboxes/inboxes.ts";
import { Ledger } from "../../src/conversations/ledger/ledger.ts";
import { listNotes } from "../../src/conversations/notes/noteStore.ts";
import { mostAttempts } from "../../src/conversations/turns/decideTurn.ts";
import { startTurnRouter } from "../../src/conversations/turns/routeTurns.ts";
import { takeDueTurns } from "../../src/conversations/turns/turnStore.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import type { Database, Sql } from "../../src/platform/database/database.ts";
import { openDatabase } from "../../src/platform/database/openDatabase.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { asks, type LedgerHouse, openLedgerHouse } from "../fixtures/ledgerHouse.ts";
import { createMovableClock } from "../fixtures/movableClock.ts";
import { createRecordingLog } from "../fixtures/recordingLog.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import { type StallingProxy, startStallingProxy } from "../fixtures/stallingProxy.ts";

const leaseSeconds = 5;

let house: LedgerHouse;
let conversation: ConversationRef;
/** The way to the database of a process that is to lose it. */
let proxy: StallingProxy;
let overProxy: Database;
let ends: (() => Promise<void>)[];
beforeEach(async () => {
  house = await openLedgerHouse();
  conversation = await house.newConversation();
  const url = new URL(house.databaseUrl);
  proxy = await startStallingProxy(Number(url.port || 5432));
  url.port = `${proxy.port}`;
  overProxy = await openDatabase({ url: url.href, log: silentLog }, { poolSize: 1, ledgerPoolSize: 1 });
  ends = [];
  await new Ledger(house.database.ledger, null).commit(asks(conversation, "work"));
});
afterEach(async () => {
  proxy.mode("pass");
  for (const end of ends) await end();
  await overProxy.close();
  await proxy.close();
  await house.close();
});

/** A process whose writes go to `ledger`, and in which the command `work` does this. Its time stands still until it is moved. */
function startProcess(ledger: Sql, risk: "read" | "write", run: () => Promise<CommandResult>) {
  const [holder, clock, { log, logged }] = [randomUUID(), createMovableClock(), createRecordingLog()];
  const args = { type: "object", properties: {} } as const;
  const work = defineCommand({ name: "work", summary: "It works.", risk, audience: "visitor", source: "automation", args, run });
  const platform = { database: house.database, bus: createInProcessBus(), clock, log };
  const router = startTurnRouter({
    ...platform,
    ledger: new Ledger(ledger, holder),
    registry: createRegistry([work]),
    keys: deriveKeys("a root key for tests, 32 characters"),
    inboxes: createInboxDirectory(platform),
    holder,
    away: () => false,
    keepForPerson: async () => false,
    handedBackTo: async () => ({}),
    lookAgain: async () => {},
  });
  ends.push(() => router.stop(0));
  return {
    /** How often something of this kind was logged. */
    logged: (what: RegExp) => logged.filter(({ message }) => what.test(message)).length,
    /** Lets its time pass until this holds; the leases are the database's. */
    until: (holds: () => boolean | Promise<boolean>) =>
      expect.poll(async () => (await holds()) || clock.advance(500), { timeout: 20_000, interval: 10 }).toBe(true),
    /** It renews and answers nothing any more. */
    die: () => router.stop(0),
  };
}

const never = () => new Promise<CommandResult>(() => {});

async function turn() {
  return (await house.turns()).find(({ conversation: id }) => id === conversation.id);
}

async function said(): Promise<string[]> {
  return (await house.messages(conversation)).filter(({ author }) => author === "bot").map(({ text }) => text);
}

async function noted(): Promise<string[]> {
  return (await listNotes(house.database.forTenant(house.tenant), conversation.id)).map(({ text }) => text);
}

describe("an outage", () => {
  it("counts nothing, however often it comes: what the command answered is told when it is over, and the command isn't asked again", async () => {
    let asked = 0;
    const one = startProcess(overProxy.ledger, "write", async () => {
      asked++;
      proxy.mode("reset");
      return { messages: [{ text: "charged" }] };
    });
    for (let outage = 1; outage <= 2 * mostAttempts; outage++) {
      await one.until(() => one.logged(/interrupted/) >= outage);
      await house.pass(leaseSeconds + 1);
    }
    expect(await turn()).toMatchObject({ attempts: 0, deadReason: null });
    proxy.mode("pass");
    await one.until(async () => (await turn()) === undefined);
    expect([await said(), asked, await noted()]).toEqual([["charged"], 1, []]);
  });

  it("that cost one process its turn is no fault of the turn: the process says so when it is back", async () => {
    const one = startProcess(overProxy.ledger, "write", async () => {
      proxy.mode("reset");
      return { messages: [{ text: "charged" }] };
    });
    await one.until(() => one.logged(/interrupted/) >= 1);
    // A renewal that was on its way may still come through: then its lease passes once more.
    const taken = await vi.waitUntil(async () => {
      await house.pass(leaseSeconds + 1);
      return (await takeDueTurns(house.database.acrossTenants, randomUUID(), 1))[0];
    });
    expect(taken).toMatchObject({ seq: 1, attempts: 1 });
    proxy.mode("pass");
    await one.until(async () => (await turn())?.attempts === 0);
    expect(await said()).toEqual([]);
  });

  it("that only the command meets is told as silence is, after a minute", async () => {
    const one = startProcess(house.database.ledger, "read", () =>
      Promise.reject(new Refusal("unavailable", "The database can't be reached.", { retryAfterMs: 1000 })),
    );
    await one.until(async () => (await turn()) === undefined);
    expect(await said()).toEqual(['"work" did not answer within 60 seconds. Nothing was changed. A person can help.']);
  });
});

describe("what is no outage", () => {
  it("is told as it is: no mail server is set", async () => {
    const one = startProcess(house.database.ledger, "read", () =>
      Promise.reject(new Refusal("unavailable", "This installation sends no mail.")),
    );
    await one.until(async () => (await turn()) === undefined);
    expect(await said()).toEqual(["This installation sends no mail."]);
  });
});

describe("a turn is put aside, the visitor and the agents told", () => {
  const failed = ["That did not work, and it was noted. A person can help."];
  const note = [`The assistant could not answer message 1: failed ${mostAttempts} times.`];

  it(`when it threw ${mostAttempts} times`, async () => {
    const one = startProcess(house.database.ledger, "read", () => Promise.reject(new Error("broken")));
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      await one.until(async () => (await turn())?.attempts === attempt);
      await house.pass(leaseSeconds + 1);
    }
    await one.until(async () => (await turn())?.deadReason !== null);
    expect([one.logged(/failed, it will be taken again/), await said(), await noted()]).toEqual([mostAttempts, failed, note]);
  });

  it(`when ${mostAttempts} processes died while they worked on it`, async () => {
    for (let died = 0; died < mostAttempts; died++) {
      const one = startProcess(house.database.ledger, "read", never);
      await one.until(async () => (await turn())?.attempts === died && (await turn())?.holder !== null);
      await one.die();
      await house.pass(leaseSeconds + 1);
    }
    const last = startProcess(house.database.ledger, "read", never);
    await last.until(async () => (await turn())?.deadReason !== null);
    expect([await said(), await noted()]).toEqual([failed, note]);
  });
});
