import { z } from "zod";
import { closeCodes } from "../../../src/protocol/visitor.ts";
import type { History } from "../history/history.ts";
import type { Door } from "./door.ts";
import { readVisitorFrame, type ToVisitor } from "./frames.ts";
import { Line } from "./line.ts";
import { keepNamed } from "./named.ts";

export interface VisitorOutside {
  history: History;
  random(): number;
  door(failures: number): Door;
  inbox: string;
  /** The slug of whose inbox it is. */
  tenant: string;
  jitterMs: number;
  heartbeat?: boolean;
  /** What its hello says beside the usual. */
  says?: object;
  /** A page that forgets what it sent when its connection is lost, for a run that must show the loss. */
  resends?: boolean;
}

const uploadAnswer = z.object({ error: z.object({ message: z.string() }).optional() });

const overdueMs = 3000;
const resendMs = 10_000;

/** A page with the chat: keeps what was typed until it is acked, and comes back with the last `seq` that it has. */
export class Visitor {
  readonly name: string;
  conversation = "";
  /** Who has it now, as the page is told. */
  controller = "";
  /** The name of the agent who has it. */
  agent: string | null = null;
  token: string | undefined;
  /** When the newest session was welcomed, and when the one before it ended. */
  welcomedAt = 0;
  lostAt = 0;
  /** How often it was told to forget what it shows. */
  resyncs = 0;
  /** The port of the gateway that it talks to. */
  door = 0;
  /** Codes with which its sockets ended. */
  readonly closes: number[] = [];
  /** Refusals that it was told. */
  readonly refusals: string[] = [];
  /** The `retryAfterMs` of restarts. */
  readonly askedPausesMs: number[] = [];
  readonly #outside: VisitorOutside;
  readonly #line: Line;
  readonly #outbox = new Map<string, { text: string; overdue: NodeJS.Timeout; again: NodeJS.Timeout }>();
  /** The instants of what stands beyond a gap, by `seq`. */
  readonly #beyond = new Map<number, string>();
  #seen = 0;
  #seenAt: string | undefined;
  #sent = 0;

