import { stringifySetCookie } from "cookie";
import { flowMs } from "../access/providers/flow.ts";

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

/** Binds a way to a provider and back to this browser. Our own page brings the answer, so that it comes though it is strict. */
export function flowCookieName(publicUrl: string): string {
  return isSecure(publicUrl) ? "__Host-switchboard_sign_in" : "switchboard_sign_in";
}

export function flowCookie(publicUrl: string, value: string): string {
  return stringifySetCookie({ ...attributes(publicUrl), name: flowCookieName(publicUrl), value, maxAge: flowMs / 1000 });
}

const deviceDays = 400;

/** Names a browser that signed in before. The same rules; it gives no right. */
export function deviceCookieName(publicUrl: string): string {
  return isSecure(publicUrl) ? "__Host-switchboard_device" : "switchboard_device";
}

export function deviceCookie(publicUrl: string, value: string): string {
  return stringifySetCookie({ ...attributes(publicUrl), name: deviceCookieName(publicUrl), value, maxAge: deviceDays * 86_400 });
}
