import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type RequestHandler, Router } from "express";
import { onlyMethods } from "./apiRoutes.ts";
import { contentPolicy } from "./contentPolicy.ts";

const swagger = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Switchboard API</title>
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
    <link rel="stylesheet" href="/api/docs/contrast.css">
  </head>
  <body>
    <main id="docs"></main>
    <script src="/api/docs/swagger-ui-bundle.js" defer></script>
    <script src="/api/docs/begin.js" defer></script>
  </body>
</html>
`;

/**
 * validatorUrl: the library would send the document's address to a server of its makers. deepLinking: it puts links into buttons, which
 * nobody reaches by a screen reader. The choice of a server has no name of its own.
 */
const begin = `SwaggerUIBundle({
  url: "/api/openapi.json", dom_id: "#docs", validatorUrl: null, deepLinking: false,
  onComplete: () => document.getElementById("servers")?.setAttribute("aria-label", "Server"),
});
`;

/** The library's own colours stand out too little (WCAG 2.2, 1.4.3). */
const contrast = `.swagger-ui .opblock.opblock-get .opblock-summary-method, .swagger-ui .info .title small.version-stamp { background: #1f4fa3; }
.swagger-ui .info .title small pre { color: #fff; }
.swagger-ui .opblock.opblock-post .opblock-summary-method { background: #17633f; }
.swagger-ui .opblock.opblock-delete .opblock-summary-method { background: #a31616; }
.swagger-ui .opblock.opblock-patch .opblock-summary-method { background: #0b6158; }
.swagger-ui .opblock.opblock-put .opblock-summary-method { background: #8a4b00; }
.swagger-ui .info a, .swagger-ui .info .base-url, .swagger-ui .url { color: #1a4a9c; }
.swagger-ui .btn.authorize, .swagger-ui .btn.authorize span { color: #17633f; }
.swagger-ui .json-schema-2020-12-expand-deep-button, .swagger-ui .json-schema-2020-12__attribute { color: #4a4a4a; }
`;

/** `GET /api/openapi.json`, and the same as a page at `/api/docs`, from the package and from nowhere else. */
export function docsRoutes(document: object, publicUrl: string): Router {
  const router = Router({ caseSensitive: true });
  const policy = contentPolicy(publicUrl);
  const text = JSON.stringify(document);
  const answers: Record<string, RequestHandler> = {
    "/api/openapi.json": (_request, response) => {
      response.type("json").send(text);
    },
    "/api/docs": (_request, response) => {
      response.type("html").send(page);
    },
    "/api/docs/begin.js": (_request, response) => {
      response.type("text/javascript").send(begin);
    },
    "/api/docs/contrast.css": (_request, response) => {
      response.type("text/css").send(contrast);
    },
    "/api/docs/swagger-ui.css": (_request, response) => response.sendFile(join(swagger, "swagger-ui.css")),
    "/api/docs/swagger-ui-bundle.js": (_request, response) => response.sendFile(join(swagger, "swagger-ui-bundle.js")),
  };
  for (const [path, answer] of Object.entries(answers)) {
    router.get(path, policy, answer);
    router.all(path, onlyMethods(["GET", "HEAD"]));
  }
  return router;
}
