import { stringifySetCookie } from "cookie";

/**
 * The refresh token's cookie. `__Host-` (RFC 6265bis, 4.1.3.2) keeps sub-domains and plain HTTP from setting it, and needs HTTPS;
 * over HTTP, in development, it has a plain name.
 */
export function refreshCookieName(publicUrl: string): string {
  return isSecure(publicUrl) ? "__Host-switchboard_refresh" : "switchboard_refresh";
}

export function refreshCookie(publicUrl: string, token: string, expires: Date): string {
  return stringifySetCookie({ ...attributes(publicUrl), value: token, expires });
}

export function endedRefreshCookie(publicUrl: string): string {
  return stringifySetCookie({ ...attributes(publicUrl), value: "", expires: new Date(0) });
}

function attributes(publicUrl: string) {
  return { name: refreshCookieName(publicUrl), httpOnly: true, secure: isSecure(publicUrl), sameSite: "strict", path: "/" } as const;
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith("https:");
}
