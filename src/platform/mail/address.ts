import { domainToASCII } from "node:url";

export interface MailAddress {
  name: string;
  /** `local@domain`, nothing around it. */
  address: string;
}

/**
 * One bare mail address as it is kept: trimmed, the domain in lower-case ASCII; undefined where it can't be one. Whether somebody reads there,
 * only a mail tells. No quoted local parts (RFC 5321, 4.1.2): nobody has one, and they are how headers are smuggled.
 */
export function readAddress(text: string): string | undefined {
  const parts = /^([^\s@<>"(),:;[\]\\\p{Cc}]{1,64})@([^\s@<>"(),:;[\]\\\p{Cc}]{1,253})$/u.exec(text.trim().normalize("NFC"));
  const [, local, written] = parts ?? [];
  if (local === undefined || written === undefined || local.startsWith(".") || local.endsWith(".") || local.includes(".."))
    return undefined;
  const domain = domainToASCII(written);
  const labels = domain.split(".");
  const isDomain = labels.length > 1 && labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  const address = `${local}@${domain}`;
  return isDomain && address.length <= 254 ? address : undefined;
}

/** `Support <support@example.com>`, or the address alone. */
export function readSender(text: string): MailAddress | undefined {
  const named = /^\s*"?([^"<>\p{Cc}]*?)"?\s*<([^<>]+)>\s*$/u.exec(text);
  const address = readAddress(named?.[2] ?? text);
  return address === undefined ? undefined : { name: named?.[1]?.trim() ?? "", address };
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}
