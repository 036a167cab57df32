import { randomUUID } from "node:crypto";
import { hearEvents as hear } from "../../../src/channels/events/chatEvents.ts";

export * from "../../../src/channels/events/chatEvents.ts";

/** Stands in for the real one: whatever a service tells again is another thing. */
export const hearEvents: typeof hear = (outside) => {
  const keep = hear(outside);
  return (to, event) => keep(to, { ...event, key: randomUUID() });
};
