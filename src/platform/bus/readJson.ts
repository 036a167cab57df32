import { z } from "zod";
import type { Json } from "./bus.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const jsonSchema: z.ZodType<Json> = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.custom<object>((value) => typeof value === "object"),
]);

/** Throws where the bytes are no UTF-8 or no JSON. */
export function readJson(data: Uint8Array): Json {
  return jsonSchema.parse(JSON.parse(utf8.decode(data)));
}
