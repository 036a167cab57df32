import { type ReadonlySignal, signal } from "@preact/signals";
import { closeCodes } from "../protocol/visitor.ts";

/** `connecting`: never open yet, first attempt. `waiting`: lost or failed; it tries again by itself. */
export type ConnectionStatus = "connecting" | "open" | "waiting";

/** What the connection itself reads of a frame; the rest is the receiver's. */
export interface Frame {
  type: string;
  /** With `restart`. */
  retryAfterMs?: number;
  /** With `error`. */
  error?: { retryAfterMs?: number };
}

/** What a browser brings. */
export const browser: Outside = {
  openSocket: (url) => new WebSocket(url),
  events: globalThis,
  random: Math.random,
};

export interface Outside {
  openSocket(url: string): Socket;
  /** Tells of `online`, `offline`, `pageshow` and `visibilitychange`: the window. */
  events: Pick<EventTarget, "addEventListener" | "removeEventListener">;
  random(): number;
}

/** As much of a `WebSocket` as a connection touches. */
export interface Socket {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent<string>) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface Side<Sent, Received> {
  url: string;
  /** Made anew for every attempt; a rejection is a failed attempt. */
  hello(): Sent | Promise<Sent>;
  /** Every frame, `welcome` included, in the order of arrival. The status is `open` only after `welcome` was received. */
  receive(frame: Received): void;
  /** 4401: forget the token; the next attempt follows by itself. */
  refused?(): void;
  /** The longest pause between two attempts, jitter included. Default 8 s. */
  longestPauseMs?: number;
}

export interface Connection<Sent> {
  status: ReadonlySignal<ConnectionStatus>;
  /** False where there is no open connection: nothing was sent. True promises nothing either: only an ack does. */
  send(frame: Sent): boolean;
  /** Finds out within 5 s whether the other side is alive, and tries at once where there is no connection. */
  probe(): void;
  /** Greets anew on a new socket, at once. */
  restart(): void;
  /** For good. */
  close(): void;
}

const jitterMs = 3_000;
const pingEveryMs = 15_000;
// The first ping goes out up to 15 s after the last frame: dead is known 45 s after it.
const unansweredMs = 30_000;
const probeMs = 5_000;
const welcomeWithinMs = 10_000;
const stableAfterMs = 10_000;
// A hello that is refused by an error is followed by a close that says more, or by nothing.
const refusedCloseMs = 500;
const wakeEvents = ["online", "pageshow", "visibilitychange"];

/** Keeps one socket open: greets, pings, sees that it is dead, comes back with growing, jittered pauses. */
export function connect<Sent, Received extends Frame>(
  { openSocket, events, random }: Outside,
  { url, hello, receive, refused, longestPauseMs = 8_000 }: Side<Sent, Received>,
): Connection<Sent> {
  const status = signal<ConnectionStatus>("connecting");
  let socket: Socket | undefined;
  let attempt = 0;
  let failures = 0;
  let triedAt = 0;
  let openedAt: number | undefined;
  let unansweredSince: number | undefined;
  let askedPauseMs = 0;
  let notBefore = 0;
  let beatenAt = Date.now();
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const heart = setInterval(beat, pingEveryMs);

  async function open(): Promise<void> {
    clearTimeout(retry);
    attempt += 1;
    const mine = attempt;
    triedAt = Date.now();
    failUnlessWithin(welcomeWithinMs);
    try {
      const greeting = await hello();
      if (mine === attempt && !closed) greet(openSocket(url), greeting);
    } catch {
      if (mine === attempt) lose();
    }
  }

  function greet(opened: Socket, greeting: Sent): void {
    socket = opened;
    opened.onopen = () => opened.send(JSON.stringify(greeting));
    opened.onmessage = ({ data }) => {
      if (socket === opened) hear(JSON.parse(data));
    };
    opened.onclose = ({ code }) => {
      if (socket !== opened) return;
      if (code === closeCodes.unauthenticated) refused?.();
      lose(code === closeCodes.unauthenticated && failures === 0);
    };
  }

  function hear(frame: Received): void {
    unansweredSince = undefined;
    askedPauseMs = frame.retryAfterMs ?? (openedAt === undefined ? frame.error?.retryAfterMs : undefined) ?? askedPauseMs;
    if (frame.type === "welcome" && openedAt === undefined) openedAt = Date.now();
    if (openedAt !== undefined) clearTimeout(deadline);
    else if (frame.type === "error") failUnlessWithin(refusedCloseMs);
    receive(frame);
    if (frame.type === "welcome" && openedAt !== undefined) status.value = "open";
  }

  function lose(atOnce = false): void {
    const openedFor = openedAt === undefined ? 0 : Date.now() - openedAt;
    drop();
    if (closed) return;
    // A side that welcomes and closes again at once must not be asked in a tight loop.
    failures = openedFor > stableAfterMs ? 0 : failures + 1;
    status.value = "waiting";
    clearTimeout(retry);
    notBefore = Date.now() + askedPauseMs;
    retry = setTimeout(open, atOnce ? 0 : pauseMs());
    askedPauseMs = 0;
  }

  /** The jitter spreads the visitors of a server that restarts: one process accepts 500 to 700 a second. */
  function pauseMs(): number {
    const growing = failures < 2 ? 0 : Math.min(longestPauseMs - jitterMs, 250 * 2 ** Math.min(failures, 10));
    return Math.max(growing, askedPauseMs) + random() * jitterMs;
  }

  /** A half-open socket may take minutes to tell of its close: it is no longer listened to from here on. */
  function drop(): void {
    const dropped = socket;
    socket = undefined;
    attempt += 1;
    openedAt = undefined;
    unansweredSince = undefined;
    clearTimeout(deadline);
    dropped?.close();
  }

  function beat(): void {
    const now = Date.now();
    const slept = now - beatenAt > 2 * pingEveryMs;
    beatenAt = now;
    if (status.value !== "open") return;
    // Timers of a hidden page run once a minute: only a ping without answer is a sign, silence is none.
    if (unansweredSince !== undefined && now - unansweredSince >= unansweredMs) lose();
    else if (slept) probe();
    else ping();
  }

  function ping(): void {
    unansweredSince ??= Date.now();
    socket?.send('{"type":"ping"}');
  }

  function probe(): void {
    if (closed) return;
    if (status.value === "open") {
      ping();
      failUnlessWithin(probeMs);
    } else if (socket === undefined && Date.now() > Math.max(triedAt + 1_000, notBefore)) {
      open();
    }
  }

  function restart(): void {
    drop();
    status.value = "waiting";
    open();
  }

  function failUnlessWithin(ms: number): void {
    clearTimeout(deadline);
    deadline = setTimeout(() => {
      if (openedAt === undefined || unansweredSince !== undefined) lose();
    }, ms);
  }

  function onOffline(): void {
    if (socket !== undefined) lose();
  }

  function close(): void {
    closed = true;
    clearInterval(heart);
    clearTimeout(retry);
    drop();
    for (const name of wakeEvents) events.removeEventListener(name, probe);
    events.removeEventListener("offline", onOffline);
  }

  for (const name of wakeEvents) events.addEventListener(name, probe);
  events.addEventListener("offline", onOffline);
  open();

  return {
    status,
    send(frame) {
      if (status.value !== "open" || socket === undefined) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    probe,
    restart,
    close,
  };
}
