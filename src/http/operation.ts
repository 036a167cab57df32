import { parseCookie } from "cookie";
import type { Request, Response } from "express";
import { z } from "zod";
import type { ZodOpenApiContentObject } from "zod-openapi";
import { inShape } from "../protocol/inShape.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Caller } from "./callers.ts";
import { readJsonBody, refuseUnstorable } from "./jsonBody.ts";
import { requestIdOf } from "./requestId.ts";

/** What an operation answers. */
export interface Answer<Body> {
  status: number;
  body?: Body;
  /** Instead of a body: what is sent piece by piece, with the media type in `headers`. */
  content?: AsyncIterable<string | Uint8Array>;
  headers?: Record<string, string | string[]>;
}

/** What an operation gets, checked. */
export interface Given<Who, Params, Query, Body> {
  caller: Who;
  params: Params;
  query: Query;
  body: Body;
  requestId: string;
  /** Of the peer, or as a trusted proxy names it. */
  address: string;
  userAgent: string;
  cookies: Readonly<Record<string, string | undefined>>;
  /** Of a write, where the caller sent one. */
  idempotencyKey: string | undefined;
  header(name: string): string | undefined;
  /** Aborted when the caller went away. */
  gone(): AbortSignal;
  response: Pick<Response, "append">;
}

export interface BodyReader {
  /** What `body` then checks. Called once the caller is known. */
  read(request: Request, response: Response): Promise<unknown>;
  /** The media types that it takes, as the document describes them. */
  content: ZodOpenApiContentObject;
}

interface Definition<Who, Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType, Result> {
  method: "get" | "post" | "patch" | "delete";
  /** As OpenAPI writes it: `/api/v1/runs/{id}`. */
  path: string;
  id: string;
  tag: string;
  summary: string;
  caller: Caller<Who>;
  /** Whether a session that was left open is not enough: its action asks it (`access/factors/stepUp.ts`). */
  stepUp?: true;
  params: Params;
  query: Query;
  /** `noBody` where none is read. */
  body: Body;
  /** What a request without a body means; without this it is refused. */
  bodyDefault?: unknown;
  /** How the body is read, where it isn't JSON. */
  reads?: BodyReader;
  /** The statuses of success, and the schema of their body; `noBody` with 204. */
  answers: {
    statuses: Partial<Record<200 | 201 | 202 | 204, string>>;
    schema: z.ZodType;
    /** Where it isn't JSON. */
    mediaTypes?: readonly string[];
    /** Of an error, where it says more than others do. */
    error?: z.ZodType;
  };
  handle(given: Given<Who, z.output<Params>, z.output<Query>, z.output<Body>>): Promise<Answer<Result>>;
}

/** One route and its entry in the document, from the same schemas. */
export interface Operation extends Omit<Definition<unknown, z.ZodObject, z.ZodObject, z.ZodType, unknown>, "handle" | "caller"> {
  security: Caller<unknown>["security"];
  needs: Caller<unknown>["needs"];
  answer(request: Request, response: Response): Promise<Answer<unknown>>;
}

export const nothing = z.strictObject({});
export const noBody = z.undefined();

/** Declares an operation: who may call it, what it takes, what it answers. The order of checks: the caller, the body, its values. */
export function operation<Who, Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType, Result>(
  definition: Definition<Who, Params, Query, Body, Result>,
): Operation {
  const { caller, handle, ...described } = definition;
  const takesBody = !(definition.body instanceof z.ZodUndefined);
  return {
    ...described,
    security: caller.security,
    needs: caller.needs,
    answer: async (request, response) => {
      const who = await caller.find(request, response);
      return await handle({
        caller: who,
        params: inShape(definition.params, storable(request.params)),
        query: inShape(definition.query, storable(request.query)),
        body: inShape(definition.body, takesBody ? await readBody(definition, request, response) : undefined),
        header: (name) => request.get(name),
        gone: () => goneSignal(response),
        requestId: requestIdOf(response),
        address: request.ip ?? "",
        userAgent: request.get("user-agent") ?? "",
        cookies: parseCookie(request.get("cookie") ?? ""),
        idempotencyKey: idempotencyKeyOf(request),
        response,
      });
    },
  };
}

function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  const leave = () => {
    if (!response.writableFinished) gone.abort();
  };
  if (response.closed) leave();
  else response.once("close", leave);
  return gone.signal;
}

function readBody(
  { reads, bodyDefault }: { reads?: BodyReader; bodyDefault?: unknown },
  request: Request,
  response: Response,
): Promise<unknown> {
  return reads === undefined ? readJsonBody(request, response, bodyDefault) : reads.read(request, response);
}

/** What an address brings, by which rows are looked for. */
function storable<Values extends object>(values: Values): Values {
  for (const [name, value] of Object.entries(values)) if (typeof value === "string") refuseUnstorable(value, name.slice(0, 60));
  return values;
}

function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.get("idempotency-key");
  if (key === undefined) return undefined;
  if (key.startsWith("step:"))
    throw new Refusal("invalid_value", 'Keys that begin with "step:" are those of what steps start.', { path: "Idempotency-Key" });
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new Refusal("invalid_value", "Idempotency-Key must be 1 to 200 visible ASCII characters.", { path: "Idempotency-Key" });
}
