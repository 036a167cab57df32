import { expect, it } from "vitest";
import type { DeskFrame } from "../../src/protocol/desk.ts";
import type { VisitorFrame } from "../../src/protocol/visitor.ts";
import { openDesk } from "../fixtures/deskClient.ts";
import { each, without } from "./asking.ts";
import { absent, type World } from "./world.ts";

/** The rows of the matrix for sockets: every frame, whoever sends it. */
export function socketRows(open: () => World): void {
  it("sockets: nobody but who may work here opens the desk's, and a ticket of one is another's nothing", async () => {
    const world = open();
    await each([...world.actors], async ([name, actor]) => {
      const { status } = await world.ask(actor, "post", "/api/v1/session/ticket");
      expect([name, status]).toEqual([name, actor.kind === "account" ? 200 : 401]);
      const token = actor.headers["authorization"]?.split(" ")[1] ?? "";
      const desk = await openDesk(world.product.url);
      desk.send({ type: "hello", ticket: token });
      expect([name, (await desk.ended).code]).toEqual([name, 4401]);
    });
  });

  it("sockets: every frame of the desk answers for another tenant's conversation as for none, to whoever is there", async () => {
    const world = open();
    // A new frame has no row here until somebody writes it: then this doesn't compile.
    const frames: Record<DeskFrame["type"], ((id: string) => object) | undefined> = {
      hello: undefined,
      ping: undefined,
      unwatch: undefined,
      watch: (id) => ({ topic: `conversation:${id}` }),
      message: (id) => ({ conversation: id, clientId: "c", text: "x" }),
      note: (id) => ({ conversation: id, clientId: "c", text: "x" }),
      typing: (id) => ({ conversation: id, on: true }),
      read: (id) => ({ conversation: id, seq: 1 }),
      look: (id) => ({ conversation: id }),
    };
    const { agent, owner, stranger } = world.people;
    const asked = [
      { who: agent, foreign: world.theirs.conversation },
      { who: owner, foreign: world.theirs.conversation },
      { who: stranger, foreign: world.ours.conversation },
    ];
    const silent = new Set(["typing", "read", "look"]);
    await Promise.all(
      asked.map(async ({ who, foreign }) => {
        const desk = await who.desk();
        const heard: string[] = [];
        desk.each((frame) => frame.type !== "pong" && heard.push(JSON.stringify(frame)));
        for (const [type, make] of Object.entries(frames)) {
          if (make === undefined || silent.has(type)) continue;
          const said = [];
          for (const id of [foreign, absent]) {
            heard.length = 0;
            desk.send({ type, ...make(id) });
            await expect.poll(() => heard.length, { interval: 5 }).toBe(1);
            said.push(heard.map((frame) => without(frame, id)));
          }
          expect([who.email, type, said[0]]).toEqual([who.email, type, said[1]]);
        }
        heard.length = 0;
        for (const id of [foreign, absent])
          for (const [type, make] of Object.entries(frames)) if (silent.has(type)) desk.send({ type, ...make?.(id) });
        // What nobody is told would have come with what is asked of the database after it.
        desk.send({ type: "watch", topic: `conversation:${absent}` });
        await expect.poll(() => heard.length, { interval: 5 }).toBe(1);
        expect(heard).toEqual([expect.stringContaining('"ref":"conversation:')]);
        await desk.close();
      }),
    );
    const desk = await agent.desk();
    desk.send({ type: "watch", topic: "queue:their-team" });
    await expect(desk.until("snapshot", ({ topic }) => topic === "queue:their-team")).resolves.toMatchObject({ items: [] });
    const [ours, theirs] = [world.ours, world.theirs].map(({ words }) => `entities:${words["blueprint"]}`);
    const refusals: string[] = [];
    for (const topic of [theirs, "entities:none"]) {
      desk.send({ type: "watch", topic });
      const { error } = await desk.until("error", ({ ref }) => ref === topic);
      refusals.push(JSON.stringify(error).replaceAll(`${topic}`, ""));
    }
    expect(refusals[0]).toBe(refusals[1]);
    desk.send({ type: "watch", topic: ours });
    await desk.until("snapshot", ({ topic }) => topic === ours);
    await desk.close();
  });

  it("sec/tenancy/11 sockets: every frame of a visitor answers for what is another's as for what isn't there", async () => {
    const world = open();
    // A visitor's frame names no conversation: what it may name is a file, a message by its place, and an inbox with a token.
    const frames: Record<VisitorFrame["type"], ((of: { file: string; seq: number }) => object)[]> = {
      hello: [],
      ping: [],
      typing: [],
      end: [],
      message: [({ file }) => ({ clientId: "m", text: "x", files: [file] })],
      action: [({ seq }) => ({ clientId: "a", seq, action: "help" })],
      read: [({ seq }) => ({ seq })],
      contact: [() => ({ clientId: "c", email: world.people.stranger.email })],
      transcript: [() => ({ clientId: "t" })],
      // What is merged of another person: see tests/sockets/mergedContacts.test.ts.
      merged: [() => ({ clientId: "g" })],
      rate: [() => ({ clientId: "r", score: 3 })],
    };
    const answersFor = async (of: { file: string; seq: number }) => {
      const { page } = await world.product.visit();
      const heard: Record<string, string[]> = {};
      for (const [type, rows] of Object.entries(frames))
        for (const make of rows) {
          const said: string[] = [];
          page.each((frame) => frame.type !== "pong" && said.push(JSON.stringify(frame)));
          page.send({ type, ...make(of) });
          if (type === "read") await page.settled();
          else await expect.poll(() => said.some((frame) => /"(ref|clientId)":"[a-z]"/.test(frame)), { interval: 5 }).toBe(true);
          heard[type] = said
            .filter((frame) => /"type":"error"/.test(frame))
            .map((frame) => without(frame, of.file).replace(/"requestId":"[^"]*"/, ""));
        }
      await page.close();
      return heard;
    };
    const [foreign, others, none] = await Promise.all([
      answersFor({ file: world.theirs.file, seq: 1 }),
      answersFor({ file: world.ours.file, seq: 1 }),
      answersFor({ file: absent, seq: 999 }),
    ]);
    expect(none["message"]).not.toEqual([]);
    expect(foreign["message"]).toEqual(none["message"]);
    expect(others["message"]).toEqual(none["message"]);
    expect(foreign["action"]).toEqual(others["action"]);
  });
}
