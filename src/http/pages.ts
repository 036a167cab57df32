import { readFile } from "node:fs/promises";
import { join } from "node:path";
import express, { type RequestHandler, type Response, Router } from "express";
import { onlyMethods } from "./apiRoutes.ts";
import { contentPolicy } from "./contentPolicy.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { notFound } from "./errors.ts";
import { toPublicUrl } from "./toPublicUrl.ts";

const yearMs = 365 * 24 * 3_600_000;

/** The embed script and the chat, the desk, and in development the demo page. */
export function pages(deps: Pick<HttpDependencies, "config" | "inboxKey" | "pagesDir">): Router {
  const { config, pagesDir } = deps;
  const router = Router({ caseSensitive: true });
  const page = [contentPolicy(config.publicUrl), toPublicUrl(config)];

  if (config.stage === "development") router.get("/", toPublicUrl(config), demoPage(deps));
  router.get("/favicon.ico", (_request, response) => {
    response.status(204).end();
  });

  router.get("/widget/demo.html", (_request, _response, next) => next("router"));
  router.use(["/widget.js", "/widget"], embeddable);
  router.get("/widget.js", (_request, response) => response.sendFile("widget.js", { root: join(pagesDir, "widget"), cacheControl: false }));
  // A browser remembers a module that failed to load: another try is made under another folder's name, of the same files.
  router.use(
    ["/widget/again/:try", "/widget"],
    express.static(join(pagesDir, "widget"), { index: false, redirect: false, cacheControl: false }),
  );
  router.get(["/widget/chat-:hash.js", "/widget/again/:try/chat-:hash.js"], presentChat(pagesDir));

  router.use(
    "/desk/assets",
    express.static(join(pagesDir, "agent-desk", "assets"), { index: false, redirect: false, immutable: true, maxAge: yearMs }),
  );
  router.get("/desk/worker.js", (_request, response) =>
    response.sendFile("worker.js", { root: join(pagesDir, "agent-desk"), cacheControl: false, headers: { "Cache-Control": "no-cache" } }),
  );
  router.get(["/desk", "/desk/{*place}"], page, deskPage(pagesDir));

  router.all(["/", "/favicon.ico", "/widget.js", "/widget/{*file}", "/desk", "/desk/{*place}"], (request, response, next) => {
    if (request.method === "GET" || request.method === "HEAD") next();
    else onlyMethods(["GET", "HEAD"])(request, response, next);
  });
  return router;
}

/** Any website may load these. What carries its hash in its name never changes; everything else is asked for again, by its ETag. */
const embeddable: RequestHandler = (request, response, next) => {
  const hashed = /-[\w-]{8}\.js$/.test(request.path);
  response.set("Access-Control-Allow-Origin", "*");
  response.set("Cross-Origin-Resource-Policy", "cross-origin");
  response.set("Cache-Control", hashed ? `public, max-age=${yearMs / 1000}, immutable` : "no-cache");
  next();
};

/** A page that stood open over an upgrade asks for the chat of then: it gets a module that passes on the one of now. */
function presentChat(pagesDir: string): RequestHandler {
  return (_request, response) => {
    response.set("Cache-Control", "no-cache");
    response.sendFile("chat.js", { root: join(pagesDir, "widget"), cacheControl: false });
  };
}

/** Every place in the desk is the same page; a file that isn't there is not one. */
function deskPage(pagesDir: string): RequestHandler {
  return (request, response, next) => {
    if (/\.\w+$/.test(request.path) || request.path.startsWith("/desk/assets/")) next();
    else
      response.sendFile("index.html", {
        root: join(pagesDir, "agent-desk"),
        cacheControl: false,
        headers: { "Cache-Control": "no-cache" },
      });
  };
}

function demoPage({ config, inboxKey, pagesDir }: Pick<HttpDependencies, "config" | "inboxKey" | "pagesDir">): RequestHandler {
  return async (request, response: Response) => {
    const [template, inbox] = await Promise.all([
      readFile(join(pagesDir, "widget", "demo.html"), "utf8").catch(() => undefined),
      inboxKey(),
    ]);
    if (template === undefined || inbox === undefined) throw notFound();
    const html = template.replaceAll("{{inbox}}", escaped(inbox)).replaceAll("{{publicUrl}}", escaped(config.publicUrl));
    contentPolicy(config.publicUrl, template)(request, response, () => response.set("Cache-Control", "no-store").type("html").send(html));
  };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
