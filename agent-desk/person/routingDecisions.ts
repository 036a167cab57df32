/** An offer as the data of `conversation.why` tells it. */
export interface OfferDecision {
  at: string;
  to: string;
  kind: string;
  because: string;
  outcome: string;
  sender: string;
  others: string[];
}

export interface WaitingNow {
  team: string;
  position: number;
  offeredTo: string;
  eligible: string[];
  others: string[];
}

/** The `assignments` of `conversation.why`, newest first. It comes from a command, so its shape is read, not believed. */
export function offerDecisions(data: unknown): OfferDecision[] {
  const list = fieldOf(data, "assignments");
  if (!Array.isArray(list)) return [];
  return list
    .map((entry: unknown) => ({
      at: textOf(entry, "at"),
      to: textOf(entry, "agent"),
      kind: textOf(entry, "kind"),
      because: textOf(entry, "because"),
      outcome: textOf(entry, "outcome"),
      sender: textOf(entry, "sender"),
      others: excludedOf(entry),
    }))
    .reverse();
}

/** Where it stands and who could take it now; null where it doesn't wait. */
export function waitingNow(data: unknown): WaitingNow | null {
  const waiting = fieldOf(data, "waiting");
  if (typeof waiting !== "object" || waiting === null) return null;
  const position = fieldOf(waiting, "position");
  const eligible = fieldOf(waiting, "eligible");
  return {
    team: textOf(waiting, "team"),
    position: typeof position === "number" ? position : 0,
    offeredTo: textOf(waiting, "offeredTo"),
    eligible: Array.isArray(eligible) ? eligible.map((entry: unknown) => textOf(entry, "name")).filter((name) => name !== "") : [],
    others: excludedOf(waiting),
  };
}

/** Like `Mia: is away`, one for each rule. */
function excludedOf(entry: unknown): string[] {
  const excluded = fieldOf(entry, "excluded");
  if (!Array.isArray(excluded)) return [];
  return excluded.map((rule: unknown) => {
    const agents = fieldOf(rule, "agents");
    return `${Array.isArray(agents) ? agents.join(", ") : ""}: ${textOf(rule, "says")}`;
  });
}

function textOf(entry: unknown, name: string): string {
  const value = fieldOf(entry, name);
  return typeof value === "string" ? value : "";
}

function fieldOf(entry: unknown, name: string): unknown {
  return typeof entry === "object" && entry !== null ? Reflect.get(entry, name) : undefined;
}
