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
  </head>
  <body>
    <main id="docs"></main>
    <script src="/api/docs/swagger-ui-bundle.js" defer></script>
    <script src="/api/docs/begin.js" defer></script>
  </body>
</html>
`;

// validatorUrl: the library would send the document's address to a server of its makers.
const begin = `SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#docs", validatorUrl: null, deepLinking: true });\n`;

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
    "/api/docs/swagger-ui.css": (_request, response) => response.sendFile(join(swagger, "swagger-ui.css")),
    "/api/docs/swagger-ui-bundle.js": (_request, response) => response.sendFile(join(swagger, "swagger-ui-bundle.js")),
  };
  for (const [path, answer] of Object.entries(answers)) {
    router.get(path, policy, answer);
    router.all(path, onlyMethods(["GET", "HEAD"]));
  }
  return router;
}
