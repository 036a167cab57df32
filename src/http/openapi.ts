import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import type { Operation } from "./operation.ts";
import { refreshCookieName } from "./refreshCookie.ts";
import { errorAnswer } from "./schemas.ts";

/** The OpenAPI 3.1 document of the operations, from the schemas that check the requests. */
export function openApiDocument(operations: readonly Operation[], publicUrl: string): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Switchboard",
      version: "1",
      description: "JSON in UTF-8. Every error has the same shape. Sign in with `POST /api/v1/session`.",
    },
    servers: [{ url: publicUrl }],
    security: [{ accessToken: [] }, { apiKey: [] }],
    paths,
    components: {
      securitySchemes: {
        accessToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        apiKey: { type: "http", scheme: "bearer", description: "A key of `key.create`, for programs: it does what its scopes allow." },
        webhook: {
          type: "apiKey",
          in: "header",
          name: "webhook-signature",
          description: "Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`, over the body as it is.",
        },
        visitorToken: {
          type: "apiKey",
          in: "header",
          name: "Authorization",
          description: "A visitor's: `Visitor <public key of the inbox>:<token>`, with the token of the socket's `welcome`.",
        },
        refreshCookie: { type: "apiKey", in: "cookie", name: refreshCookieName(publicUrl) },
      },
    },
  });
}

const idempotencyKey = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .meta({ description: "The same key and request once more gets the first answer, and does nothing." });

function described(operation: Operation): ZodOpenApiOperationObject {
  const { id, tag, summary, security, needs, stepUp, params, query, body, reads, answers, method } = operation;
  const isWrite = method !== "get" && tag !== "Session" && tag !== "Channels";
  const content = Object.fromEntries((answers.mediaTypes ?? ["application/json"]).map((type) => [type, { schema: answers.schema }]));
  const answer = (description: string) => ({ description, content });
  return {
    operationId: id,
    tags: [tag],
    summary,
    security,
    "x-needs": needs,
    ...(stepUp === undefined ? {} : { "x-step-up": stepUp }),
    requestParams: {
      ...(hasFields(params) ? { path: params } : {}),
      ...(hasFields(query) ? { query } : {}),
      ...(isWrite ? { header: z.object({ "Idempotency-Key": idempotencyKey }) } : {}),
    },
    ...(body instanceof z.ZodUndefined
      ? {}
      : {
          requestBody: {
            required: operation.bodyDefault === undefined,
            content: reads?.content ?? { "application/json": { schema: body } },
          },
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers.statuses).map(([status, description]) => [status, status === "204" ? { description } : answer(description)]),
      ),
      default: { description: "An error.", content: { "application/json": { schema: answers.error ?? errorAnswer } } },
    },
  };
}

function hasFields(schema: z.ZodObject): boolean {
  return Object.keys(schema.shape).length > 0;
}
