/** `pt-BR` is "Brazilian Portuguese" in the reader's language; what is no language tag stays as it is. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Host and path of an address of the web. The visitor's page names it, so anything else is shown as text and never as a link. */
export function pageName(address: string): { label: string; href: string | null } {
  if (!URL.canParse(address)) return { label: address, href: null };
  const { protocol, host, pathname, href } = new URL(address);
  if (protocol !== "http:" && protocol !== "https:") return { label: address, href: null };
  return { label: host + (pathname === "/" ? "" : pathname), href };
}
