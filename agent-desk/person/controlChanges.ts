export interface ControlChange {
  at: string;
  from: string;
  to: string;
  by: string;
  reason: string;
}

const names: Record<string, string> = { bot: "Assistant", queue: "Queue", agent: "Agent" };

/** The `data` of `conversation.why`, newest first. It comes from a command, so its shape is read, not believed. */
export function controlChanges(data: unknown): ControlChange[] {
  if (typeof data !== "object" || data === null || !("changes" in data) || !Array.isArray(data.changes)) return [];
  // Of two in the same instant the one that was told later is the newer.
  return data.changes
    .map(changeOf)
    .reverse()
    .sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
}

function changeOf(change: unknown): ControlChange {
  const field = (name: string) => {
    const value: unknown = typeof change === "object" && change !== null ? Reflect.get(change, name) : undefined;
    return typeof value === "string" ? value : "";
  };
  const to = field("to");
  return { at: field("at"), from: field("from"), to: names[to] ?? to, by: field("by"), reason: field("reason") };
}
