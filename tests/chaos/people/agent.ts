import { randomUUID } from "node:crypto";
import type { History } from "../history/history.ts";
import { pause } from "../processes/until.ts";
import { type Run, runAnswer, sessionAnswer, ticketAnswer } from "./deskAnswers.ts";
import type { Door } from "./door.ts";
import { type DeskItem, type InboxEntry, readDeskFrame, type ToDesk } from "./frames.ts";
import { Line } from "./line.ts";
import { keepNamed } from "./named.ts";

export interface AgentOutside {
  history: History;
  random(): number;
  door(failures: number): Door;
  jitterMs: number;
  /** The slug of where they work. */
  tenant: string;
}

/** What the inbox says anew; a snapshot (`all`) says everything. */
export interface InboxNews {
  all: boolean;
  entries: readonly InboxEntry[];
  removed: readonly string[];
}

const signInPath = "/api/v1/session";
const overdueMs = 3000;
const resendMs = 10_000;
const answerWithinMs = 8000;

/** A person at the desk: signs in, keeps a socket, watches conversations, takes them, answers. */
export class Agent {
  readonly email: string;
  id = "";
  name = "";
  /** Hears what the inbox says, where it is watched. */
  hearsInbox: (news: InboxNews) => void = () => {};
  readonly #outside: AgentOutside;
  readonly #password: string;
  readonly #line: Line;
  readonly #topics = new Set<string>();
  readonly #outbox = new Map<string, { conversation: string; text: string; overdue: NodeJS.Timeout; again: NodeJS.Timeout }>();
  readonly #seen = new Map<string, Set<number>>();
  #accessToken = "";
  #sent = 0;
  #httpFailures = 0;
  readonly #named: (frame: string) => void;

  constructor(outside: AgentOutside, { email, password }: { email: string; password: string }) {
    this.email = email;
    this.#password = password;
    this.#outside = outside;
    this.#named = keepNamed(outside.history, email, outside.tenant);
    this.#line = new Line({
      random: outside.random,
      door: outside.door,
      path: "/ws/desk",
      hello: async (door) => ({ type: "hello", ticket: await this.#ticket(door) }),
      receive: (text) => {
        this.#named(text);
        this.#receive(readDeskFrame(text));
      },
      lost: (code) => this.#lost(code),
      jitterMs: outside.jitterMs,
      heartbeat: false,
    });
  }

  get open(): boolean {
    return this.#line.open;
  }

  get waiting(): number {
    return this.#outbox.size;
  }

  /** How many messages of a conversation it has been shown. */
  seen(conversation: string): number {
    return this.#seen.get(conversation)?.size ?? 0;
  }

