/** What Slack documents ("Block Kit reference", "chat.postMessage"): characters, or how many. */
export const most = {
  blocksOfMessage: 50,
  blocksOfView: 100,
  /** A table, and of these one in a message. */
  rows: 100,
  columns: 20,
  tableCharacters: 10_000,
  buttons: 25,
  label: 75,
  buttonValue: 2000,
  header: 150,
  section: 3000,
  modalTitle: 24,
  options: 100,
  optionText: 75,
  optionValue: 150,
  inputLabel: 2000,
  inputText: 3000,
  username: 80,
  altText: 2000,
  /** Ours, not Slack's, which takes 1 GB: eight are sent at once, and each is held in memory. */
  fileBytes: 10 * 1024 * 1024,
  errorText: 150,
  /** Rich text has no figure in the reference: it is kept to a section's. */
  richText: 3000,
  /** Of a message's text; Slack cuts at 40,000, and what is shown besides counts. */
  text: 12_000,
} as const;

/** At most so many characters, the last of them an ellipsis where something is missing. No letter is torn. */
export function cut(text: string, mostCharacters: number): string {
  if (text.length <= mostCharacters) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(mostCharacters - 2)) ? mostCharacters - 2 : mostCharacters - 1;
  return `${text.slice(0, end)}…`;
}
