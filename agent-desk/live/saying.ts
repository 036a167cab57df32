import type { FileBlock } from "../../src/protocol/blocks.ts";
import type { DeskFrame } from "../../src/protocol/desk.ts";
import type { ErrorBody } from "../../src/protocol/errors.ts";
import { textWithFiles } from "../../src/protocol/files.ts";

export type Spoken = Extract<DeskFrame, { type: "message" | "note" }>;

/** What is said, and what of its files the frame doesn't say. Optional: an outbox may hold what an earlier desk put there. */
export type Saying = Spoken & {
  /** Those that are uploaded are blocks. */
  attached?: readonly ({ name: string } | FileBlock)[];
  /** They are not all uploaded yet. */
  awaits?: true;
  /** See heldReplies. */
  heldUntil?: number | null;
};

/** What is told of a message whose page went before its files were uploaded. */
export const filesLost: ErrorBody = {
  code: "invalid_value",
  message: "Its files were not kept when the page was left; attach them again.",
};

export function textOf({ text, attached = [] }: Saying): string {
  return textWithFiles(text, attached);
}

export function blocksOf({ attached = [] }: Saying): FileBlock[] {
  return attached.filter((file) => "type" in file);
}
