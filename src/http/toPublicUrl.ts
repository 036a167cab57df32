import type { RequestHandler } from "express";
import type { HttpDependencies } from "./dependencies.ts";

/**
 * In development a page asked for under another name of the same machine (localhost, 127.0.0.1) is sent to PUBLIC_URL: the inbox's list of
 * origins, the cookie and the sign-in know only that one.
 */
export function toPublicUrl({ publicUrl, stage }: Pick<HttpDependencies["config"], "publicUrl" | "stage">): RequestHandler {
  const { host } = new URL(publicUrl);
  return (request, response, next) => {
    if (stage === "production" || request.headers.host === host) next();
    else response.redirect(302, `${publicUrl}${request.originalUrl}`);
  };
}
