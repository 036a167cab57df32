import css from "./launcher.css?inline";
import type { LauncherTexts } from "./launcherTexts.ts";

interface Drawing {
  texts: LauncherTexts;
  press(): void;
  /** The pointer came near: it will probably be pressed. */
  near(): void;
  theme?: string;
}

export interface Launcher {
  root: ShadowRoot;
  shown(open: boolean): void;
  unread(count: number): void;
  busy(busy: boolean): void;
  /** Shown beside the button and read out; empty for nothing. */
  say(text: string): void;
}

// The icons `message-circle` and `x` of Lucide (ISC), of which the chat uses more.
const markup = `<button class="launcher" type="button" aria-haspopup="dialog"><svg class="to-open" viewBox="0 0 24 24" aria-hidden="true"><path d="M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719"/></svg><svg class="to-close" viewBox="0 0 24 24" aria-hidden="true"><path d="M18 6 6 18M6 6l12 12"/></svg><span class="badge" aria-hidden="true"></span></button><span class="notice" role="status"></span>`;

/** Draws the button in a shadow root of its own, so that neither the site's style nor ours reaches the other. */
export function drawLauncher({ texts, press, near, theme }: Drawing): Launcher {
  const host = document.createElement("div");
  host.id = "switchboard";
  host.dir = getComputedStyle(document.documentElement).direction;
  if (theme !== undefined) host.setAttribute("data-theme", theme);
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  root.innerHTML = markup;
  const [button, badge, notice] = root.querySelectorAll<HTMLElement>("button, .badge, .notice");
  let count = 0;
  let open = false;

  function label(): void {
    button?.setAttribute("aria-expanded", `${open}`);
    button?.setAttribute("aria-label", open ? texts.close : count > 0 ? texts.unread.replace("#", `${count}`) : texts.open);
    if (badge) badge.textContent = open || count === 0 ? "" : count > 99 ? "99+" : `${count}`;
  }

  label();
  button?.addEventListener("click", press);
  button?.addEventListener("pointerenter", near, { once: true });
  if (document.body) document.body.append(host);
  else addEventListener("DOMContentLoaded", () => document.body.append(host));

  return {
    root,
    shown(isOpen) {
      open = isOpen;
      label();
    },
    unread(unread) {
      count = unread;
      label();
    },
    busy: (busy) => button?.setAttribute("aria-busy", `${busy}`),
    say(text) {
      if (notice) notice.textContent = text;
    },
  };
}
