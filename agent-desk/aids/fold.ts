/** Names with spaces are found by what is typed without them, whatever the accents. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\p{M}\s_-]/gu, "")
    .toLocaleLowerCase();
}
