import { parseCookie, stringifySetCookie } from "cookie";
import type { Request } from "express";

/** A cookie of its own: that of accounts opens nothing here, and this one nothing there. `__Host-` where there is HTTPS, as of accounts. */
function nameOf(publicUrl: string): string {
  return publicUrl.startsWith("https:") ? "__Host-switchboard_super" : "switchboard_super";
}

export function readSuperCookie(request: Request, publicUrl: string): string | undefined {
  return parseCookie(request.get("cookie") ?? "")[nameOf(publicUrl)];
}

/** Ended where there is no token. */
export function superCookie(publicUrl: string, token: string, expires: Date): string {
  return stringifySetCookie({
    name: nameOf(publicUrl),
    value: token,
    expires,
    httpOnly: true,
    secure: publicUrl.startsWith("https:"),
    sameSite: "strict",
    path: "/",
  });
}
