import { lazily } from "./lazily.ts";

/** What most conversations never need: the menu, the rating, the form before the chat, rich blocks, emoji, each in the page's language. */
export const fetchMore = lazily(async () => {
  const { more } = await import("../more/more.ts");
  await more.speakMore();
  return more;
});