  constructor(outside: VisitorOutside, name: string, known?: { token: string }) {
    this.name = name;
    this.token = known?.token;
    this.#outside = outside;
    const named = keepNamed(outside.history, name, outside.tenant);
    this.#line = new Line({
      random: outside.random,
      door: outside.door,
      path: "/ws/visitor",
      hello: async (door) => {
        this.door = door.port;
        return {
          type: "hello",
          inbox: outside.inbox,
          after: this.#seen,
          afterAt: this.#seenAt,
          locale: "en",
          ...(this.token === undefined ? {} : { token: this.token }),
          ...outside.says,
        };
      },
      receive: (text) => {
        named(text);
        this.#receive(readVisitorFrame(text));
      },
      lost: (code) => this.#lost(code),
      jitterMs: outside.jitterMs,
      heartbeat: outside.heartbeat ?? false,
    });
  }

  get open(): boolean {
    return this.#line.open;
  }

  /** Unanswered messages. */
  get waiting(): number {
    return this.#outbox.size;
  }

  /** The newest `seq` with all before it. */
  get seen(): number {
    return this.#seen;
  }

  dial(): void {
    this.#line.dial();
  }

  say(text: string): string {
    const clientId = `${this.name}-${++this.#sent}`;
    this.#record({ kind: "sent", clientId, text });
    const overdue = setTimeout(() => this.#record({ kind: "told", clientId, state: "waiting", code: "" }), overdueMs);
    const again = setInterval(() => this.#post(clientId, text), resendMs);
    this.#outbox.set(clientId, { text, overdue, again });
    if (!this.#post(clientId, text)) this.#record({ kind: "told", clientId, state: "waiting", code: "" });
    return clientId;
  }

  /** Uploads a file, to be sent with a message: how that was answered. */
  async upload(name: string, bytes: string): Promise<{ status: number; message: string }> {
    const { port, origin } = this.#outside.door(0);
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/files?name=${name}`, {
      method: "POST",
      headers: { authorization: `Visitor ${this.#outside.inbox}:${this.token}`, origin, "content-type": "application/octet-stream" },
      body: bytes,
      signal: AbortSignal.timeout(5000),
    });
    return { status: response.status, message: uploadAnswer.parse(await response.json()).error?.message ?? "" };
  }

  read(on: boolean): void {
    this.#line.read(on);
  }

  /** Loses its connection, and comes back with `dial`. */
  hangUp(): void {
    this.#line.hangUp();
  }

  /** Goes for good. */
  leave(): void {
    if (this.conversation !== "") this.#record({ kind: "left" });
    for (const clientId of [...this.#outbox.keys()]) this.#settle(clientId);
    this.#line.close();
  }

  #post(clientId: string, text: string): boolean {
    return this.#line.send({ type: "message", clientId, text });
  }

  #receive(frame: ToVisitor): void {
    switch (frame.type) {
      case "welcome":
        this.#welcome(frame);
        break;
      case "ack":
        this.#settle(frame.clientId);
        this.#note(frame.seq, frame.at);
        this.#record({ kind: "acked", clientId: frame.clientId, seq: frame.seq, shows: true });
        break;
      case "message":
        // Shown, the message is known to be kept, but it stays unanswered until its ack.
        this.#note(frame.seq, frame.at);
        this.#record({ kind: "shown", seq: frame.seq, text: frame.text });
        break;
      case "state":
        this.#state(frame);
        break;
      case "restart":
        this.askedPausesMs.push(frame.retryAfterMs);
        this.#line.comeBackAfter(frame.retryAfterMs);
        break;
      case "error":
        this.#refused(frame);
    }
  }

  #welcome(frame: Extract<ToVisitor, { type: "welcome" }>): void {
    if (frame.resync === true) {
      this.#seen = 0;
      this.resyncs++;
    }
    if (this.conversation !== "" && this.conversation !== frame.conversation) this.#record({ kind: "forgotten" });
    this.token = frame.token;
    this.conversation = frame.conversation;
    this.welcomedAt = performance.now();
    this.#beyond.clear();
    this.#line.welcome();
    this.#record({ kind: "opened", from: this.#seen });
    this.#state(frame.state);
    for (const [clientId, { text }] of this.#outbox) this.#post(clientId, text);
  }

  #state({ controller, agent }: { controller: string; agent?: { name: string } | undefined }): void {
    this.controller = controller;
    this.agent = agent?.name ?? null;
    this.#record({ kind: "state", controller, agent: this.agent });
  }

  #refused({ error, ref }: Extract<ToVisitor, { type: "error" }>): void {
    this.refusals.push(error.code);
    if (ref === undefined) {
      if (error.code === "unauthenticated" && this.token !== undefined) this.#record({ kind: "forgotten" });
      if (error.retryAfterMs !== undefined) this.#line.comeBackAfter(error.retryAfterMs);
      this.#line.refused();
      return;
    }
    const post = this.#outbox.get(ref);
    if (post === undefined) return;
    const passing = error.retryAfterMs !== undefined;
    this.#record({ kind: "told", clientId: ref, state: passing ? "waiting" : "failed", code: error.code });
    if (passing) setTimeout(() => this.#outbox.has(ref) && this.#post(ref, post.text), error.retryAfterMs);
    else this.#settle(ref);
  }

  #lost(code: number): void {
    this.lostAt = performance.now();
    this.closes.push(code);
    this.#record({ kind: "closed", code });
    // To a page this code says that its token is worth nothing.
    if (code === closeCodes.unauthenticated && this.token !== undefined) this.#record({ kind: "forgotten" });
    if (this.#outside.resends === false) for (const clientId of [...this.#outbox.keys()]) this.#settle(clientId);
  }

  #settle(clientId: string): void {
    const post = this.#outbox.get(clientId);
    clearTimeout(post?.overdue);
    clearInterval(post?.again);
    this.#outbox.delete(clientId);
  }

  #note(seq: number, at: string): void {
    if (seq > this.#seen) this.#beyond.set(seq, at);
    for (let next = this.#beyond.get(this.#seen + 1); next !== undefined; next = this.#beyond.get(this.#seen + 1)) {
      this.#seen++;
      this.#seenAt = next;
      this.#beyond.delete(this.#seen);
    }
  }

  #record(happening: OfMine<Parameters<History["record"]>[0]>): void {
    this.#outside.history.record({ viewer: this.name, conversation: this.conversation, ...happening });
  }
}

/** A happening of a page, without who and where. */
type OfMine<All> = All extends { viewer: string; conversation: string } ? Omit<All, "viewer" | "conversation"> : never;
