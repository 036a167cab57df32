import type { VisitorPrincipal } from "../../access/principal.ts";
import { publishConversationEvent } from "../../conversations/events.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";

/** Which visitors have sockets with this process. */
export class ConnectedVisitors {
  readonly #bus: Pick<Platform, "bus">;
  readonly #most: number;
  readonly #sockets = new Map<string, number>();

  constructor(bus: Pick<Platform, "bus">, most: number) {
    this.#bus = bus;
    this.#most = most;
  }

  has(conversation: string): boolean {
    return this.#sockets.has(conversation);
  }

  /** Refusal `rate_limited`: this visitor has enough tabs open. */
  joined(visitor: VisitorPrincipal): void {
    const count = this.#sockets.get(visitor.conversation) ?? 0;
    if (count >= this.#most)
      throw new Refusal("rate_limited", `This chat is open in ${count} places already; close one of them.`, { retryAfterMs: 10_000 });
    this.#sockets.set(visitor.conversation, count + 1);
    if (count === 0) this.#tell(visitor, true);
  }

  left(visitor: VisitorPrincipal): void {
    const count = this.#sockets.get(visitor.conversation) ?? 0;
    if (count > 1) {
      this.#sockets.set(visitor.conversation, count - 1);
      return;
    }
    this.#sockets.delete(visitor.conversation);
    this.#tell(visitor, false);
  }

  #tell(visitor: VisitorPrincipal, connected: boolean): void {
    publishConversationEvent(this.#bus, visitor.tenant, { kind: "visitorConnected", conversation: visitor.conversation, connected });
  }
}
