import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deriveKeys } from "../../src/access/keys/keys.ts";
import { defineCommand } from "../../src/commands/command.ts";
import { createRegistry } from "../../src/commands/registry.ts";
import type { ConversationRef } from "../../src/conversations/conversation.ts";
import { findControl } from "../../src/conversations/conversationStore.ts";
import { createInboxDirectory } from "../../src/conversations/inboxes/inboxes.ts";
import { Ledger } from "../../src/conversations/ledger/ledger.ts";
import { listNotes } from "../../src/conversations/notes/noteStore.ts";
import { mostAttempts } from "../../src/conversations/turns/decideTurn.ts";
import { newRun, runTurn, type Turning } from "../../src/conversations/turns/runTurn.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import { systemClock } from "../../src/platform/clock/clock.ts";
import { agentTakes, asks, type LedgerHouse, openLedgerHouse } from "../fixtures/ledgerHouse.ts";
import { silentLog } from "../fixtures/silentLog.ts";

const holder = randomUUID();
const mia = { id: randomUUID(), name: "Mia" };

let house: LedgerHouse;
let deps: Turning;
let conversation: ConversationRef;
beforeAll(async () => {
  house = await openLedgerHouse();
  const registry = createRegistry([
    defineCommand({
      name: "broken",
      summary: "It throws.",
      risk: "read",
      audience: "visitor",
      source: "automation",
      args: { type: "object", properties: {} },
      run: () => Promise.reject(new Error("with a secret in it")),
    }),
  ]);
  const platform = { database: house.database, bus: createInProcessBus(), clock: systemClock, log: silentLog };
  const ledger = new Ledger(house.database.ledger, holder);
  deps = {
    ...platform,
    ledger,
    registry,
    keys: deriveKeys("a root key for tests, 32 characters"),
    inboxes: createInboxDirectory(platform),
    holder,
    away: () => false,
    keepForPerson: async () => false,
    handedBackTo: async () => ({}),
    lookAgain: async () => {},
  };
});
afterAll(() => house.close());
beforeEach(async () => {
  conversation = await house.newConversation();
  await deps.ledger.commit(asks(conversation, "broken"));
});

async function run(attempts: number): Promise<void> {
  const sql = house.database.forTenant(house.tenant);
  const control = await findControl(sql, conversation.id);
  if (control === undefined) throw new Error("no conversation");
  await sql.query("update turn set holder = $2, attempts = $3 where tenant_id = $1", [holder, attempts]);
  const turn = { conversation, seq: 1, text: "broken", blocks: undefined, inbox: house.inbox, contact: mia.id, locale: null };
  await runTurn(deps, newRun(deps, { ...turn, control, attempts }));
}

async function said(): Promise<string[]> {
  return (await house.messages(conversation)).filter(({ author }) => author === "bot").map(({ text }) => text);
}

async function noted(): Promise<string[]> {
  return (await listNotes(house.database.forTenant(house.tenant), conversation.id)).map(({ text }) => text);
}

async function turn() {
  return (await house.turns()).find(({ conversation: id }) => id === conversation.id);
}

describe("a turn that fails", () => {
  it("stays a turn and is told to nobody, while there are tries left", async () => {
    for (let attempts = 0; attempts < mostAttempts; attempts++) await run(attempts);
    expect(await said()).toEqual([]);
    expect(await turn()).toMatchObject({ seq: 1, holder: null, attempts: mostAttempts, deadReason: null });
  });

  it("too often is put aside: the visitor is told, and the agents why", async () => {
    await run(mostAttempts);
    expect(await said()).toEqual(["That did not work, and it was noted. A person can help."]);
    expect(await noted()).toEqual(["The assistant could not answer message 1: failed 5 times."]);
    expect(await turn()).toMatchObject({ holder: null, deadReason: "failed 5 times" });
  });

  it("is told once, also by a second process that died on the way", async () => {
    await run(mostAttempts);
    await run(mostAttempts + 1);
    expect(await said()).toHaveLength(1);
    expect(await noted()).toHaveLength(1);
  });

  it("too often while a person answers ends without a word", async () => {
    await deps.ledger.commit(agentTakes(conversation, mia, 1));
    await run(mostAttempts);
    expect(await said()).toEqual([]);
    expect(await turn()).toBeUndefined();
  });
});
