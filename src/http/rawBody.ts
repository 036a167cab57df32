import express from "express";
import { Refusal } from "../protocol/refusal.ts";
import type { BodyReader } from "./operation.ts";

/** Reads a body as the bytes that it is. Refusals: `unsupported_media_type`, `payload_too_large`, `invalid_value` for none. */
export function rawBody({ mediaType, mostBytes }: { mediaType: string; mostBytes: number }): BodyReader {
  const parse = express.raw({ limit: mostBytes, type: () => true });
  return {
    content: { [mediaType]: { schema: { type: "string", format: "binary" } } },
    read: async (request, response) => {
      if (request.is(mediaType) === false) {
        throw new Refusal("unsupported_media_type", `The body must be of another kind: Content-Type: ${mediaType}.`);
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
