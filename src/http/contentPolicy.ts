import { createHash } from "node:crypto";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { RequestHandler } from "express";
import helmet from "helmet";

/**
 * The headers that every answer has. The content policy is `contentPolicy`'s: an answer that is no page may load nothing at all. They are the same
 * each time, so helmet is asked for them once.
 */
export function protection({ stage }: { stage: "development" | "production" }): RequestHandler {
  const request = new IncomingMessage(new Socket());
  const answer = new ServerResponse(request);
  const protect = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginEmbedderPolicy: false,
    xFrameOptions: { action: "deny" },
    // In development the name is one that a person may want by HTTP tomorrow.
    strictTransportSecurity: stage === "production",
    referrerPolicy: { policy: "strict-origin-when-cross-origin" },
  });
  protect(request, answer, (error?: unknown) => {
    if (error !== undefined) throw error;
  });
  const headers = new Map(answer.getHeaderNames().map((name) => [name, String(answer.getHeader(name))]));
  return (_request, response, next) => {
    response.setHeaders(headers);
    next();
  };
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
