const drawn: Record<string, string> = { ":)": "🙂", ":(": "🙁", ";)": "😉", ":D": "😄", ":P": "😛", ":O": "😮", "<3": "❤️" };

/** What was typed as `:)` between spaces is shown as what it means. Only shown: the text stays as it was written. */
export function withSmileys(text: string): string {
  return text.replace(/(^|\s)(<3|[:;]-?[()DPO])(?=\s|$)/gu, (all, before: string, typed: string) => {
    const sign = drawn[typed.replace("-", "")];
    return sign === undefined ? all : before + sign;
  });
}
