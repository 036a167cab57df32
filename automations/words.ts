// "und": the answer doesn't depend on the language of the machine.
const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/** Nothing but Latin letters, digits and blanks: there the segmenter finds the same words, at ten times the cost (a tenth of a whole turn). */
const plain = /^[A-Za-z0-9 ]*$/;

/** Gives every word of a sentence, in any script, to `change`; what stands between the words stays where it is. */
export function changeWords(sentence: string, change: (words: readonly string[]) => readonly string[]): string {
  const parts = plain.test(sentence) ? plainParts(sentence) : segments(sentence);
  const changed = change(parts.filter(({ isWord }) => isWord).map(({ text }) => text));
  let next = 0;
  return parts.map(({ text, isWord }) => (isWord ? (changed[next++] ?? "") : text)).join("");
}

interface Part {
  text: string;
  isWord: boolean;
}

function plainParts(sentence: string): Part[] {
  return sentence.split(/( +)/).map((text, index) => ({ text, isWord: index % 2 === 0 && text !== "" }));
}

function segments(sentence: string): Part[] {
  return Array.from(segmenter.segment(sentence), ({ segment, isWordLike }) => ({ text: segment, isWord: isWordLike === true }));
}
