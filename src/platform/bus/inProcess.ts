import { type Clock, systemClock } from "../clock/clock.ts";
import type { Bus, Json, ServiceDefinition } from "./bus.ts";
import { away, failed, largestAnswer, timedOut, unreachable } from "./busRefusals.ts";
import { createOwnEars } from "./ownEars.ts";

interface Service {
  id: string;
  definition: ServiceDefinition;
  running: Set<Promise<unknown>>;
}

/** The bus of a single process: the words of NATS, without it. `trouble` hears what subscribers throw. */
export function createInProcessBus({
  clock = systemClock,
  trouble = () => {},
}: {
  clock?: Pick<Clock, "after">;
  trouble?: (error: unknown) => void;
} = {}): Bus {
  const ears = createOwnEars(trouble);
  const services = new Map<string, Service[]>();
  let closed = false;

  return {
    publish: (subject, data) => {
      if (!closed) ears.tell(subject, data);
    },
    subscribe: (subject, hear, options) => ears.add(subject, hear, options?.queueGroup),
    request: (subject, data, { timeoutMs, maxBytes = largestAnswer }) => {
      if (closed) return Promise.reject(unreachable());
      const list = services.get(subject) ?? [];
      const [service] = list;
      if (service === undefined) return Promise.reject(away());
      turnRound(list);
      const answer = run(service.definition, data, maxBytes);
      service.running.add(answer);
      return new Promise((resolve, reject) => {
        const cancel = clock.after(timeoutMs, () => reject(timedOut()));
        const ended = () => {
          cancel();
          service.running.delete(answer);
        };
        answer.then(resolve, reject).then(ended);
      });
    },
    serve: async (definition) => {
      const service: Service = { id: crypto.randomUUID(), definition, running: new Set() };
      services.set(definition.subject, [...(services.get(definition.subject) ?? []), service]);
      return async () => {
        services.set(
          definition.subject,
          (services.get(definition.subject) ?? []).filter((other) => other !== service),
        );
        await Promise.allSettled(service.running);
      };
    },
    discover: async () =>
      [...services.values()].flat().map(({ id, definition: { name, version, metadata, subject, queueGroup } }) => ({
        name,
        id,
        version,
        metadata,
        endpoints: [{ subject, queueGroup }],
      })),
    get healthy() {
      return !closed;
    },
    onGap: () => () => {},
    close: async () => {
      closed = true;
      ears.flush();
    },
  };
}

/** What the service throws stays with it, and its answer must be one that could go over a wire. */
async function run({ handle }: ServiceDefinition, data: Json, maxBytes: number): Promise<Json> {
  try {
    const answer = await handle(data);
    if (isTooLong(JSON.stringify(answer), maxBytes)) throw new Error("the answer is too long");
    return answer;
  } catch (error) {
    throw failed(error);
  }
}

function isTooLong(text: string | undefined, maxBytes: number): boolean {
  if (text === undefined) throw new Error("the answer is no JSON");
  // A character takes 1 to 3 bytes.
  return text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes;
}

function turnRound(list: Service[]): void {
  const first = list.shift();
  if (first !== undefined) list.push(first);
}
