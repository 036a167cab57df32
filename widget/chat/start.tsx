import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { browser } from "../../src/client/connection.ts";
import type { Prechat } from "../../src/protocol/inbox.ts";
import { pickLanguage } from "../../src/protocol/languages.ts";
import type { Chat, Embedding } from "../embedding.ts";
import { language, speak } from "../texts/texts.ts";
import { prepareAttaching } from "./attaching.ts";
import composer from "./composer.css?inline";
import { Panel } from "./Panel.tsx";
import panel from "./panel.css?inline";
import { browserStorage, remember } from "./remembered.ts";
import { startTalk } from "./startTalk.ts";
import { styleIn } from "./style.ts";
import talking from "./talking.css?inline";
import tokens from "./tokens.css?inline";

/** Called by the embed script, once: connects, and draws the panel when it is opened. */
export async function start({ root, inbox, reads, config, identity, socketUrl, shown, unread }: Embedding): Promise<Chat> {
  const storage = browserStorage("localStorage");
  const remembered = remember({ local: storage, session: browserStorage("sessionStorage") }, inbox);
  const chosen = remembered.choice("language");
  await speak(pickLanguage(chosen === null ? reads : [chosen]));
  const page = {
    locale: language,
    languages: [language, ...reads],
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
  const spoken = signal(language);
  const prechat = signal<Prechat | null>(null);
  void config.then((known) => {
    prechat.value = known?.prechat ?? null;
  });
  let heard = 0;
  effect(() => {
    const count = talk.unread.value;
    const news = count > heard && talk.known.peek();
    unread(count);
    if (count > 0 || heard > 0) void fetchAlert().then((alertTo) => alertTo?.(count, news && remembered.choice("sound") !== "off"));
    heard = count;
  });

  async function speakIn(wanted: string, also: () => Promise<void>): Promise<void> {
    const next = pickLanguage([wanted]);
    await speak(next);
    await also();
    remembered.choose("language", next);
    talk.greet({ locale: next });
    spoken.value = next;
  }

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
    const parts = { talk, remembered, prechat, inbox, socketUrl, speakIn };
    render(how === "closed" ? null : <Panel key={spoken.value} {...parts} focus={how === "focused"} close={close} />, place);
  });
  return { open, close };
}

/** In the page's title and by a sound; not at all where it can't be fetched. */
function fetchAlert() {
  return import("../more/alert.ts").then(
    ({ alertTo }) => alertTo,
    () => undefined,
  );
}
