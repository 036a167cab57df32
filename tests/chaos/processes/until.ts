/** Waits for a condition, looking every 20 ms; what it throws counts as not yet. Throws after `withinMs`. */
export async function until(what: string, withinMs: number, condition: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await soon(withinMs, condition))) throw new Error(`after ${withinMs} ms still not: ${what}`);
}

/** The same, and says whether it came true. */
export async function soon(withinMs: number, condition: () => boolean | Promise<boolean>, everyMs = 20): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if (
      await Promise.resolve()
        .then(condition)
        .catch(() => false)
    )
      return true;
    if (performance.now() > deadline) return false;
    await pause(everyMs);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
