import { type NatsConnection, RequestStrategy, type ServiceMsg } from "nats";
import { z } from "zod";
import type { Json, ServiceDefinition, ServiceInfo } from "./bus.ts";
import { failed } from "./busRefusals.ts";
import { readJson } from "./readJson.ts";

/** Offers the service as NATS' micro framework has it, so that `nats micro` lists it. The answer withdraws it and waits for what runs. */
export async function offerService(connection: NatsConnection, definition: ServiceDefinition): Promise<() => Promise<void>> {
  const { name, version, description, metadata, subject, queueGroup } = definition;
  const running = new Set<Promise<void>>();
  const service = await connection.services.add({ name, version, description, metadata, queue: queueGroup });
  service.addEndpoint("run", {
    subject,
    handler: (error, message) => {
      if (error !== null) return;
      const answered = answer(definition, message).finally(() => running.delete(answered));
      running.add(answered);
    },
  });
  // Who asks for services right after this finds it.
  await connection.flush();
  return async () => {
    await service.stop();
    await Promise.all(running);
  };
}

async function answer(definition: ServiceDefinition, message: ServiceMsg): Promise<void> {
  try {
    const text: string | undefined = JSON.stringify(await definition.handle(readJson(message.data)));
    if (text === undefined) throw new Error("the answer is no JSON");
    message.respond(text);
  } catch (error) {
    // Also where the answer is longer than the server lets through.
    respondError(message, error instanceof Error ? error.message : String(error));
  }
}

const noAnswer = JSON.stringify({ error: { code: "automation_failed", message: failed("").message } });

function respondError(message: ServiceMsg, reason: string): void {
  try {
    // Whoever reads only the body, as the contract has it, finds the error there too.
    message.respondError(500, reason.replaceAll(/[^\x20-\x7e]/g, " ").slice(0, 200), new TextEncoder().encode(noAnswer));
  } catch {
    // the connection is closed: the asker hears nothing, and its time runs out
  }
}

const infoSchema = z.object({
  name: z.string(),
  id: z.string(),
  version: z.string(),
  metadata: z.record(z.string(), z.string()).nullish(),
  endpoints: z.array(z.object({ subject: z.string(), queue_group: z.string().nullish() })).nullish(),
});

/** Everyone who answers `$SRV.INFO` in time; an answer that is none is passed over. */
export async function discoverServices(connection: NatsConnection, waitMs: number): Promise<ServiceInfo[]> {
  const found: ServiceInfo[] = [];
  try {
    for await (const message of await connection.requestMany("$SRV.INFO", "", { strategy: RequestStrategy.Timer, maxWait: waitMs })) {
      const info = infoSchema.safeParse(tolerantJson(message.data));
      if (info.success) found.push(serviceInfo(info.data));
    }
  } catch {
    // nobody answers, or the connection broke: what was found so far is what there is
  }
  return found;
}

function serviceInfo({ name, id, version, metadata, endpoints }: z.infer<typeof infoSchema>): ServiceInfo {
  const list = (endpoints ?? []).map(({ subject, queue_group }) => ({ subject, queueGroup: queue_group ?? "q" }));
  return { name, id, version, metadata: metadata ?? {}, endpoints: list };
}

function tolerantJson(data: Uint8Array): Json | undefined {
  try {
    return readJson(data);
  } catch {
    return undefined;
  }
}
