import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { ErrorBody } from "../protocol/errors.ts";

/** `sending`: for less than 2.5 s. `waiting`: no network or no answer yet; it goes by itself. `failed`: refused, a person decides. */
export type PostState = "sending" | "waiting" | "failed";

/** Something that was typed and is not yet acknowledged. */
export interface Post<F extends { clientId: string }> {
  clientId: string;
  frame: F;
  /** ISO 8601, UTC; unique and rising within a tab, so that it orders. */
  at: string;
  state: PostState;
  /** Why it failed, or what it waits for. */
  error?: ErrorBody;
}

export interface Outbox<F extends { clientId: string }> {
  /** In the order in which they were typed. */
  posts: ReadonlySignal<readonly Post<F>[]>;
  /** Keeps it, then sends it. It survives a reload from here on. */
  add(frame: F): void;
  /** Acknowledged, or seen as a message: forgotten. Answers what it was. */
  settle(clientId: string): Post<F> | undefined;
  /** The server's `error` with this `ref`. With `retryAfterMs` it goes again by itself. */
  refuse(clientId: string, error: ErrorBody): void;
  /** Sends it again; `completed` is the same with what it waited for. */
  retry(clientId: string, completed?: F): void;
  discard(clientId: string): Post<F> | undefined;
  /** Call it when the connection opens: sends everything that has not failed, in order, under the same `clientId`. */
  flush(): void;
  /** Call it when the connection is lost: what is unanswered says so at once. */
  suspend(): void;
  close(): void;
}

export interface OutboxOutside<F> {
  /** False where there is no connection, or where it isn't complete. */
  send(frame: F): boolean;
  /** What waits for something that lives only as long as the page: said of it when it is found after a reload. */
  lost?(frame: F): ErrorBody | undefined;
  /** Called when something was sent and 2.5 s passed without an answer. */
  overdue(): void;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;
  /** Tells of `storage`, by which other tabs' changes are heard: the window. */
  events: Pick<EventTarget, "addEventListener" | "removeEventListener">;
}

// Half a second is left of the 3 s within which a person is told.
const overdueMs = 2_500;
const resendMs = 10_000;

/**
 * Keeps what was typed until the server has it. `scope` names the inbox or the desk's account.
 * One key per post, so that two tabs never overwrite each other; a post sent by two tabs has one `clientId` and is stored once.
 */
export function openOutbox<F extends { clientId: string }>(
  { send, overdue, storage, events, lost = () => undefined }: OutboxOutside<F>,
  scope: string,
): Outbox<F> {
  const prefix = `switchboard:outbox:${scope}:`;
  const posts = signal<readonly Post<F>[]>(restore());
  const overdueTimers = new Map<string, ReturnType<typeof setTimeout>>();
  const unkept = new Set<string>();
  const again = setInterval(flush, resendMs);
  let pause: ReturnType<typeof setTimeout> | undefined;
  let pausedUntil = 0;
  let lastAt = 0;

  function restore(): Post<F>[] {
    return keptKeys()
      .flatMap((key) => read(key))
      .sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  function keptKeys(): string[] {
    try {
      return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "").filter((key) => key.startsWith(prefix));
    } catch {
      return []; // storage is forbidden on this page: what is typed lives as long as the page
    }
  }

  function read(key: string): Post<F>[] {
    try {
      const post: Post<F> = JSON.parse(storage.getItem(key) ?? "");
      const error = lost(post.frame);
      if (error !== undefined) return [{ ...post, state: "failed", error }];
      return [post.state === "failed" ? post : { ...post, state: "waiting" }];
    } catch {
      return [];
    }
  }

  function keep(post: Post<F>): void {
    try {
      storage.setItem(prefix + post.clientId, JSON.stringify(post));
    } catch {
      unkept.add(post.clientId); // full or forbidden: see keptKeys
    }
  }

  function add(frame: F): void {
    lastAt = Math.max(Date.now(), lastAt + 1);
    const post: Post<F> = { clientId: frame.clientId, frame, at: new Date(lastAt).toISOString(), state: "sending" };
    keep(post);
    posts.value = [...posts.value, post];
    attempt(post);
  }

  function attempt(post: Post<F>): void {
    const sent = Date.now() >= pausedUntil && send(post.frame);
    if (!sent) change(post.clientId, { state: "waiting" });
    else if (!overdueTimers.has(post.clientId)) overdueTimers.set(post.clientId, setTimeout(late, overdueMs, post.clientId));
  }

  function late(clientId: string): void {
    overdueTimers.delete(clientId);
    if (posts.value.some((post) => post.clientId === clientId && post.state !== "failed")) {
      change(clientId, { state: "waiting" });
      overdue();
    }
  }

  function change(clientId: string, changes: Partial<Pick<Post<F>, "state" | "error">>): void {
    posts.value = posts.value.map((post) => (post.clientId === clientId ? { ...post, ...changes } : post));
  }

  function flush(): void {
    batch(() => {
      for (const post of posts.value) if (post.state !== "failed") attempt(post);
    });
  }

  function refuse(clientId: string, error: ErrorBody): void {
    stopTimer(clientId);
    const { retryAfterMs } = error;
    change(clientId, { state: retryAfterMs === undefined ? "failed" : "waiting", error });
    if (retryAfterMs !== undefined) {
      // Later posts wait too, so that the order stays.
      pausedUntil = Date.now() + retryAfterMs;
      clearTimeout(pause);
      pause = setTimeout(flush, retryAfterMs + 1);
    }
    for (const post of posts.value) if (post.clientId === clientId) keep(post);
  }

  function retry(clientId: string, completed?: F): void {
    posts.value = posts.value.map((post) =>
      post.clientId === clientId ? { ...withoutError(post), frame: completed ?? post.frame } : post,
    );
    for (const post of posts.value) {
      if (post.clientId !== clientId) continue;
      keep(post);
      attempt(post);
    }
  }

  function withoutError({ error: _, ...post }: Post<F>): Post<F> {
    return { ...post, state: "sending" };
  }

  function settle(clientId: string): Post<F> | undefined {
    stopTimer(clientId);
    const settled = posts.value.find((post) => post.clientId === clientId);
    if (settled === undefined) return undefined;
    posts.value = posts.value.filter((post) => post !== settled);
    try {
      storage.removeItem(prefix + clientId);
    } catch {
      // see keptKeys
    }
    return settled;
  }

  function stopTimer(clientId: string): void {
    clearTimeout(overdueTimers.get(clientId));
    overdueTimers.delete(clientId);
  }

  function suspend(): void {
    batch(() => {
      for (const { clientId, state } of posts.value) if (state === "sending") change(clientId, { state: "waiting" });
    });
  }

  /** Another tab typed, was acknowledged, or gave up. A page that clears its whole storage (no key) takes nothing from what is unsent. */
  function onStorage(event: Event): void {
    if (!("key" in event && typeof event.key === "string" && event.key.startsWith(prefix))) return;
    const here = new Map(posts.value.map((post) => [post.clientId, post]));
    // Another tab's that isn't complete is that tab's own affair.
    const kept = restore().flatMap((post) => here.get(post.clientId) ?? (lost(post.frame) === undefined ? post : []));
    posts.value = [...kept, ...posts.value.filter(({ clientId }) => unkept.has(clientId))];
  }

  events.addEventListener("storage", onStorage);
  return {
    posts,
    add,
    settle,
    refuse,
    retry,
    discard: settle,
    flush,
    suspend,
    close() {
      clearInterval(again);
      clearTimeout(pause);
      for (const timer of overdueTimers.values()) clearTimeout(timer);
      events.removeEventListener("storage", onStorage);
    },
  };
}
