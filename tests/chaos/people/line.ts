import { WebSocket } from "ws";
import { closeCodes } from "../../../src/protocol/visitor.ts";
import type { Door } from "./door.ts";

export interface LineSide {
  random(): number;
  /** Where to go next; asked at every attempt, with how many have failed in a row. */
  door(failures: number): Door;
  path: "/ws/visitor" | "/ws/desk";
  /** The first frame; made anew for every attempt. */
  hello(door: Door): Promise<object>;
  receive(text: string): void;
  lost(code: number): void;
  /** The pauses between attempts are spread over this time. */
  jitterMs: number;
  /** Pings as the product's pages do. */
  heartbeat: boolean;
}

/** The pauses and pings of src/client/connection.ts. */
const pingEveryMs = 15_000;
const unansweredMs = 30_000;
const welcomeWithinMs = 10_000;
const longestPauseMs = 8000;

/** A socket that is opened again whenever it ends, as a page does it. */
export class Line {
  readonly #side: LineSide;
  #socket: WebSocket | undefined;
  #failures = 0;
  #askedPauseMs = 0;
  #welcomed = false;
  #closed = false;
  #unansweredSince: number | undefined;
  #retry: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #heart: NodeJS.Timeout | undefined;

  constructor(side: LineSide) {
    this.#side = side;
  }

  get open(): boolean {
    return this.#welcomed && this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Starts, or comes back at once. */
  dial(): void {
    clearTimeout(this.#retry);
    if (this.#closed || this.#socket !== undefined) return;
    const door = this.#side.door(this.#failures);
    const socket = new WebSocket(`ws://127.0.0.1:${door.port}${this.#side.path}`, { origin: door.origin, perMessageDeflate: false });
    this.#socket = socket;
    this.#deadline = setTimeout(() => this.#drop(socket, 1006), welcomeWithinMs);
    socket.on("error", () => {});
    socket.on("close", (code) => this.#drop(socket, code));
    socket.on("message", (data) => {
      this.#unansweredSince = undefined;
      if (this.#socket === socket) this.#side.receive(data.toString());
    });
    socket.on("open", () => {
      this.#side.hello(door).then(
        (hello) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(hello)),
        () => this.#drop(socket, 1006),
      );
    });
  }

  /** The other side has welcomed. */
  welcome(): void {
    this.#welcomed = true;
    this.#failures = 0;
    clearTimeout(this.#deadline);
    if (!this.#side.heartbeat) return;
    this.#heart = setInterval(() => {
      if (this.#unansweredSince !== undefined && performance.now() - this.#unansweredSince >= unansweredMs) {
        if (this.#socket !== undefined) this.#drop(this.#socket, 1006);
      } else {
        this.#unansweredSince ??= performance.now();
        this.#socket?.send('{"type":"ping"}');
      }
    }, pingEveryMs);
  }

  /** The other side said when to come back. */
  comeBackAfter(ms: number): void {
    this.#askedPauseMs = ms;
  }

  /** The other side refused the greeting, and may not close by itself. */
  refused(): void {
    if (this.#socket !== undefined && !this.#welcomed) this.#drop(this.#socket, 1006);
  }

  send(frame: object): boolean {
    if (!this.open) return false;
    this.#socket?.send(JSON.stringify(frame));
    return true;
  }

  /** Stops reading, or reads on: a page on a very slow device. */
  read(on: boolean): void {
    if (on) this.#socket?.resume();
    else this.#socket?.pause();
  }

  /** Stays away until it dials again. */
  hangUp(): void {
    if (this.#socket !== undefined) this.#drop(this.#socket, 1006);
    clearTimeout(this.#retry);
  }

  /** For good. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    if (this.#socket !== undefined) this.#drop(this.#socket, 1000);
  }

  #drop(socket: WebSocket, code: number): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    clearTimeout(this.#deadline);
    clearInterval(this.#heart);
    this.#unansweredSince = undefined;
    if (socket.readyState === WebSocket.OPEN && code === 1000) socket.close(1000);
    else socket.terminate();
    if (this.#welcomed || code === closeCodes.unauthenticated) this.#side.lost(code);
    this.#welcomed = false;
    if (this.#closed) return;
    this.#failures++;
    const growing = this.#failures < 2 ? 0 : Math.min(longestPauseMs, 250 * 2 ** Math.min(this.#failures, 10));
    // The pages wait up to 5 s and a jitter of 3 s; a run with a smaller jitter is in as much more of a hurry.
    const pauseMs = Math.max(growing * (this.#side.jitterMs / 3000), this.#askedPauseMs) + this.#side.random() * this.#side.jitterMs;
    this.#askedPauseMs = 0;
    this.#retry = setTimeout(() => this.dial(), pauseMs);
  }
}
