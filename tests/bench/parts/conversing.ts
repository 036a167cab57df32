import { once } from "node:events";
import { WebSocket } from "ws";

/** Whom the sockets talk to. */
export type Peer = { kind: "echo"; url: string } | { kind: "product"; url: string; inbox: string };

const text = "reverse hello world";
const answerText = "world hello";
// Frames begin with {"type":", so one byte says which it is.
const kindAt = '{"type":"'.length;
const byte = { message: "m".charCodeAt(0), error: "e".charCodeAt(0), welcome: "w".charCodeAt(0) };

/** One visitor who writes a line and waits for the answer; against the echo, whoever comes back is the answer. */
export class Conversing {
  readonly #socket: WebSocket;
  readonly #echo: boolean;
  /** When each turn that is not yet answered should have begun, oldest first. */
  readonly #begun: number[] = [];
  readonly #answered: (conversing: Conversing, begunAt: number) => void;
  readonly #failed: (reason: string) => void;
  #sent = 0;

  private constructor(
    socket: WebSocket,
    echo: boolean,
    answered: (conversing: Conversing, begunAt: number) => void,
    failed: (reason: string) => void,
  ) {
    this.#socket = socket;
    this.#echo = echo;
    this.#answered = answered;
    this.#failed = failed;
    socket.on("message", (data: Buffer) => this.#hear(data));
    socket.on("close", (code) => failed(`a socket was closed with ${code}`));
  }

  /** Resolves when the socket is open and, with the product, welcomed. */
  static async open(
    peer: Peer,
    answered: (conversing: Conversing, begunAt: number) => void,
    failed: (reason: string) => void,
  ): Promise<Conversing> {
    const socket = await openSocket(peer);
    return new Conversing(socket, peer.kind === "echo", answered, failed);
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

  /** Ends without a word: the other side sees a page that was closed. */
  close(): void {
    this.#socket.removeAllListeners("close");
    this.#socket.terminate();
  }

  #hear(data: Buffer): void {
    if (this.#echo) this.#answer();
    else if (data[kindAt] === byte.error) this.#failed(data.toString());
    else if (data[kindAt] !== byte.message) return;
    else if (data.includes(answerText)) this.#answer();
    else this.#failed(`an unexpected answer: ${data.toString()}`);
  }

  #answer(): void {
    const begunAt = this.#begun.shift();
    if (begunAt === undefined) this.#failed("an answer that nobody asked for");
    else this.#answered(this, begunAt);
  }
}

async function openSocket(peer: Peer): Promise<WebSocket> {
  const url = peer.url.replace("http", "ws");
  const socket = new WebSocket(peer.kind === "echo" ? url : `${url}/ws/visitor`, {
    origin: peer.url,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    handshakeTimeout: 20_000,
  });
  socket.on("error", () => {}); // close follows
  await once(socket, "open");
  if (peer.kind === "echo") return socket;
  socket.send(JSON.stringify({ type: "hello", inbox: peer.inbox, locale: "en", page: `${peer.url}/` }));
  const [welcome]: Buffer[] = await once(socket, "message");
  if (welcome?.[kindAt] !== byte.welcome) throw new Error(`no welcome: ${welcome?.toString()}`);
  return socket;
}
