import { Router } from "express";
import { readChart } from "../channels/charts/readChart.ts";
import { onlyMethods } from "./apiRoutes.ts";
import type { HttpDependencies } from "./dependencies.ts";

/** `GET /charts/{out}/{place}.png?k=…`: a chart's picture, for whoever has the signed address: Slack and Teams fetch it without an account. */
export function chartRoutes(deps: Pick<HttpDependencies, "database" | "clock" | "keys" | "drawChart">): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const path = "/charts/:out/:place.png";
  router.get(path, async (request, response) => {
    const { k } = request.query;
    const asked = { out: request.params.out, place: Number(request.params.place) };
    const { png, secondsLeft } = await readChart(deps, asked, typeof k === "string" ? k : "");
    response.set({
      "Content-Type": "image/png",
      "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
      "X-Content-Type-Options": "nosniff",
      "Cross-Origin-Resource-Policy": "cross-origin",
      "Referrer-Policy": "no-referrer",
      "X-Robots-Tag": "noindex",
      "Cache-Control": `private, max-age=${secondsLeft}, immutable`,
    });
    response.send(png);
  });
  router.all(path, onlyMethods(["GET", "HEAD"]));
  return router;
}
