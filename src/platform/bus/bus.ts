/**
 * What the bus carries: whatever `JSON.stringify` writes and reads back (interfaces can't be told from it by the compiler).
 * In the process it goes by reference, so nobody changes what was published; whoever receives it checks its shape.
 */
export type Json = string | number | boolean | null | object;

export interface Received {
  subject: string;
  data: Json;
}

/** A micro service as `protocol.md` describes automations: found by name, its metadata are texts. */
export interface ServiceInfo {
  name: string;
  /** The instance. */
  id: string;
  version: string;
  metadata: Record<string, string>;
  endpoints: { subject: string; queueGroup: string }[];
}

export interface ServiceDefinition {
  name: string;
  version: string;
  description: string;
  metadata: Record<string, string>;
  subject: string;
  queueGroup: string;
  handle(request: Json): Promise<Json>;
}

/**
 * Tells many that something happened, and asks one. It only hurries: nothing is lost when it loses everything.
 * Subjects are dotted words; `*` stands for one word and `>` for the rest.
 */
export interface Bus {
  /** Never throws and never waits: what can't be sent now may be lost. */
  publish(subject: string, data: Json): void;
  /**
   * Every subscriber hears it; of those with the same `queueGroup`, one, from a moment after it came (the server hears of the group on a way of
   * its own). The answer ends the subscription.
   */
  subscribe(subject: string, hear: (received: Received) => void, options?: { queueGroup?: string }): () => void;
  /**
   * Asks one of those who answer. Refusals: `automation_away` when nobody does, `automation_timeout` after `timeoutMs`, `automation_failed` when
   * the answer is an error, no JSON or longer than `maxBytes` (1 MiB), `unavailable` when the bus broke: ask again with the same key.
   */
  request(subject: string, data: Json, options: { timeoutMs: number; maxBytes?: number }): Promise<Json>;
  /** Offers a micro service; the answer withdraws it, finishing what runs. */
  serve(service: ServiceDefinition): Promise<() => Promise<void>>;
  /** The micro services that answer within `waitMs`. */
  discover(waitMs: number): Promise<ServiceInfo[]>;
  /** Whether what is published now is likely to arrive, for readiness and for how often the ledger is looked at. */
  readonly healthy: boolean;
  /** Called whenever something may have been missed (a reconnect, a slow consumer): read the ledger again. */
  onGap(heard: () => void): () => void;
  /** Sends what is still to be sent, then closes. */
  close(): Promise<void>;
}
