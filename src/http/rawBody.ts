import express from "express";
import { Refusal } from "../protocol/refusal.ts";
import type { BodyReader } from "./operation.ts";

/** Reads a body as the bytes that it is. Refusals: `unsupported_media_type`, `payload_too_large`, `invalid_value` for none. */
export function rawBody({ mediaTypes, mostBytes }: { mediaTypes: readonly string[]; mostBytes: number }): BodyReader {
  const parse = express.raw({ limit: mostBytes, type: () => true });
  return {
    content: Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: { type: "string", format: "binary" } }])),
    read: async (request, response) => {
      if (request.is([...mediaTypes]) === false) {
        throw new Refusal("unsupported_media_type", `The body must be of another kind: Content-Type: ${mediaTypes.join(" or ")}.`);
      }
      await new Promise<void>((resolve, reject) => {
        parse(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
      });
      const body: unknown = request.body;
      if (!Buffer.isBuffer(body) || body.length === 0) throw new Refusal("invalid_value", "The body is empty.");
      return body;
    },
  };
}
