import type { PublicInbox } from "../../src/protocol/inbox.ts";
import { pickLanguage } from "../../src/protocol/languages.ts";
import { type Chat, type ChatModule, openKey, tokenKey } from "../embedding.ts";
import { drawLauncher } from "./launcher.ts";
import { launcherTexts } from "./launcherTexts.ts";

/** The name of the chat's file, which has its hash in it: it may be kept for ever. */
declare const CHAT_FILE: string;
declare const PROACTIVE_FILE: string;

declare global {
  interface Window {
    Switchboard?: { open(): void; close(): void };
  }
}

const script = document.currentScript;
// A page that embeds it twice, or runs its scripts again on navigation, has one chat.
if (script instanceof HTMLScriptElement && !window.Switchboard) {
  const { inbox } = script.dataset;
  if (inbox) begin(script, inbox);
  else console.error("Switchboard: no chat, for the script tag has no data-inbox.");
}

function begin(script: HTMLScriptElement, inbox: string): void {
  const { identity, theme, language: set } = script.dataset;
  const address = script.src;
  // The site's word for its chat, then the visitor's, and the page's own language only where neither is spoken here.
  const reads = [set ?? "", ...navigator.languages, document.documentElement.lang].filter(Boolean);
  const language = pickLanguage(reads);
  const config: Promise<PublicInbox | undefined> = fetch(
    new URL(`api/v1/inboxes/${encodeURIComponent(inbox)}/public?languages=${reads}`, address),
  )
    .then((answer) => (answer.ok ? answer.json() : undefined))
    .catch(() => {});
  const texts = launcherTexts[language];
  const launcher = drawLauncher({ texts, press, near: () => void fetchChat().catch(() => {}), ...(theme === undefined ? {} : { theme }) });
  let chat: Promise<Chat> | undefined;
  let failures = 0;
  let isOpen = false;

  function press(): void {
    if (isOpen) close();
    else open(true);
  }

  async function open(focus: boolean): Promise<void> {
    launcher.say("");
    launcher.busy(true);
    try {
      (await load()).open(focus);
    } catch {
      launcher.say(texts.notLoaded);
    }
    launcher.busy(false);
  }

  async function close(): Promise<void> {
    (await chat)?.close();
  }

  function load(): Promise<Chat> {
    chat ??= start().catch((error: unknown) => {
      chat = undefined;
      failures += 1;
      throw error;
    });
    return chat;
  }

  /** Only fetches: nothing is stored and no socket opened before `start`. */
  function fetchChat(): Promise<ChatModule> {
    // A browser remembers a module that failed to load: another try needs another address, for what it imports too.
    return fetchPart((failures === 0 ? "" : `again/${failures}/`) + CHAT_FILE);
  }

  function fetchPart(file: string) {
    return import(/* @vite-ignore */ new URL(`widget/${file}`, address).href);
  }

  async function start(): Promise<Chat> {
    const { start } = await fetchChat();
    return await start({
      root: launcher.root,
      inbox,
      reads,
      config,
      socketUrl: new URL("ws/visitor", address).href.replace(/^http/, "ws"),
      ...(identity === undefined ? {} : { identity }),
      shown(open) {
        isOpen = open;
        launcher.shown(open);
      },
      unread: launcher.unread,
    });
  }

  config
    .then(async (known) => {
      if (!known?.proactive[0] && !known?.colours) return;
      const { offer } = await fetchPart(PROACTIVE_FILE);
      offer({ root: launcher.root, inbox, language, known, isOpen: () => isOpen, open: () => open(true) });
    })
    .catch(() => {});

  window.Switchboard = { open: () => void open(true), close: () => void close() };
  if (stored("sessionStorage", openKey(inbox))) open(false);
  else if (stored("localStorage", tokenKey(inbox))) load().catch(() => {}); // to show what came meanwhile
}

/** Null too where the browser forbids storage (even to name it throws): the chat works without. */
function stored(storage: "localStorage" | "sessionStorage", key: string): string | null {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}
