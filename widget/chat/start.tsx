import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { browser } from "../../src/client/connection.ts";
import type { Chat, Embedding } from "../embedding.ts";
import { speak } from "../texts/texts.ts";
import { prepareAttaching } from "./attaching.ts";
import composer from "./composer.css?inline";
import { Panel } from "./Panel.tsx";
import panel from "./panel.css?inline";
import { browserStorage, remember } from "./remembered.ts";
import { styleIn } from "./style.ts";
import { startTalk } from "./talk.ts";
import talking from "./talking.css?inline";
import tokens from "./tokens.css?inline";

/** Called by the embed script, once: connects, and draws the panel when it is opened. */
export async function start({ root, inbox, language, identity, socketUrl, shown, unread }: Embedding): Promise<Chat> {
  await speak(language);
  const storage = browserStorage("localStorage");
  const remembered = remember({ local: storage, session: browserStorage("sessionStorage") }, inbox);
  const page = {
    locale: language,
    languages: [document.documentElement.lang, ...navigator.languages],
    address: location.origin + location.pathname,
  };
  const talk = startTalk(
    { outside: browser, storage, remembered, page },
    { socketUrl, inbox, ...(identity === undefined ? {} : { identity }) },
  );
  prepareAttaching({ talk, root, inbox, remembered, socketUrl });
  const opened = signal<"closed" | "quietly" | "focused">("closed");
  const place = document.createElement("div");

  styleIn(root, tokens + panel + talking + composer);
  root.append(place);
  effect(() => unread(talk.unread.value));

  function open(focus: boolean): void {
    opened.value = focus ? "focused" : "quietly";
    remembered.setOpen(true);
    shown(true);
  }

  function close(): void {
    if (opened.value === "closed") return;
    const hadFocus = place.contains(root.activeElement);
    opened.value = "closed";
    remembered.setOpen(false);
    shown(false);
    // The focus goes back to the launcher, unless it is on the page.
    if (hadFocus) root.querySelector("button")?.focus();
  }

  effect(() => {
    const how = opened.value;
    render(how === "closed" ? null : <Panel talk={talk} focus={how === "focused"} close={close} />, place);
  });
  return { open, close };
}
