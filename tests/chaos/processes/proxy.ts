import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export type Direction = "up" | "down";

/** A TCP proxy on loopback for faults on the way. `up` is from the client to the server. Links made meanwhile suffer the same. */
export interface NetworkProxy {
  readonly port: number;
  /** Holds the bytes of these directions back, until `pass`. Connections stay open, as through a network that is cut. */
  hold(...directions: Direction[]): void;
  pass(): void;
  /** Every chunk comes so much later, in its order. */
  delay(ms: number): void;
  /** Towards the client at most so many bytes a second; the server feels the pressure. */
  throttle(bytesPerSecond: number): void;
  /** Resets every link now. */
  reset(): void;
  /** Resets each link in the middle of the next chunk to the client. */
  cutMidFrame(): void;
  /** Refuses new links while true. */
  refuse(on: boolean): void;
  /** Links that are open on the server's side. */
  readonly open: number;
  close(): Promise<void>;
}

interface State {
  held: Set<Direction>;
  delayMs: number;
  bytesPerSecond: number;
  refusing: boolean;
  links: Set<Link>;
}

interface Link {
  flush(): void;
  reset(): void;
  cutMidFrame(): void;
}

export async function startProxy(targetPort: number): Promise<NetworkProxy> {
  const state: State = { held: new Set(), delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY, refusing: false, links: new Set() };
  const server = createServer((near) => {
    if (state.refusing) near.resetAndDestroy();
    else link(state, near, connect({ port: targetPort, host: "127.0.0.1", noDelay: true }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const flushAll = () => {
    for (const each of state.links) each.flush();
  };
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    hold: (...directions) => {
      state.held = new Set(directions);
    },
    pass: () => {
      state.held = new Set();
      state.delayMs = 0;
      state.bytesPerSecond = Number.POSITIVE_INFINITY;
      flushAll();
    },
    delay: (ms) => {
      state.delayMs = ms;
    },
    throttle: (bytesPerSecond) => {
      state.bytesPerSecond = bytesPerSecond;
    },
    reset: () => {
      for (const each of state.links) each.reset();
    },
    cutMidFrame: () => {
      for (const each of state.links) each.cutMidFrame();
    },
    refuse: (on) => {
      state.refusing = on;
    },
    get open() {
      return state.links.size;
    },
    close: async () => {
      state.refusing = true;
      for (const each of state.links) each.reset();
      server.close();
      await once(server, "close");
    },
  };
}

function link(state: State, near: Socket, far: Socket): void {
  near.setNoDelay(true);
  let cutting = false;
  const reset = () => {
    near.resetAndDestroy();
    far.resetAndDestroy();
  };
  const up = pipe(state, "up", near, far);
  const down = pipe(state, "down", far, near, (chunk) => {
    if (!cutting || chunk.length < 2) return false;
    near.write(chunk.subarray(0, chunk.length / 2), reset);
    return true;
  });
  const entry: Link = {
    flush: () => {
      up.flush();
      down.flush();
    },
    reset,
    cutMidFrame: () => {
      cutting = true;
    },
  };
  state.links.add(entry);
  far.on("close", () => state.links.delete(entry));
  // An end is held back like bytes: a cut network tells nobody that the other side is gone.
  for (const [from, to, way] of [
    [near, far, up],
    [far, near, down],
  ] as const) {
    from.on("error", () => {});
    from.on("close", () => way.after(() => to.destroy()));
  }
}

/** Carries chunks in their order; `swallow` may keep one back. */
function pipe(state: State, direction: Direction, from: Socket, to: Socket, swallow: (chunk: Buffer) => boolean = () => false) {
  const queue: { send: () => void; dueAt: number }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let resting: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    clearTimeout(resting);
    from.resume();
    timer = undefined;
    while (queue.length > 0 && !state.held.has(direction)) {
      const wait = (queue[0]?.dueAt ?? 0) - performance.now();
      if (wait > 0 && state.delayMs > 0) {
        timer = setTimeout(flush, wait);
        return;
      }
      queue.shift()?.send();
    }
  };
  const after = (send: () => void) => {
    queue.push({ send, dueAt: performance.now() + state.delayMs });
    if (timer === undefined) flush();
  };
  from.on("data", (chunk) => {
    after(() => {
      if (!swallow(chunk) && !to.destroyed) to.write(chunk);
    });
    if (direction === "up" || state.bytesPerSecond === Number.POSITIVE_INFINITY) return;
    from.pause();
    resting = setTimeout(() => from.resume(), (1000 * chunk.length) / state.bytesPerSecond);
  });
  return { flush, after };
}
