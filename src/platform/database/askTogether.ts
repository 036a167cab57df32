/**
 * Asks the same once for everybody who waits: who comes while an answer is on its way gets the next one, together with all who came by then. So an
 * answer was never asked for before whoever gets it asked, and however many ask at once, two statements are under way at most.
 */
export function askTogether<Answer>(ask: (...key: string[]) => Promise<Answer>): (...key: string[]) => Promise<Answer> {
  const open = new Map<string, { now: Promise<Answer>; next: Promise<Answer> | undefined }>();
  const begin = (id: string, key: string[]): Promise<Answer> => {
    const now = ask(...key);
    const entry: { now: Promise<Answer>; next: Promise<Answer> | undefined } = { now, next: undefined };
    open.set(id, entry);
    const over = () => {
      if (entry.next === undefined) open.delete(id);
    };
    now.then(over, over);
    return now;
  };
  return (...key) => {
    const id = JSON.stringify(key);
    const entry = open.get(id);
    if (entry === undefined) return begin(id, key);
    entry.next ??= entry.now.then(
      () => begin(id, key),
      () => begin(id, key),
    );
    return entry.next;
  };
}
