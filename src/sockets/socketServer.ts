import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, WebSocketServer } from "ws";
import { every } from "../platform/clock/clock.ts";
import { closeCodes, helloDeadlineMs, maxFrameBytes } from "../protocol/visitor.ts";
import { DeskSocket } from "./desk/deskSocket.ts";
import type { Gateway } from "./gateway.ts";
import { Peer } from "./peer.ts";
import { VisitorSocket } from "./visitor/visitorSocket.ts";

/** auth.md and faults.md, row 8: a ping every 20 s, dead after 45 s of silence. */
const pingEveryMs = 20_000;
const deadAfterMs = 45_000;
/** The sockets are pinged a part each second, not all at once. */
const pingParts = 20;
/** Pages come back spread over this time after a restart (faults.md, row 4). */
const returnWithinMs = 10_000;

/** Browsers send a frame in one piece, proxies in a few dozen; each piece costs a buffer that its length doesn't count. */
const mostFragments = 1024;

export interface SocketServer {
  /** For the HTTP server's `upgrade`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Open sockets. */
  count(): number;
  /** Accepts no more, and closes every socket with 1012 and a time to come back. */
  restart(): void;
  /** This process did nothing for so long. */
  woken(lateMs: number): void;
  /** Closes every socket with 1012: each page says again who it is and what it has. */
  greetAnew(why: string): void;
  /** The tenants of whom visitors are here. */
  tenants(): ReadonlySet<string>;
  /** Tells the visitors of these tenants that the chat is closed, and lets them go. */
  dismiss(tenants: ReadonlySet<string>): void;
  stop(): void;
}

type Session = VisitorSocket | DeskSocket;

/**
 * What a process knows of sessions counts for 5 s (auth.md). One that slept for longer (faults.md, row 5) woke to what the bus kept for it,
 * and must not send it to somebody whose session has ended meanwhile: every socket greets anew. Its peers have counted it as dead since 12 s.
 */
const sessionsCountMs = 5000;

/**
 * Both sockets of `protocol.md`. `deskOrigin` is the only page that may open a desk's; `behindProxy` reads the address from X-Forwarded-For;
 * `silentMs`: for how long this process may have done nothing.
 */
