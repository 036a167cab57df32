const endings = new Set<() => void>();

process.once("exit", () => {
  for (const end of endings) end();
});

/** Runs `end` if this process ends before the answer is called: interrupted, a run leaves no process and no folder behind. */
export function atExit(end: () => void): () => void {
  endings.add(end);
  return () => endings.delete(end);
}
