import { hiddenSecret } from "./credential.ts";
import type { Json } from "./json.ts";

/** Takes secrets out of what a host answers, in every form in which an echo writes them. */
export interface Redaction {
  text(text: string): string;
  json(json: Json): Json;
}

/** Shorter than this a form would be found everywhere. */
const shortest = 4;

export function redactionOf(secrets: readonly string[]): Redaction {
  const forms = [...new Set(secrets.flatMap(formsOf))].filter((form) => form.length >= shortest).sort((a, b) => b.length - a.length);
  if (forms.length === 0) return { text: (text) => text, json: (json) => json };
  const found = new RegExp(forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"), "gi");
  const text = (given: string) => given.replace(found, hiddenSecret);
  const json = (given: Json): Json => {
    if (typeof given === "string") return text(given);
    if (typeof given === "number") return text(String(given)) === String(given) ? given : hiddenSecret;
    if (Array.isArray(given)) return given.map(json);
    if (given === null || typeof given !== "object") return given;
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [text(name), json(value)]));
  };
  return { text, json };
}

/** As it is, and as URLs, forms, JSON, HTML, hex and base64 write it; base64 wherever in a longer text it begins. */
function formsOf(secret: string): string[] {
  const url = encodeURIComponent(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const html = secret.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const named = secret
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // Characters that share bits with what stands before and behind are not the secret's own.
    const own = whole.slice(before === 0 ? 0 : before + 1, (bytes.length + before) % 3 === 0 ? undefined : -1);
    return own.length < 6 ? [] : [own, own.replaceAll("+", "-").replaceAll("/", "_"), own.replaceAll("/", "\\/")];
  });
  return [
    ...[
      secret,
      url,
      url.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`),
      url.replaceAll("'", "%27"),
      url.replaceAll("%20", "+"),
      encodeURI(secret),
      new URLSearchParams({ s: secret }).toString().slice(2),
    ],
    ...[json, json.replaceAll("/", "\\/"), escapedJson(secret), html, named, bytes.toString("hex"), ...shifted],
  ];
}

/** As writers of JSON do that send ASCII only. */
function escapedJson(secret: string): string {
  return JSON.stringify(secret)
    .slice(1, -1)
    .replace(/[^\x20-\x7e]|[<>&']/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
