/**
 * Calls `begin` at a steady pace until `seconds` are over, with the number of the call and when it should have been: what this process or the
 * other side delays is part of what is measured (coordinated omission). Resolves after the last call with how many there were.
 */
export async function openLoop(
  { seconds, perSecond }: { seconds: number; perSecond: number },
  begin: (number: number, dueAt: number) => void,
): Promise<number> {
  const begun = performance.now();
  const total = Math.floor(seconds * perSecond);
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) * perSecond) / 1000) + 1);
    for (; sent < due; sent++) begin(sent, begun + (sent * 1000) / perSecond);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return total;
}

/** Looks again and again, at most so long. */
export async function until(condition: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
}
