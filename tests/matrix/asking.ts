/** What an answer says, without what was asked. */
export const without = (text: string, ...asked: string[]) => asked.reduce((rest, word) => rest.replaceAll(word, "…"), text);

/** A few at once: each request is short. */
export async function each<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
    }),
  );
}

/** Each question once, however many cells compare with its answer. */
export function once<Answer>(): (key: string, ask: () => Promise<Answer>) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (key, ask) => {
    const known = answers.get(key) ?? ask();
    answers.set(key, known);
    return known;
  };
}
