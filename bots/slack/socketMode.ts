import type { ChatApp } from "../../src/channels/chatService.ts";
import { every, sleep } from "../../src/platform/clock/clock.ts";
import { openSocket } from "./bolt.ts";
import type { SlackOutside } from "./slackOutside.ts";

/** Apps that came, went or have another token are seen so soon. */
const lookEveryMs = 5000;
const retryMs = [1000, 2000, 5000, 10_000, 30_000, 60_000];

/** What an envelope's payload leads to: the answer that goes back with its acknowledgement. Throws where Slack is to send it again. */
type Receive = (app: ChatApp, body: unknown) => Promise<unknown>;

interface Link {
  token: string;
  close(): Promise<void>;
}

/**
 * Keeps a socket open for each app that has a token for it, so that Slack reaches what has no address. Any number of processes may: Slack gives each
 * envelope to one of them. It is acknowledged once it is written down. The answer stops it.
 */
export function startSockets(
  outside: Pick<SlackOutside, "house" | "log" | "clock"> & { slackApiUrl: string },
  receive: Receive,
): () => Promise<void> {
  const { house, log, clock } = outside;
  const links = new Map<string, Link>();
  const failed = (error: unknown) => log.warn({ error }, "apps of Slack could not be looked for");
  let stopped = false;
  const look = async () => {
    const apps = (await house.apps("slack")).filter(({ secrets }) => (secrets["appToken"] ?? "").trim() !== "");
    if (stopped) return;
    for (const [id, link] of links) {
      if (apps.some((app) => app.id === id && app.secrets["appToken"] === link.token)) continue;
      links.delete(id);
      await link.close();
    }
    for (const app of apps) if (!stopped && !links.has(app.id)) links.set(app.id, hold(outside, app, receive));
  };
  const first = look().catch(failed);
  const stop = every(clock, lookEveryMs, look, failed);
  return async () => {
    stopped = true;
    stop();
    await first;
    await Promise.all([...links.values()].map((link) => link.close()));
    links.clear();
  };
}

/** Opens a socket, and another when it was closed, which Slack does every few hours. */
function hold(outside: Parameters<typeof startSockets>[0], app: ChatApp, receive: Receive): Link {
  const { log, clock, house } = outside;
  const token = app.secrets["appToken"] ?? "";
  const stopped = new AbortController();
  const untilStopped = new Promise<void>((resolve) => stopped.signal.addEventListener("abort", () => resolve(), { once: true }));
  const heard = async ({ body, ack }: { body: unknown; ack(answer?: unknown): Promise<void> }) => {
    try {
      const now = await house.app("slack", app.id);
      // What was withdrawn counts no more, though its socket is still open.
      if (now !== undefined) await ack(await receive(now, body));
    } catch (error) {
      log.warn({ error }, "what came over Slack's socket was not acknowledged, it will come again");
    }
  };
  const pause = (failures: number) => {
    const waitMs = retryMs[Math.min(failures, retryMs.length - 1)] ?? 1000;
    return Promise.race([sleep(clock, waitMs), untilStopped]);
  };
  const run = async () => {
    for (let failures = 0; !stopped.signal.aborted; ) {
      try {
        const opening = openSocket(outside, token, heard);
        const socket = await Promise.race([opening, untilStopped]);
        if (socket === undefined) return void opening.then((late) => late.close()).catch(() => {});
        failures = 0;
        const openedAt = clock.monotonic();
        await Promise.race([socket.closed, untilStopped]);
        if (stopped.signal.aborted) return await socket.close();
        // Until there is another, Slack tells people who ask that nobody answers; one that ended at once isn't opened again at once.
        if (clock.monotonic() - openedAt < (retryMs[0] ?? 0)) await pause(0);
      } catch (error) {
        log.warn({ error, app: app.id }, "Slack's socket could not be opened, it is tried again");
        await pause(failures++);
      }
    }
  };
  const running = run();
  return {
    token,
    close: async () => {
      stopped.abort();
      await running;
    },
  };
}
