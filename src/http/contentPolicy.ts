import type { RequestHandler } from "express";
import helmet from "helmet";

/** The headers that every answer has. The content policy is `contentPolicy`'s: an answer that is no page may load nothing at all. */
export function protection(publicUrl: string): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginEmbedderPolicy: false,
    xFrameOptions: { action: "deny" },
    strictTransportSecurity: publicUrl.startsWith("https:"),
    referrerPolicy: { policy: "strict-origin-when-cross-origin" },
  });
}

/** The content policy of a page of ours: everything from our own origin, no inline script, in nobody's frame. */
export function contentPolicy(publicUrl: string, { inlineStyles }: { inlineStyles: boolean }): RequestHandler {
  const sockets = new URL(publicUrl).origin.replace(/^http/, "ws");
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: inlineStyles ? ["'self'", "'unsafe-inline'"] : ["'self'"],
      imgSrc: ["'self'", "data:"],
      // Safari before 15.4 doesn't count sockets of the same host as 'self'.
      connectSrc: ["'self'", sockets],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  });
}
