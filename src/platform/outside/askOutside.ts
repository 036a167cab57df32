import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { Refusal } from "../../protocol/refusal.ts";
import { isAllowed, isOutside, notOutside, type OutsideRules, outsideAddress } from "./outsideAddress.ts";

export interface OutsideRequest {
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Asks an address somewhere else. Throws a `Refusal`: `invalid_value` for an address that may not be asked, `unavailable` where no whole answer came in time. */
export type AskOutside = (address: string, request: OutsideRequest) => Promise<Response>;

const bytesAtMost = 1024 * 1024;

/**
 * The door through which addresses are asked that others wrote: the name is resolved once, what it leads to is checked, and that is connected to,
 * so that a name can't lead elsewhere between the two; no redirect is followed; an answer has a deadline in whole and 1 MB at most.
 */
export function createAskOutside(rules: OutsideRules & { deadlineMs: number }): AskOutside {
  return async (address, { method, headers, body, signal }) => {
    const url = outsideAddress(address, rules);
    const deadline = AbortSignal.timeout(rules.deadlineMs);
    const send = url.protocol === "https:" ? secureRequest : plainRequest;
    return await new Promise<Response>((resolve, reject) => {
      const request = send(url, {
        method,
        headers: { ...headers, "accept-encoding": "identity" },
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
        // A connection that was kept open was checked for another address.
        agent: false,
        ...(isAllowed(url, rules) ? {} : { lookup: lookupOutside }),
      });
      request.once("response", (incoming) => readWhole(incoming).then(resolve, (error: unknown) => reject(refused(error))));
      request.once("error", (error) => reject(refused(error)));
      request.end(body);
    });
  };
}

/** As `dns.lookup`, refusing a name of which any address is not outside. */
function lookupOutside(
  hostname: string,
  options: LookupOptions,
  done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
): void {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, []);
    const [first] = found;
    if (first === undefined || found.some(({ address }) => !isOutside(address))) return done(notOutside(), []);
    if (options.all === true) done(null, found);
    else done(null, first.address, first.family);
  });
}

async function readWhole(incoming: IncomingMessage): Promise<Response> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming) {
    const buffer = Buffer.from(part);
    bytes += buffer.length;
    if (bytes > bytesAtMost) throw new Error("the answer is larger than 1 MB");
    parts.push(buffer);
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers.set(name, String(value));
  const status = incoming.statusCode ?? 502;
  const hasBody = status !== 204 && status !== 304;
  return new Response(hasBody ? Buffer.concat(parts) : null, { status, headers });
}

function refused(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal("unavailable", "There was no proper answer in time.", { cause: error });
}
