import { expect } from "vitest";
import type { Agent } from "../fixtures/product.ts";
import { type ChatUnderTest, sees } from "./chatUnderTest.ts";

/** Both sides say that they are one person; perhaps they were before. */
export async function linkThere(chat: ChatUnderTest, person: string, account: Agent): Promise<void> {
  const codes = await seesNew(chat, person, /code is (\w{8})/, () => chat.write(person, "link"));
  await account.run("me.link", { code: codes.at(-1) });
  await sees(chat, person, "Is that you?");
  await seesNew(chat, person, /(You are linked)/, () => chat.press(person, "Yes, that is me"));
}

/** What all messages say that fit, once there is one more of them. */
async function seesNew(chat: ChatUnderTest, person: string, text: RegExp, act: () => Promise<void>): Promise<string[]> {
  const found = () => chat.seen(person).flatMap((message) => text.exec(message.text)?.[1] ?? []);
  const before = found().length;
  await act();
  await expect.poll(() => found().length, { timeout: 15_000 }).toBe(before + 1);
  return found();
}
