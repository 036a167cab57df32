import { every } from "../../platform/clock/clock.ts";
import type { Platform } from "../../platform/platform.ts";
import { connectionWordEveryMs, presenceSubject, sayConnected, sayDisconnected } from "../../routing/presence.ts";

/** The accounts that have desk sockets with this gateway, and its word on them while it lives. */
export class DeskPresence {
  readonly #platform: Pick<Platform, "database" | "bus" | "clock" | "log">;
  readonly #gateway: string;
  readonly #sockets = new Map<string, { tenant: string; account: string; count: number }>();
  readonly #stop: () => void;

  constructor(platform: Pick<Platform, "database" | "bus" | "clock" | "log">, gateway: string) {
    this.#platform = platform;
    this.#gateway = gateway;
    this.#stop = every(
      platform.clock,
      connectionWordEveryMs,
      () => sayConnected(platform, gateway, [...this.#sockets.values()]),
      this.#failed,
    );
  }

  async joined(tenant: string, account: string): Promise<void> {
    const id = `${tenant}.${account}`;
    const entry = this.#sockets.get(id);
    this.#sockets.set(id, { tenant, account, count: (entry?.count ?? 0) + 1 });
    await sayConnected(this.#platform, this.#gateway, [{ tenant, account }]);
    this.#platform.bus.publish(presenceSubject(tenant), { account });
  }

  left(tenant: string, account: string): void {
    const id = `${tenant}.${account}`;
    const entry = this.#sockets.get(id);
    if (entry === undefined) return;
    if (entry.count > 1) {
      this.#sockets.set(id, { ...entry, count: entry.count - 1 });
      return;
    }
    this.#sockets.delete(id);
    sayDisconnected(this.#platform, this.#gateway, tenant, account).catch(this.#failed);
  }

  stop(): void {
    this.#stop();
  }

  readonly #failed = (error: unknown) =>
    this.#platform.log.warn({ error: error instanceof Error ? error.message : "unknown" }, "could not say who is connected");
}
