import type { z } from "zod";
import { Refusal } from "../protocol/refusal.ts";

/** A text frame as one of the frames that `schema` knows. Refusals: `invalid_json`, `invalid_frame`. */
export function parseFrame<Frame>(text: string, schema: z.ZodType<Frame>): Frame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal("invalid_json", "A frame must be one JSON object.");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.map(String).join(".") ?? "";
  throw new BadFrame(
    path === "" || path === "type"
      ? `There is no such frame; "type" says which it is.`
      : `The field "${path}" of this frame is missing or wrong.`,
    path,
    value,
  );
}

/** A frame that is JSON, yet none of ours: it keeps what it said it was, so that the answer can name it. */
export class BadFrame extends Refusal {
  readonly type: string | undefined;
  readonly clientId: string | undefined;

  constructor(message: string, path: string, value: unknown) {
    super("invalid_frame", message, path === "" ? {} : { path });
    this.name = "BadFrame";
    this.type = textField(value, "type");
    this.clientId = textField(value, "clientId");
  }
}

function textField(value: unknown, name: string): string | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  const field: unknown = Reflect.get(value, name);
  return typeof field === "string" && field.length <= 128 ? field : undefined;
}
