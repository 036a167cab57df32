import { z } from "zod";
import type { CardButton } from "../../src/channels/drawing.ts";
import { most } from "./limits.ts";
import { literal } from "./literal.ts";

/** What a button brings back, and nothing else. It proves nothing: the house looks whether whoever pressed may. */
const pressing = z.strictObject({
  card: z.string().min(1).max(100),
  verb: z.string().regex(/^[A-Za-z]{1,50}$/),
  value: z.string().max(200).exactOptional(),
});

export type Pressing = z.output<typeof pressing>;

export type Action = {
  title: string;
  style?: "positive" | "destructive";
  mode?: "secondary";
} & (
  | { type: "Action.Execute"; verb: string; data: Pressing }
  /** Teams opens a dialog for these two alone. */
  | { type: "Action.Submit"; data: Pressing & { msteams: { type: "task/fetch" } } }
  | { type: "Action.Submit"; data: { card?: string; opened?: Pressing } }
  | { type: "Action.OpenUrl"; url: string }
);

const styles = { primary: "positive", danger: "destructive" } as const;

export function actionOf(card: string, { verb, label, style, value, opens }: CardButton): Action {
  const data: Pressing = { card, verb, ...(value === undefined ? {} : { value }) };
  const look = { title: literal(label, most.label), ...(style === undefined ? {} : { style: styles[style] }) };
  return opens
    ? { type: "Action.Submit", ...look, data: { ...data, msteams: { type: "task/fetch" } } }
    : { type: "Action.Execute", ...look, verb, data };
}

/** Undefined for what no button of ours has said. */
export function readPressing(data: unknown): Pressing | undefined {
  const { success, data: read } = pressing.safeParse(data);
  return success ? read : undefined;
}
