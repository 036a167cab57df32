import { fork } from "node:child_process";
import { z } from "zod";
import { askChild, endChild } from "./child.ts";

/** A process of the bench's own: this same bundle, told which part it plays. */
export interface Part {
  pid: number;
  ask<Answer>(question: object, answer: z.ZodType<Answer>): Promise<Answer>;
  end(): Promise<void>;
}

/** No question takes longer: ten thousand sockets are opened in half of it. */
const answerWithinMs = 90_000;

export type PartName =
  | "echo"
  | "bare"
  | "visitors"
  | "ledger"
  | "audience"
  | "assigner"
  | "asker"
  | "executor"
  | "exporter"
  | "chatService"
  | "chatLibrary";

/** Starts a part, `nodeArguments` before its own. */
export function startPart(name: PartName, nodeArguments: readonly string[] = []): Part {
  const child = fork(import.meta.filename, ["--part", name], { execArgv: ["--enable-source-maps", ...nodeArguments] });
  return {
    pid: child.pid ?? 0,
    ask: async (question, answer) => {
      const said = await askChild(child, question, z.union([z.object({ failed: z.string() }), z.object({ answer })]), answerWithinMs);
      if ("failed" in said) throw new Error(`${name}: ${said.failed}`);
      return said.answer;
    },
    end: () => endChild(child),
  };
}

/** The other side of `startPart`: answers each question, and ends with whoever asks. */
export function servePart<Question>(question: z.ZodType<Question>, answer: (question: Question) => Promise<object>): void {
  process.on("message", (message) => {
    const said = Promise.resolve()
      .then(() => answer(question.parse(message)))
      .then(
        (given) => ({ answer: given }),
        (error: unknown) => ({ failed: error instanceof Error ? error.message : String(error) }),
      );
    void said.then((words) => process.send?.(words));
  });
  process.on("disconnect", () => process.exit());
}
