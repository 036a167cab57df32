import { connect } from "nats";
import { pause } from "../processes/until.ts";

export interface SlowAutomation {
  name: string;
  /** How often each run was asked for. */
  runs: Map<string, number>;
  underWay(): number;
  stop(): Promise<void>;
}

/** An automation that changes something and takes its time: it knows only the contract of automations over NATS. */
export async function serveSlowly(port: number, takesMs: number): Promise<SlowAutomation> {
  const name = "slowly";
  const runs = new Map<string, number>();
  let underWay = 0;
  const connection = await connect({ servers: `127.0.0.1:${port}`, name });
  const service = await connection.services.add({
    name,
    version: "1.0.0",
    queue: "automations",
    metadata: {
      summary: "Does a job that takes its time.",
      risk: "write",
      audience: "visitor",
      args: JSON.stringify({ type: "object", properties: { job: { type: "string" } } }),
    },
  });
  service.addEndpoint(name, {
    subject: `automation.${name}`,
    handler: async (_error, message) => {
      const request: unknown = message.json();
      const run = typeof request === "object" && request !== null && "run" in request ? String(request.run) : "";
      runs.set(run, (runs.get(run) ?? 0) + 1);
      underWay++;
      await pause(takesMs);
      underWay--;
      message.respond(JSON.stringify({ messages: [{ text: `done: ${run}` }] }));
    },
  });
  return { name, runs, underWay: () => underWay, stop: () => connection.close() };
}
