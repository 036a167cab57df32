import { accessSubjects } from "../access/accessChanges.ts";
import { findClosedTenants } from "../access/tenants/tenants.ts";
import { every } from "../platform/clock/clock.ts";
import type { Platform } from "../platform/platform.ts";
import { type Language, pickLanguage } from "../protocol/languages.ts";
import { Refusal } from "../protocol/refusal.ts";

/** Where nobody tells of a change. The sessions of agents are looked at as often. */
const lookEveryMs = 800;

/** Knows which tenants are closed: at once by the bus, and without it within seconds. */
export class ClosedTenants {
  readonly #outside: Pick<Platform, "database" | "log">;
  readonly #open: () => ReadonlySet<string>;
  readonly #closed: (tenants: ReadonlySet<string>) => void;
  readonly #endings: (() => void)[];
  #known: ReadonlySet<string> = new Set();

  /** `open` are the tenants of whom there are visitors here; `closed` is called with those that are closed, whenever it was looked. */
  constructor(
    outside: Pick<Platform, "database" | "bus" | "clock" | "log">,
    open: () => ReadonlySet<string>,
    closed: (tenants: ReadonlySet<string>) => void,
  ) {
    this.#outside = outside;
    this.#open = open;
    this.#closed = closed;
    const failed = (error: unknown) => outside.log.warn({ error }, "it could not be looked which tenants are closed, it is tried again");
    this.#endings = [
      outside.bus.subscribe(accessSubjects, () => void this.#look().catch(failed)),
      every(outside.clock, lookEveryMs, () => this.#look(), failed),
    ];
  }

  has(tenant: string): boolean {
    return this.#known.has(tenant);
  }

  stop(): void {
    for (const end of this.#endings) end();
  }

  async #look(): Promise<void> {
    this.#known = await findClosedTenants(this.#outside, this.#open());
    if (this.#known.size > 0) this.#closed(this.#known);
  }
}

/** Not `unauthenticated`: the page's token stays good for the day on which the tenant is opened again. */
export function chatClosed(languages: readonly string[]): Refusal {
  return new Refusal("forbidden", sentences[pickLanguage(languages)], { retryAfterMs: 60_000 });
}

const sentences: Record<Language, string> = {
  en: "This chat is closed at the moment. What you wrote is kept; please come back later.",
  "pt-BR": "Este chat está fechado no momento. O que você escreveu foi guardado; volte mais tarde.",
  es: "Este chat está cerrado por el momento. Lo que escribió se conserva; vuelva más tarde.",
  fr: "Ce chat est fermé pour le moment. Ce que vous avez écrit est conservé ; revenez plus tard.",
  de: "Dieser Chat ist im Moment geschlossen. Was Sie geschrieben haben, bleibt erhalten; bitte kommen Sie später wieder.",
};
