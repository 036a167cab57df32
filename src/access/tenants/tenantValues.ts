import { Refusal } from "../../protocol/refusal.ts";

/** How a tenant is called in addresses: 2 to 40 small letters, digits and hyphens. Refusal `invalid_value` (`slug`). */
export function checkedSlug(written: string): string {
  const slug = written.trim().toLowerCase();
  if (!/^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/.test(slug) || slug.includes("--"))
    throw new Refusal("invalid_value", 'A short name has 2 to 40 letters a to z, digits and single hyphens, like "acme-support".', {
      path: "slug",
    });
  return slug;
}

/** As the time zone database writes it. Refusal `invalid_value` (`timeZone`). */
export function checkedTimeZone(written: string): string {
  try {
    if (/^[a-z]/i.test(written)) return new Intl.DateTimeFormat("en", { timeZone: written }).resolvedOptions().timeZone;
  } catch {
    // Told below.
  }
  throw new Refusal("invalid_value", "There is no such time zone; write one like Europe/Lisbon.", { path: "timeZone" });
}
