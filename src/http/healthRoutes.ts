import { timingSafeEqual } from "node:crypto";
import { type Request, Router } from "express";
import { collectDefaultMetrics, Registry as MetricsRegistry } from "prom-client";
import { hashOfToken } from "../access/sessions/opaqueToken.ts";
import { onlyMethods } from "./apiRoutes.ts";
import { bearerToken } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { notFound } from "./errors.ts";

const readinessMs = 1000;

/** `/healthz` is constant, `/readyz` asks at most once a second however many ask, `/metrics` has its own token or is for loopback only. */
export function healthRoutes({ readiness, clock, config }: Pick<HttpDependencies, "readiness" | "clock" | "config">): Router {
  const router = Router({ caseSensitive: true });
  const metrics = new MetricsRegistry();
  collectDefaultMetrics({ register: metrics });
  const notReady = onceEvery(clock, readinessMs, readiness);

  router.get("/healthz", (_request, response) => {
    response.json({ status: "ok" });
  });
  router.get("/readyz", async (_request, response) => {
    const missing = await notReady();
    response.status(missing.length === 0 ? 200 : 503).json(missing.length === 0 ? { status: "ready" } : { status: "not ready", missing });
  });
  router.get("/metrics", async (request, response) => {
    if (!mayMeasure(request, config.metricsToken)) throw notFound();
    response.set("Content-Type", metrics.contentType).send(await metrics.metrics());
  });
  router.all(["/healthz", "/readyz", "/metrics"], onlyMethods(["GET", "HEAD"]));
  return router;
}

/** The answer of the last asking while it is younger than `periodMs`; those who come meanwhile share one asking. */
function onceEvery<Result>(
  clock: Pick<HttpDependencies["clock"], "monotonic">,
  periodMs: number,
  ask: () => Promise<Result>,
): () => Promise<Result> {
  let asked: { at: number; result: Promise<Result> } | undefined;
  return () => {
    if (asked === undefined || clock.monotonic() - asked.at >= periodMs) asked = { at: clock.monotonic(), result: ask() };
    return asked.result;
  };
}

/** Behind a proxy on the same machine everybody comes from loopback: what a proxy passed on is not from here. */
function mayMeasure(request: Request, metricsToken: string | undefined): boolean {
  if (metricsToken !== undefined) {
    const given = bearerToken(request);
    return given !== undefined && timingSafeEqual(hashOfToken(given), hashOfToken(metricsToken));
  }
  const forwarded = request.get("x-forwarded-for") !== undefined || request.get("forwarded") !== undefined;
  return !forwarded && /^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? "");
}
