import { type RequestHandler, Router } from "express";
import PostalMime, { type Email } from "postal-mime";
import { type Html, html } from "../platform/mail/html.ts";
import { contentPolicy } from "./contentPolicy.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { notFound } from "./errors.ts";
import { type Reply, readForm, replyForm, sendReply } from "./mailboxReply.ts";
import { toPublicUrl } from "./toPublicUrl.ts";

/**
 * In development, what would have been mailed: `GET /mailbox`, one mail at `/mailbox/<id>`, which is answered there as the customer would.
 * Elsewhere there is no such page.
 */
export function mailboxRoutes(deps: Pick<HttpDependencies, "config" | "mailbox" | "bringMail">): Router {
  const { config, mailbox } = deps;
  const router = Router({ caseSensitive: true });
  if (mailbox === undefined || config.stage !== "development") return router;
  const policy = contentPolicy(config.publicUrl, pageOf("", html``));
  const page = [policy, toPublicUrl(config)];

  const found = async (id: unknown): Promise<Email> => {
    const raw = typeof id === "string" ? await mailbox.read(id) : undefined;
    if (raw === undefined) throw notFound();
    return await PostalMime.parse(raw);
  };

  const list: RequestHandler = async (_request, response) => {
    const mails = await Promise.all((await mailbox.list()).map(async (id) => ({ id, mail: await found(id) })));
    const rows = mails.map(
      ({ id, mail }) =>
        html`<li><a href="/mailbox/${id}"><b>${mail.subject ?? ""}</b><span>to ${addressed(mail)}</span><time>${mail.date ?? ""}</time></a></li>`,
    );
    const empty = html`<p>No mail yet. Leave an address in the chat by writing <code>email me@example.com</code>, have an agent answer, and close the chat; or write <code>transcript me@example.com</code>.</p>`;
    response.type("html").send(pageOf("Mailbox", rows.length === 0 ? empty : html`<ul>${rows}</ul>`));
  };

  const pageOfMail = (id: string, mail: Email, reply: Reply, arrived = false): string => {
    const fields = [
      ["From", mail.from?.address === undefined ? "" : `${mail.from.name} <${mail.from.address}>`],
      ["To", addressed(mail)],
      ["Answers go to", mail.replyTo?.[0]?.address ?? mail.from?.address ?? ""],
      ["Date", mail.date ?? ""],
      ["Message-ID", mail.messageId ?? ""],
      ["Answers", mail.inReplyTo ?? ""],
    ].filter(([, value]) => value !== "");
    return pageOf(
      mail.subject ?? "",
      html`<p><a href="/mailbox">All mail</a></p>
<dl>${fields.map(([name = "", value = ""]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<iframe title="The mail" src="/mailbox/${id}/html" sandbox=""></iframe>
${replyForm(id, reply, arrived)}
<h2>The same as text</h2>
<pre tabindex="0">${mail.text ?? ""}</pre>`,
    );
  };

  const one: RequestHandler = async (request, response) => {
    const id = String(request.params["id"]);
    response.type("html").send(pageOfMail(id, await found(id), { text: "" }, request.query["answered"] !== undefined));
  };

  const answer: RequestHandler = async (request, response) => {
    const id = String(request.params["id"]);
    const mail = await found(id);
    const reply = await sendReply(deps, { id, mail }, request.body);
    if (reply === undefined) response.redirect(303, `/mailbox/${id}?answered`);
    else
      response
        .status(422)
        .type("html")
        .send(pageOfMail(id, mail, reply));
  };

  const asHtml: RequestHandler = async (request, response) => {
    const mail = await found(request.params["id"]);
    response.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox");
    response.set("X-Frame-Options", "SAMEORIGIN");
    response.type("html").send(mail.html ?? "");
  };

  router.get("/mailbox", page, list);
  router.get("/mailbox/:id", page, one);
  router.get("/mailbox/:id/html", asHtml);
  router.post("/mailbox/:id/reply", policy, readForm(deps), answer);
  return router;
}

function addressed(mail: Email): string {
  return (mail.to ?? []).map(({ address }) => address ?? "").join(", ");
}

function pageOf(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Mailbox</title><style>
:root { color-scheme: light dark; --line: light-dark(#e3e6eb, #292d36); --muted: light-dark(#535a66, #a9b1be); --accent: light-dark(#2d55dd, #8aa6ff); }
body { margin: 0; font: 14px/20px ui-sans-serif, system-ui, sans-serif; background: light-dark(#fff, #15171c); color: light-dark(#14171c, #e7e9ee); }
main { max-width: 820px; margin: 0 auto; padding: 24px 16px; }
h1 { font-size: 20px; line-height: 28px; overflow-wrap: anywhere; } h2 { font-size: 14px; }
a { color: var(--accent); } p { max-width: 60ch; } code { font-family: ui-monospace, monospace; }
ul { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 10px; }
li + li { border-top: 1px solid var(--line); }
li a { display: grid; grid-template-columns: 1fr auto; gap: 2px 16px; padding: 10px 14px; color: inherit; text-decoration: none; }
li b { font-weight: 600; overflow-wrap: anywhere; } li span { grid-row: 2; } li span, li time, dt { color: var(--muted); }
a:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 6px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0 0 16px; } dd { margin: 0; overflow-wrap: anywhere; }
iframe { width: 100%; height: 420px; border: 1px solid var(--line); border-radius: 10px; background: #fff; color-scheme: light; }
label { display: block; margin-bottom: 4px; font-weight: 600; } form p { color: var(--muted); margin: 6px 0; } form p[role="alert"] { color: light-dark(#b92c10, #ff8a75); }
textarea { box-sizing: border-box; width: 100%; padding: 8px 10px; font: inherit; color: inherit; background: transparent; border: 1px solid light-dark(#868e9c, #6d7686); border-radius: 6px; resize: vertical; }
button { min-height: 34px; padding: 0 14px; font: inherit; font-weight: 600; color: light-dark(#fff, #0b1024); background: var(--accent); border: 0; border-radius: 6px; cursor: pointer; }
textarea:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
pre { padding: 12px 14px; border: 1px solid var(--line); border-radius: 10px; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 480px) { li a, dl { grid-template-columns: 1fr; } li span { grid-row: auto; } }
</style></head>
<body><main><h1>${title}</h1>
${content}
</main></body>
</html>
`.html;
}
