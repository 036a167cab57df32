import { once } from "node:events";
import { WebSocket } from "ws";

// Frames begin with {"type":", so one byte says which it is.
const kindAt = '{"type":"'.length;

/** The first letter of a frame's kind. */
export function kindOf(frame: Buffer): string {
  return String.fromCharCode(frame[kindAt] ?? 0);
}

/** An open socket of the product's or the echo's, as lean as a client can be. */
export async function openSocket(url: string, path: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}${path}`, {
    origin: url,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    handshakeTimeout: 30_000,
  });
  await once(socket, "open");
  socket.on("error", () => {}); // close follows
  return socket;
}

/** An open socket that was welcomed, and its welcome. Like every page, it comes again where it is told to. */
export async function openWelcomed(url: string, path: string, hello: object): Promise<{ socket: WebSocket; welcome: string }> {
  for (let attempt = 1; ; attempt++) {
    const socket = await openSocket(url, path);
    socket.send(JSON.stringify(hello));
    const [frame]: Buffer[] = await once(socket, "message");
    const said = frame?.toString() ?? "";
    if (frame !== undefined && kindOf(frame) === "w") return { socket, welcome: said };
    socket.terminate();
    if (attempt === mostAttempts || !said.includes("retryAfterMs")) throw new Error(`no welcome: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 1000 + 1000 * Math.random()));
  }
}

const mostAttempts = 5;

/** A listener's backlog is 511, and one process accepts some hundred a second. */
const openedAtOnce = 50;

/** Opens many, some at a time. */
export async function openMany<Opened>(count: number, open: (index: number) => Promise<Opened>): Promise<Opened[]> {
  const opened: Opened[] = [];
  while (opened.length < count) {
    const from = opened.length;
    const some = Array.from({ length: Math.min(openedAtOnce, count - from) }, (_, index) => open(from + index));
    opened.push(...(await Promise.all(some)));
  }
  return opened;
}
