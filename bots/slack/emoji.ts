/** Slack has names for what others write as emoji. Those that agents react with, those of Teams, and some that are common. */
const names: Readonly<Record<string, string>> = {
  "👍": "+1",
  "👎": "-1",
  "❤️": "heart",
  "😄": "smile",
  "😆": "laughing",
  "🎉": "tada",
  "😮": "open_mouth",
  "😢": "cry",
  "😠": "angry",
  "👀": "eyes",
  "✅": "white_check_mark",
  "🙏": "pray",
};
const emoji = new Map(Object.entries(names).map(([one, name]) => [name, one]));
emoji.set("thumbsup", "👍");

/** What a reaction is elsewhere: an emoji, or Slack's name between colons. A tone of skin is left out. */
export function emojiOf(name: string): string {
  const [base = name] = name.split("::");
  return emoji.get(base) ?? `:${base}:`;
}

/** Slack's name of an emoji, or of what `emojiOf` made of a name. */
export function slackName(reaction: string): string {
  return names[reaction] ?? reaction.replaceAll(":", "");
}
