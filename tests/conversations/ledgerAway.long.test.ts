import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConversationRef, Outcome, Write } from "../../src/conversations/conversation.ts";
import { Ledger } from "../../src/conversations/ledger/ledger.ts";
import { openDatabase } from "../../src/platform/database/openDatabase.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { asks, type LedgerHouse, openLedgerHouse } from "../fixtures/ledgerHouse.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import { startStallingProxy } from "../fixtures/stallingProxy.ts";

const [one, two] = [randomUUID(), randomUUID()];

let house: LedgerHouse;
/** Two processes. */
let ledgers: [Ledger, Ledger];
beforeAll(async () => {
  house = await openLedgerHouse();
  ledgers = [new Ledger(house.database.ledger, one), new Ledger(house.database.ledger, two)];
});
afterAll(() => house.close());

async function commit(write: Write, ledger: Ledger = ledgers[0]): Promise<Outcome> {
  return await ledger.commit(write);
}

async function committed(write: Write, ledger?: Ledger): Promise<Outcome & { kind: "committed" }> {
  const outcome = await commit(write, ledger);
  if (outcome.kind !== "committed") throw new Error(`${outcome.kind}, not committed`);
  return outcome;
}

async function expectGapless(conversation: ConversationRef, count: number): Promise<void> {
  const seqs = (await house.messages(conversation)).map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: count }, (_, index) => index + 1));
}

describe("a database that is away", () => {
  it("is unavailable within the deadline when it stalls, and what was written twice is there once", async () => {
    const proxy = await startStallingProxy(Number(new URL(house.databaseUrl).port));
    const url = new URL(house.databaseUrl);
    url.port = `${proxy.port}`;
    const database = await openDatabase({ url: url.href, log: silentLog }, { poolSize: 1, ledgerPoolSize: 2 });
    try {
      const ledger = new Ledger(database.ledger, one);
      const conversation = await house.newConversation();
      expect(await committed(asks(conversation, "before"), ledger)).toMatchObject({ firstSeq: 1 });
      proxy.mode("stall");
      const begun = performance.now();
      await expect(ledger.commit(asks(conversation, "during", "k"))).rejects.toMatchObject({ code: "unavailable" });
      expect(performance.now() - begun).toBeLessThan(6000);
      proxy.mode("pass");
      const after = await commit(asks(conversation, "during", "k"), ledger);
      expect(["committed", "known"]).toContain(after.kind);
      expect((await house.messages(conversation)).map(({ text }) => text)).toEqual(["before", "during"]);
    } finally {
      proxy.mode("pass");
      await database.close();
      await proxy.close();
    }
  });

  it("loses nothing that was acked when its backends are killed again and again under load", async () => {
    const conversations = await Promise.all(Array.from({ length: 20 }, () => house.newConversation()));
    const killer = new pg.Client(house.databaseUrl);
    await killer.connect();
    let writing = true;
    const kill = async () => {
      let kills = 0;
      while (writing) {
        const { rows } = await killer.query<{ killed: string }>(
          "select count(pg_terminate_backend(pid)) as killed from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
        );
        kills += Number(rows[0]?.killed ?? 0);
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      return kills;
    };
    const acked = new Map<string, number>();
    const writer = async (conversation: ConversationRef, index: number) => {
      for (let n = 0; n < 25; n++) {
        const clientId = `${index}.${n}`;
        // As a page does it: the same message until it is acked.
        for (;;) {
          try {
            const outcome = await commit(asks(conversation, clientId, clientId), ledgers[n % 2]);
            if (outcome.kind === "refused") throw new Error("refused");
            acked.set(`${conversation.id} ${clientId}`, outcome.kind === "known" ? outcome.seq : outcome.firstSeq);
            break;
          } catch (error) {
            if (!(error instanceof Refusal) || error.code !== "unavailable") throw error;
          }
        }
      }
    };
    const killing = kill();
    await Promise.all(conversations.map(writer)).finally(() => {
      writing = false;
    });
    expect(await killing).toBeGreaterThan(0);
    await killer.end();
    for (const conversation of conversations) {
      await expectGapless(conversation, 25);
      for (const { seq, text } of await house.messages(conversation)) expect(acked.get(`${conversation.id} ${text}`)).toBe(seq);
    }
  });
});
