// "und": the answer doesn't depend on the language of the machine.
const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/** Gives every word of a sentence, in any script, to `change`; what stands between the words stays where it is. */
export function changeWords(sentence: string, change: (words: readonly string[]) => readonly string[]): string {
  const segments = [...segmenter.segment(sentence)];
  const changed = change(segments.filter((segment) => segment.isWordLike).map((segment) => segment.segment));
  let next = 0;
  return segments.map((segment) => (segment.isWordLike ? (changed[next++] ?? "") : segment.segment)).join("");
}
