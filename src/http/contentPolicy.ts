import { createHash } from "node:crypto";
import type { RequestHandler } from "express";
import helmet from "helmet";

/** The headers that every answer has. The content policy is `contentPolicy`'s: an answer that is no page may load nothing at all. */
export function protection({ stage }: { stage: "development" | "production" }): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginEmbedderPolicy: false,
    xFrameOptions: { action: "deny" },
    // In development the name is one that a person may want by HTTP tomorrow.
    strictTransportSecurity: stage === "production",
    referrerPolicy: { policy: "strict-origin-when-cross-origin" },
  });
}

/**
 * The content policy of a page of ours: everything from our own origin, in nobody's frame, no inline script; no inline style but those that
 * stand in `html`, each by its hash.
 */
export function contentPolicy(publicUrl: string, html = ""): RequestHandler {
  const sockets = new URL(publicUrl).origin.replace(/^http/, "ws");
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", ...[...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style = ""]) => hashOf(style))],
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

function hashOf(style: string): string {
  return `'sha256-${createHash("sha256").update(style).digest("base64")}'`;
}
