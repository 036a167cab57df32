import type { Agent } from "../fixtures/product.ts";
import { type ChatUnderTest, sees } from "./chatUnderTest.ts";

/** Both sides say that they are one person. */
export async function linkThere(chat: ChatUnderTest, person: string, account: Agent): Promise<void> {
  await chat.write(person, "link");
  const [, code = ""] = /code is (\w{8})/.exec((await sees(chat, person, /code is/)).text) ?? [];
  await account.run("me.link", { code });
  await sees(chat, person, "Is that you?");
  await chat.press(person, "Yes, that is me");
  await sees(chat, person, "You are linked");
}
