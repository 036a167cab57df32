import type { RequestListener } from "node:http";
import { constants } from "node:zlib";
import compression from "compression";
import express, { type RequestHandler } from "express";
import { accountOperations } from "./accountRoutes.ts";
import { apiRoutes } from "./apiRoutes.ts";
import { aroundOperations } from "./aroundRoutes.ts";
import { auditOperations } from "./auditRoutes.ts";
import { blueprintOperations } from "./blueprintRoutes.ts";
import { channelOperations } from "./channelRoutes.ts";
import { chartRoutes } from "./chartRoutes.ts";
import { commandOperations } from "./commandRoutes.ts";
import { protection } from "./contentPolicy.ts";
import { conversationOperations } from "./conversationRoutes.ts";
import { dataSourceOperations } from "./dataSourceRoutes.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { docsRoutes } from "./docsRoutes.ts";
import { downloadRoutes } from "./downloadRoutes.ts";
import { entityOperations } from "./entityRoutes.ts";
import { errorHandler, notFound } from "./errors.ts";
import { factorOperations } from "./factorRoutes.ts";
import { fileOperations, fromListedPages } from "./fileRoutes.ts";
import { flowOperations } from "./flowRoutes.ts";
import { groupOperations } from "./groupRoutes.ts";
import { healthRoutes } from "./healthRoutes.ts";
import { importOperations } from "./importRoutes.ts";
import { inboxOperations } from "./inboxRoutes.ts";
import { invitationOperations } from "./invitationRoutes.ts";
import { mailboxRoutes } from "./mailboxRoutes.ts";
import { migrationOperations } from "./migrationRoutes.ts";
import { openApiDocument } from "./openapi.ts";
import type { Operation } from "./operation.ts";
import { ownOperations } from "./ownRoutes.ts";
import { pages } from "./pages.ts";
import { providerOperations } from "./providerRoutes.ts";
import { pushOperations } from "./pushRoutes.ts";
import { giveRequestId, requestIdOf } from "./requestId.ts";
import { runOperations } from "./runRoutes.ts";
import { searchOperations } from "./searchRoutes.ts";
import { sessionOperations } from "./sessionRoutes.ts";
import { storedOperationOperations } from "./storedOperationRoutes.ts";
import { superRoutes } from "./super/superRoutes.ts";
import { viewOperations } from "./viewRoutes.ts";

// Below 5 Brotli knows no contexts: the chat's script would be larger than by gzip, and take as long.
const compressed = { brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } } };

/** Everything that is asked for by HTTP, from the pages to the operations. */
export function createHttpApp(deps: HttpDependencies): RequestListener {
  const { publicUrl, trustedProxies } = deps.config;
  const operations = operationsOf(deps);
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  // Nobody's X-Forwarded-For is believed but that of a named proxy, or whoever is throttled would name another address each time.
  app.set("trust proxy", trustedProxies === undefined ? false : [...trustedProxies]);
  app.use(giveRequestId, logRequest(deps), protection(deps.config));
  app.use("/api", neverStored);
  app.use("/api/v1/files", fromListedPages(deps));
  app.use(apiRoutes(operations), downloadRoutes(deps), chartRoutes(deps), mailboxRoutes(deps));
  if (deps.superDoor !== undefined) app.use(superRoutes({ ...deps, ...deps.superDoor }));
  // Files only: answers that hold somebody's data next to what a stranger chose would tell by their length (BREACH).
  app.use(compression(compressed), docsRoutes(openApiDocument(operations, publicUrl), publicUrl), healthRoutes(deps), pages(deps));
  app.use(() => {
    throw notFound();
  });
  app.use(errorHandler(deps));
  return app;
}

/** Every operation there is; the document lists the same. */
export function operationsOf(deps: HttpDependencies): Operation[] {
  return [
    ...sessionOperations(deps),
    ...accountOperations(deps),
    ...invitationOperations(deps),
    ...factorOperations(deps),
    ...providerOperations(deps),
    ...ownOperations(deps),
    ...commandOperations(deps),
    ...storedOperationOperations(deps),
    ...dataSourceOperations(deps),
    ...blueprintOperations(deps),
    ...aroundOperations(deps),
    ...groupOperations(deps),
    ...flowOperations(deps),
    ...viewOperations(deps),
    ...migrationOperations(deps),
    ...entityOperations(deps),
    ...importOperations(deps),
    ...runOperations(deps),
    ...fileOperations(deps),
    ...inboxOperations(deps),
    ...conversationOperations(deps),
    ...searchOperations(deps),
    ...channelOperations(deps),
    ...pushOperations(deps),
    ...auditOperations(deps),
  ];
}

/** What one person was answered must not be kept for another (Zulip, 2021). */
const neverStored: RequestHandler = (_request, response, next) => {
  response.set("Cache-Control", "no-store");
  next();
};

function logRequest({ log, clock }: Pick<HttpDependencies, "log" | "clock">): RequestHandler {
  return (request, response, next) => {
    const begun = clock.monotonic();
    response.once("finish", () => {
      const durationMs = Math.round(clock.monotonic() - begun);
      log.debug(
        { requestId: requestIdOf(response), method: request.method, path: request.path, status: response.statusCode, durationMs },
        "request",
      );
    });
    next();
  };
}
