import { signal } from "@preact/signals";

/** Counts the parts that came later: whoever keeps its place in the talk reads it. */
export const arrivals = signal(0);

/** A part of the chat that is fetched when it is first asked for: undefined until it is there, "failed" where it didn't come. */
export function lazily<Part extends object>(load: () => Promise<Part>): () => Part | "failed" | undefined {
  const part = signal<Part | "failed">();
  let asked = false;

  async function ask(): Promise<void> {
    asked = true;
    part.value = await load().catch(() => "failed" as const);
    arrivals.value++;
  }

  return () => {
    if (!asked) void ask();
    return part.value;
  };
}