export function createSocketServer(
  gateway: Gateway,
  { deskOrigin, silentMs }: { deskOrigin: string; silentMs: () => number },
): SocketServer {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    maxFragments: mostFragments,
    perMessageDeflate: false,
    clientTracking: false,
    autoPong: true,
  });
  const sockets = new Map<Peer, Session>();
  const unwelcomed = new Map<string, number>();
  const most = mostSockets();
  let restarting = false;

  const greetAnew = (why: string) => {
    gateway.log.warn({ why, sockets: sockets.size }, "all sockets greet anew");
    for (const peer of sockets.keys()) peer.close(closeCodes.restart, "greet anew");
  };
  const woken = (lateMs: number) => {
    if (lateMs <= sessionsCountMs || sockets.size === 0) return;
    greetAnew(`this process slept for ${Math.round(lateMs)} ms`);
  };
  // What the bus kept may come before the timers run.
  const maySend = () => {
    const late = silentMs();
    if (late <= sessionsCountMs) return true;
    woken(late);
    return false;
  };

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const path = (request.url ?? "").split("?")[0];
    if (path !== "/ws/visitor" && path !== "/ws/desk") return refuseUpgrade(socket, 404, "Not Found");
    if (restarting || sockets.size >= most) return refuseUpgrade(socket, 503, "Service Unavailable");
    const address = request.socket.remoteAddress ?? "";
    if ((unwelcomed.get(address) ?? 0) >= gateway.limits.unwelcomedPerAddress) return refuseUpgrade(socket, 429, "Too Many Requests");
    const origin = request.headers.origin ?? "";
    // Browsers say it truly, and a page of another site can't leave it out: that is all that keeps it from speaking with a person's cookies.
    const allowed = path === "/ws/desk" ? Promise.resolve(origin === deskOrigin) : gateway.inboxes.allowsOrigin(origin);
    allowed.then(
      (yes) => {
        if (!yes) return refuseUpgrade(socket, 403, "Forbidden");
        if (!socket.destroyed)
          server.handleUpgrade(request, socket, head, (webSocket) =>
            begin(new Peer(webSocket, socket, { address, maySend, now: gateway.clock.monotonic() }), path, {
              origin,
              browser: request.headers["user-agent"] ?? "",
            }),
          );
      },
      (error) => {
        gateway.failed(error, "origins could not be read");
        refuseUpgrade(socket, 503, "Service Unavailable");
      },
    );
  };

  const begin = (peer: Peer, path: string, page: { origin: string; browser: string }) => {
    count(unwelcomed, peer.address, 1);
    let counted = true;
    const settle = () => {
      if (counted) count(unwelcomed, peer.address, -1);
      counted = false;
    };
    const session = path === "/ws/desk" ? new DeskSocket(gateway, peer, settle) : new VisitorSocket(gateway, peer, page, settle);
    sockets.set(peer, session);
    const stopWaiting = gateway.clock.after(helloDeadlineMs, () => {
      if (!session.greeted) peer.close(closeCodes.unauthenticated, "no hello in time");
    });
    peer.socket.on("message", (data, binary) => {
      peer.heardAt = gateway.clock.monotonic();
      if (binary) peer.close(closeCodes.binary, "frames are text");
      else if (peer.open) session.receive(textOf(data));
    });
    peer.socket.on("pong", () => {
      peer.heardAt = gateway.clock.monotonic();
    });
    // ws closes with the code that fits (1002, 1007, 1008, 1009) before it tells.
    peer.socket.on("error", () => {});
    peer.socket.on("close", () => {
      stopWaiting();
      settle();
      sockets.delete(peer);
      session.end();
    });
  };

  const visitors = () => [...sockets.values()].filter((session) => session instanceof VisitorSocket);

  let part = 0;
  const stopPinging = every(
    gateway.clock,
    pingEveryMs / pingParts,
    async () => {
      part = (part + 1) % pingParts;
      let index = 0;
      const now = gateway.clock.monotonic();
      for (const peer of sockets.keys()) {
        if (index++ % pingParts !== part) continue;
        if (now - peer.heardAt > deadAfterMs) peer.socket.terminate();
        else if (peer.open) peer.socket.ping();
      }
    },
    (error) => gateway.failed(error, "pinging failed"),
  );

  return {
    upgrade,
    count: () => sockets.size,
    restart: () => {
      restarting = true;
      for (const peer of sockets.keys()) {
        peer.sendFrame({ type: "restart", retryAfterMs: Math.floor(Math.random() * returnWithinMs) });
        peer.close(closeCodes.restart, "restarting");
      }
    },
    woken,
    greetAnew,
    tenants: () => new Set(visitors().flatMap(({ tenant }) => tenant ?? [])),
    dismiss: (tenants) => {
      for (const visitor of visitors()) if (visitor.tenant !== undefined && tenants.has(visitor.tenant)) visitor.dismiss();
    },
    stop: () => {
      stopPinging();
      for (const peer of sockets.keys()) peer.socket.terminate();
      server.close();
    },
  };
}

function count(counts: Map<string, number>, key: string, by: number): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString();
}

function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  const body = JSON.stringify({ error: { code: refusals[status] ?? "unavailable", message: sentences[status] ?? "Try again later." } });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

const refusals: Record<number, string> = { 403: "origin_refused", 404: "not_found", 429: "rate_limited", 503: "unavailable" };
const sentences: Record<number, string> = {
  403: "This page may not open this socket; an admin lists its origin in the inbox.",
  404: "There is no such socket; /ws/visitor and /ws/desk are.",
  429: "Too many sockets of this address have not said hello; close some.",
  503: "This process takes no more sockets now; try again in a moment.",
};

/** Files that stay free for the database, the log and HTTP when sockets take all they can get (faults.md, row 51). */
const reservedFiles = 128;

function mostSockets(): number {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    if (soft !== undefined) return Math.max(16, Number(soft) - reservedFiles);
  } catch {
    // Not Linux: the system refuses by itself.
  }
  return Number.POSITIVE_INFINITY;
}