  async signIn(): Promise<void> {
    const answer = sessionAnswer.parse(await this.#patiently(signInPath, { email: this.email, password: this.#password }));
    this.#accessToken = answer.accessToken;
    this.id = answer.account.id;
    this.name = answer.account.name;
  }

  dial(): void {
    this.#line.dial();
  }

  watch(topic: string): void {
    this.#topics.add(topic);
    this.#line.send({ type: "watch", topic });
  }

  /** Nothing more of it is owed to them. */
  unwatch(topic: string): void {
    if (!this.#topics.delete(topic)) return;
    this.#line.send({ type: "unwatch", topic });
    const conversation = conversationOf(topic);
    if (conversation === undefined || !this.#seen.delete(conversation)) return;
    this.#record(conversation, { kind: "left" });
  }

  /** Loses its connection, and comes back with `dial`. */
  hangUp(): void {
    this.#line.hangUp();
  }

  say(conversation: string, text: string): void {
    const clientId = `${this.email.split("@")[0]}-${++this.#sent}`;
    const viewer = this.email;
    this.#outside.history.record({ kind: "sent", viewer, conversation, clientId, text });
    const waits = () => this.#outside.history.record({ kind: "told", viewer, conversation, clientId, state: "waiting", code: "" });
    const again = setInterval(() => this.#post(clientId), resendMs);
    this.#outbox.set(clientId, { conversation, text, overdue: setTimeout(waits, overdueMs), again });
    if (!this.#post(clientId)) waits();
  }

  /** Takes a conversation; the answer is the run's. Success is in the history. */
  async take(conversation: string): Promise<Run> {
    return await this.#obtain("conversation.take", conversation);
  }

  /** The same with one that is offered to them. */
  async accept(conversation: string): Promise<Run> {
    return await this.#obtain("conversation.accept", conversation);
  }

  async #obtain(command: string, conversation: string): Promise<Run> {
    const run = await this.run(command, { conversation });
    if (run.state === "succeeded")
      this.#outside.history.record({ kind: "took", agent: this.name, conversation, generation: run.data?.generation });
    return run;
  }

  async handBack(conversation: string): Promise<Run> {
    const run = await this.run("conversation.hand-back", { conversation });
    if (run.state === "succeeded") this.#outside.history.record({ kind: "released", agent: this.name, conversation });
    return run;
  }

  /** Runs a command; where the way to it breaks, it is asked again under the same key. */
  async run(name: string, args: object): Promise<Run> {
    return runAnswer.parse(
      await this.#patiently(`/api/v1/commands/${name}/runs`, { args }, { "idempotency-key": randomUUID(), prefer: "wait=25" }),
    );
  }

  /** The status of one GET with the token that it has, be it good or not. */
  async get(path: string): Promise<number> {
    const door = this.#outside.door(this.#httpFailures);
    const response = await fetch(`http://127.0.0.1:${door.port}${path}`, { headers: { authorization: `Bearer ${this.#accessToken}` } });
    await response.arrayBuffer();
    return response.status;
  }

  leave(): void {
    for (const conversation of this.#seen.keys()) this.#outside.history.record({ kind: "left", viewer: this.email, conversation });
    for (const clientId of [...this.#outbox.keys()]) this.#settle(clientId);
    this.#line.close();
  }

  async #patiently(path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> {
    let renewed = false;
    for (let tries = 0; tries < 40; tries++) {
      try {
        const response = await this.#request(this.#outside.door(this.#httpFailures), path, body, headers);
        const answer: unknown = await response.json();
        // A token lasts a quarter of an hour; who was shut out stays refused.
        if (response.status === 401 && path !== signInPath && !renewed) {
          renewed = true;
          await this.signIn();
          continue;
        }
        if (response.status < 500 && response.status !== 429) return answer;
      } catch {
        // Refused, reset, or too late: asked again, at another door if there is one.
      }
      this.#httpFailures++;
      await pause(250);
    }
    throw new Error(`${path} was not answered`);
  }

  async #ticket(door: Door): Promise<string> {
    const response = await this.#request(door, "/api/v1/session/ticket", {});
    if (response.status === 401) await this.signIn();
    return ticketAnswer.parse(await response.json()).ticket;
  }

  #request(door: Door, path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${door.port}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: door.origin, authorization: `Bearer ${this.#accessToken}`, ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(answerWithinMs),
    });
  }

  #post(clientId: string): boolean {
    const post = this.#outbox.get(clientId);
    return post !== undefined && this.#line.send({ type: "message", conversation: post.conversation, clientId, text: post.text });
  }

  #receive(frame: ToDesk): void {
    switch (frame.type) {
      case "welcome":
        this.#line.welcome();
        this.#outside.history.record({ kind: "desk", agent: this.name, open: true });
        for (const topic of this.#topics) this.#line.send({ type: "watch", topic });
        for (const clientId of this.#outbox.keys()) this.#post(clientId);
        return;
      case "ack":
        this.#settle(frame.clientId);
        if (frame.seq !== undefined)
          this.#record(frame.conversation, { kind: "acked", clientId: frame.clientId, seq: frame.seq, shows: false });
        return;
      case "snapshot":
        this.#show(frame.topic, frame.items, { all: true, removed: [] });
        break;
      case "delta":
        this.#show(frame.topic, frame.changed, { all: false, removed: frame.removed });
        break;
      case "restart":
        this.#line.comeBackAfter(frame.retryAfterMs);
        break;
      case "error":
        this.#refused(frame);
    }
  }

  #show(topic: string, items: readonly DeskItem[], { all, removed }: Pick<InboxNews, "all" | "removed">): void {
    // What was still on its way when it was unwatched.
    if (!this.#topics.has(topic)) return;
    if (topic === "inbox")
      this.hearsInbox({ all, removed, entries: items.filter((item): item is InboxEntry => item.kind === "conversation") });
    const conversation = conversationOf(topic);
    if (conversation !== undefined && all) {
      this.#record(conversation, { kind: "opened", from: 0 });
      this.#seen.set(conversation, new Set());
    }
    for (const item of items) {
      if (item.kind === "agent") {
        this.#outside.history.record({ kind: "colleague", viewer: this.email, agent: item.name, connected: item.connected });
      } else if (conversation !== undefined && item.kind === "message") {
        this.#seen.get(conversation)?.add(item.seq);
        this.#record(conversation, { kind: "shown", seq: item.seq, text: item.visitorReads ?? item.text });
      } else if (conversation !== undefined && item.kind === "head") {
        this.#record(conversation, { kind: "state", controller: item.controller, agent: item.agent?.name ?? null });
      }
    }
  }

  #refused({ error, ref }: Extract<ToDesk, { type: "error" }>): void {
    if (ref === undefined) {
      this.#line.refused();
      return;
    }
    if (this.#topics.has(ref)) {
      setTimeout(() => this.#line.send({ type: "watch", topic: ref }), error.retryAfterMs ?? 1000);
      return;
    }
    const post = this.#outbox.get(ref);
    if (post === undefined) return;
    const passing = error.retryAfterMs !== undefined;
    this.#record(post.conversation, { kind: "told", clientId: ref, state: passing ? "waiting" : "failed", code: error.code });
    if (passing) setTimeout(() => this.#post(ref), error.retryAfterMs);
    else this.#settle(ref);
  }

  #lost(code: number): void {
    this.#outside.history.record({ kind: "desk", agent: this.name, open: false });
    for (const conversation of this.#seen.keys()) this.#record(conversation, { kind: "closed", code });
  }

  #settle(clientId: string): void {
    const post = this.#outbox.get(clientId);
    clearTimeout(post?.overdue);
    clearInterval(post?.again);
    this.#outbox.delete(clientId);
  }

  #record(conversation: string, happening: OfMine<Parameters<History["record"]>[0]>): void {
    this.#outside.history.record({ viewer: this.email, conversation, ...happening });
  }
}

function conversationOf(topic: string): string | undefined {
  return /^conversation:(.*)$/.exec(topic)?.[1];
}

/** A happening in a conversation, without who and where. */
type OfMine<All> = All extends { viewer: string; conversation: string } ? Omit<All, "viewer" | "conversation"> : never;
