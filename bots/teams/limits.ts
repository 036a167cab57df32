/** What Teams documents ("Cards in Teams", "Format your bot messages"): characters, or how many; bytes where it says so. */
export const most = {
  /** Of a message as JSON, in bytes. Teams takes 28 KB; the rest is for what stands around the card. */
  cardBytes: 24_000,
  summary: 300,
  /** Elements below one another: Teams names no figure, and draws hundreds slowly. */
  elements: 100,
  /** Beyond these a button goes into the card's own menu. */
  primaryButtons: 5,
  buttons: 20,
  label: 80,
  rows: 60,
  columns: 8,
  cell: 400,
  paragraph: 2000,
  choices: 200,
  choiceText: 100,
  dialogTitle: 60,
  inputText: 4000,
  address: 2000,
  altText: 1500,
  /** Of a file, ours: it is held in memory while it goes where its person wants it. */
  fileBytes: 10 * 1024 * 1024,
} as const;

/** At most so many characters, the last of them an ellipsis where something is missing. No letter is torn. */
export function cut(text: string, mostCharacters: number): string {
  if (text.length <= mostCharacters) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(mostCharacters - 2)) ? mostCharacters - 2 : mostCharacters - 1;
  return `${text.slice(0, end)}…`;
}

/** What something takes of a message, in bytes. */
export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
