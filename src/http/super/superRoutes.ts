import { type ErrorRequestHandler, Router } from "express";
import { html } from "../../platform/mail/html.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { statusOf, toldOf } from "../errors.ts";
import { requestIdOf } from "../requestId.ts";
import { toPublicUrl } from "../toPublicUrl.ts";
import { setUpPages } from "./setUpPages.ts";
import { type SuperDoor, superPolicy, tellStatus } from "./superDoor.ts";
import { superPage } from "./superPage.ts";
import { superStyle } from "./superStyle.ts";
import { tablePages } from "./tablePages.ts";
import { tenantPages } from "./tenantPages.ts";

/** `/super`: a screen apart, for whoever may do everything. Pages without a script, forms of our own origin, a cookie of its own. */
export function superRoutes(door: SuperDoor): Router {
  const router = Router({ caseSensitive: true });
  router.use("/super", superPolicy, toPublicUrl(door.config));
  router.get("/super/style.css", (_request, response) => {
    response.type("css").send(superStyle);
  });
  router.use("/super", (request, _response, next) => {
    // A name that no row can have: the database would take it for an error of ours.
    if (/%00/.test(request.path)) throw noPage();
    next();
  });
  setUpPages(router, door);
  tenantPages(router, door);
  tablePages(router, door);
  router.use("/super", () => {
    throw noPage();
  });
  router.use("/super", tellOnPage(door));
  return router;
}

/** Who isn't signed in is led there; whatever else went wrong, ours or theirs, is a page of its own. */
function tellOnPage(door: SuperDoor): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    if (response.headersSent) return next(thrown);
    const error = toldOf(door, thrown, request, response);
    if (error.code === "unauthenticated" && request.method === "GET") return response.redirect(303, "/super");
    const text = error.code === "unauthenticated" ? "You are not signed in, or your session has ended." : error.message;
    tellStatus({ code: error.code, retryAfterMs: error.retryAfterMs }, response);
    const found = statusOf[error.code] < 500 ? html`` : html`<p class="muted">In the log: <code>${requestIdOf(response)}</code></p>`;
    const content = html`${found}<p><a class="button" href="/super">Go on</a></p>`;
    response.type("html").send(superPage("That didn't work", undefined, { text, wrong: true }, content));
  };
}

function noPage(): Refusal {
  return new Refusal("not_found", "There is no such page.");
}
