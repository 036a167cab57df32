import type { ChatColours, ProactiveMessage, PublicInbox } from "../../src/protocol/inbox.ts";
import type { Language } from "../../src/protocol/languages.ts";
import css from "./proactive.css?inline";

interface Offering {
  root: ShadowRoot;
  inbox: string;
  language: Language;
  known: PublicInbox;
  isOpen(): boolean;
  open(): void;
}

const dismiss: Record<Language, string> = { en: "Dismiss", "pt-BR": "Dispensar", es: "Descartar", fr: "Masquer", de: "Ausblenden" };
const everyMs = 500;

/** What an inbox adds to the launcher: its colour, and a bubble beside it. */
export function offer({ known: { colours, proactive }, ...place }: Offering): void {
  if (colours !== null) paint(place.root, colours);
  if (proactive.length > 0) offerBubble(place, proactive);
}

/** Where the site's own style says nothing; a browser without light-dark() (before 2024) keeps the chat's own colours. */
function paint({ host }: ShadowRoot, { light, dark }: ChatColours): void {
  const style = getComputedStyle(host);
  if (
    !(host instanceof HTMLElement) ||
    style.getPropertyValue("--switchboard-accent") !== "" ||
    !CSS.supports("color: light-dark(red, red)")
  )
    return;
  host.style.setProperty("--switchboard-accent", `light-dark(${light.accent}, ${dark.accent})`);
  host.style.setProperty("--switchboard-on-accent", `light-dark(${light.onAccent}, ${dark.onAccent})`);
}

/**
 * A bubble beside the launcher, on the pages and after the seconds that a rule names, once for each page. Nothing is stored before the
 * visitor acts: whoever dismisses one sees none any more while the tab lives.
 */
function offerBubble({ root, inbox, language, isOpen, open }: Omit<Offering, "known">, proactive: readonly ProactiveMessage[]): void {
  const key = `switchboard:${inbox}:dismissed`;
  let page = location.pathname;
  let since = Date.now();
  let shown = false;
  const bubble = document.createElement("div");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  bubble.className = "bubble-beside";
  bubble.setAttribute("role", "status");
  root.append(bubble);

  function look(): void {
    if (location.pathname !== page) {
      page = location.pathname;
      since = Date.now();
      shown = false;
      hide();
    }
    if (isOpen()) {
      shown = true;
      hide();
    }
    const seconds = (Date.now() - since) / 1000;
    const due =
      shown || wasDismissed() ? undefined : proactive.find((rule) => seconds >= rule.afterSeconds && matches(rule.pagePattern, page));
    if (due !== undefined) show(due.text);
  }

  function show(text: string): void {
    shown = true;
    const say = button("say", text, () => {
      hide();
      open();
    });
    const away = button("away", "×", () => {
      hide();
      remember();
      root.querySelector<HTMLElement>(".launcher")?.focus();
    });
    away.setAttribute("aria-label", dismiss[language]);
    bubble.replaceChildren(say, away);
  }

  function hide(): void {
    bubble.replaceChildren();
  }

  function wasDismissed(): boolean {
    try {
      return sessionStorage.getItem(key) !== null;
    } catch {
      return false;
    }
  }

  function remember(): void {
    shown = true;
    try {
      sessionStorage.setItem(key, "1");
    } catch {
      // forbidden: it is forgotten with the page
    }
  }

  setInterval(look, everyMs);
  look();
}

/** A path against a pattern in which `*` stands for any characters. */
export function matches(pattern: string, path: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return path === pattern;
  if (!path.startsWith(first)) return false;
  const last = rest.pop() ?? "";
  let from = first.length;
  for (const piece of rest) {
    const at = path.indexOf(piece, from);
    if (at === -1) return false;
    from = at + piece.length;
  }
  return path.length - last.length >= from && path.endsWith(last);
}

function button(name: string, text: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  made.dir = "auto";
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}
