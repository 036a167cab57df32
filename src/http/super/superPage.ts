import { type Html, html } from "../../platform/mail/html.ts";

/** What is told above a page: what was done, or why it wasn't. */
export interface Told {
  text: string;
  wrong: boolean;
}

export const nothingTold: Told = { text: "", wrong: false };

/** Whose page it is; of whoever is inside, which part of it they look at. */
interface Viewer {
  name: string;
  inside: boolean;
  at?: "tenants" | "tables";
}

const parts = { tenants: "Tenants", tables: "Tables" } as const;

/** A page of a super admin. No page has a script: the policy allows none. */
export function superPage(title: string, who: Viewer | undefined, told: Told, content: Html): string {
  const inside = who?.inside === true;
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${title} · Super admin</title><link rel="stylesheet" href="/super/style.css"></head>
<body>
<a class="skip" href="#content">To the content</a>
<header><b>Switchboard <span>Super admin</span></b>
${inside ? html`<nav aria-label="Super admin">${partLink("tenants", who?.at)}${partLink("tables", who?.at)}</nav>` : html``}
${who === undefined ? html`` : html`<form method="post" action="/super/sign-out"><span>${who.name}</span><button class="quiet">Sign out</button></form>`}
</header>
<main id="content" class="${inside ? "wide" : "narrow"}"><h1>${title}</h1>
${told.text === "" ? html`` : told.wrong ? html`<p class="told wrong" role="alert">${told.text}</p>` : html`<p class="told" role="status">${told.text}</p>`}
${content}
</main></body>
</html>
`.html;
}

function partLink(part: keyof typeof parts, at: Viewer["at"]): Html {
  return html`<a href="/super/${part}"${part === at ? html` aria-current="page"` : html``}>${parts[part]}</a>`;
}

export interface Field {
  name: string;
  label: string;
  type?: "text" | "email" | "password";
  value?: string;
  hint?: string;
  complete?: string;
  /** What is wrong with it. */
  wrong?: string | undefined;
  digits?: boolean;
}

/** A labelled field; what is wrong with it stands beside it. */
export function fieldOf({ name, label, type = "text", value = "", hint, complete = "off", wrong, digits = false }: Field): Html {
  return html`<p class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${complete}" required${digits ? html` inputmode="numeric" maxlength="10"` : html``}${wrong === undefined ? html`` : html` aria-invalid="true"`}${hint === undefined && wrong === undefined ? html`` : html` aria-describedby="${name}-says"`}>
${wrong !== undefined ? html`<span id="${name}-says" class="wrong" role="alert">${wrong}</span>` : hint !== undefined ? html`<span id="${name}-says">${hint}</span>` : html``}</p>`;
}
