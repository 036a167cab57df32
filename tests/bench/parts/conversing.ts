import type { WebSocket } from "ws";
import { kindOf, openSocket, openWelcomed } from "./openSocket.ts";

/** Whom the sockets talk to. */
export type Peer = { kind: "echo"; url: string } | { kind: "bare"; url: string } | { kind: "product"; url: string; inbox: string };

export interface Listener {
  /** `begunAt` is what `begin` was told. */
  answered(conversing: Conversing, begunAt: number): void;
  failed(reason: string): void;
}

const text = "reverse hello world";
const answerText = "world hello";

/** One visitor who writes a line and waits for the answer; against the echo, whatever comes back is the answer. */
export class Conversing {
  readonly #socket: WebSocket;
  readonly #listener: Listener;
  /** When each turn that is not yet answered should have begun, oldest first. */
  readonly #begun: number[] = [];
  #sent = 0;

  private constructor(socket: WebSocket, isEcho: boolean, listener: Listener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.on("message", isEcho ? () => this.#answer() : (data: Buffer) => this.#hear(data));
    socket.on("close", (code) => listener.failed(`a socket was closed with ${code}`));
  }

  /** Resolves when the socket is open and, with the product, welcomed. */
  static async open(peer: Peer, listener: Listener): Promise<Conversing> {
    if (peer.kind !== "product") return new Conversing(await openSocket(peer.url, ""), peer.kind === "echo", listener);
    const hello = { type: "hello", inbox: peer.inbox, locale: "en", page: `${peer.url}/` };
    const { socket } = await openWelcomed(peer.url, "/ws/visitor", hello);
    return new Conversing(socket, false, listener);
  }

  /** Turns that are not yet answered. */
  get waiting(): number {
    return this.#begun.length;
  }

  /** Sends a line; `begunAt` is when it should have been sent, in milliseconds of `performance.now()`. */
  begin(begunAt: number): void {
    this.#begun.push(begunAt);
    this.#sent++;
    this.#socket.send(`{"type":"message","clientId":"c${this.#sent}","text":"${text}"}`);
  }

  /** Ends without a word, like a page that is closed. */
  close(): void {
    this.#socket.removeAllListeners("close");
    this.#socket.terminate();
  }

  #hear(data: Buffer): void {
    const kind = kindOf(data);
    if (kind === "e") this.#listener.failed(data.toString());
    if (kind !== "m") return;
    if (data.includes(answerText)) this.#answer();
    else this.#listener.failed(`an unexpected answer: ${data.toString()}`);
  }

  #answer(): void {
    const begunAt = this.#begun.shift();
    if (begunAt === undefined) this.#listener.failed("an answer that nobody asked for");
    else this.#listener.answered(this, begunAt);
  }
}
