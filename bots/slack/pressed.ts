import type { Button } from "@slack/types";
import { z } from "zod";
import type { CardButton } from "../../src/channels/drawing.ts";
import { plainText } from "./escape.ts";
import { most } from "./limits.ts";

/** What a button brings back. It proves nothing: the house looks whether whoever pressed may. */
const pressing = z.strictObject({
  card: z.string().min(1).max(100),
  verb: z.string().regex(/^[A-Za-z]{1,50}$/),
  value: z.string().max(200).exactOptional(),
  opens: z.literal(true).exactOptional(),
});

export type Pressing = z.output<typeof pressing>;

/** A button of a card; `number` tells it from all others of its message. */
export function buttonOf(card: string, { verb, label, style, value, opens }: CardButton, number: number): Button {
  const brought: Pressing = { card, verb, ...(value === undefined ? {} : { value }), ...(opens === undefined ? {} : { opens }) };
  return {
    type: "button",
    action_id: `press:${number}:${verb}`,
    text: plainText(label, most.label),
    value: JSON.stringify(brought),
    ...(style === undefined ? {} : { style }),
  };
}

/** Undefined for what no button of ours has said. */
export function readPressing(actionId: string, value: string | undefined): Pressing | undefined {
  if (!actionId.startsWith("press:") || value === undefined || value.length > most.buttonValue) return undefined;
  try {
    const parsed = pressing.safeParse(JSON.parse(value));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
