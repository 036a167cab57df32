import type { Request, Response, Router } from "express";
import { renderSVG } from "uqr";
import {
  beginSuperEnrolment,
  chooseSuperPassword,
  confirmSuperMail,
  mailSuperLink,
  showSuperFactor,
} from "../../access/super/setUpSuper.ts";
import { signInSuper, signOutSuper } from "../../access/super/signInSuper.ts";
import type { SuperPrincipal } from "../../access/super/superSession.ts";
import { type Html, html } from "../../platform/mail/html.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { superCookie } from "./superCookie.ts";
import { askedOf, refusalOf, type SuperDoor, superForm, superOf, valueIn } from "./superDoor.ts";
import { fieldOf, nothingTold, superPage, type Told } from "./superPage.ts";

/** The sign-in, and what leads to the rest: password, mail, second factor. */
export function setUpPages(router: Router, door: SuperDoor): void {
  const { publicUrl } = door.config;
  const form = superForm({ publicUrl });

  const signInPage = (response: Response, wrong?: string, email = "") => {
    const content = html`<form method="post" action="/super/sign-in">
${fieldOf({ name: "email", label: "Mail", type: "email", value: email, complete: "username" })}
${fieldOf({ name: "password", label: "Password", type: "password", complete: "current-password", wrong, hint: "At the first sign-in, the secret that the server showed." })}
<button>Sign in</button></form>`;
    response.type("html").send(superPage("Sign in", undefined, nothingTold, content));
  };

  /** The one page on which a session is that has something else to do first. */
  const stepPage = async (response: Response, who: SuperPrincipal, refused?: Refusal, told: Told = nothingTold) => {
    const step = await stepOf(who, refused);
    // What is wrong with no field of the page stands above it.
    const above = refused !== undefined && refused.path === undefined ? { text: refused.message, wrong: true } : told;
    response.type("html").send(superPage(step.title, { name: who.name, inside: false }, above, step.content));
  };

  const stepOf = async (who: SuperPrincipal, refused: Refusal | undefined): Promise<{ title: string; content: Html }> => {
    const wrong = refused?.path === undefined ? undefined : refused.message;
    if (who.next === "setPassword") {
      const field = { name: "password", label: "New password", type: "password", complete: "new-password", wrong } as const;
      const content = html`<p>Step 1 of 3. The secret is used up; from now on you sign in with this password.</p>
<form method="post" action="/super/password">${fieldOf({ ...field, hint: "At least 15 characters; a sentence is easy to remember." })}<button>Save the password</button></form>`;
      return { title: "Choose a password", content };
    }
    if (who.next === "verifyEmail") {
      const content = html`<p>Step 2 of 3. We mail a link to <b>${who.email}</b>; it works once, within 24 hours. Then come back to this page.</p>
<form method="post" action="/super/mail/send" class="row"><button>Mail the link</button><a class="button quiet" href="/super">I have confirmed it</a></form>`;
      return { title: "Confirm your mail address", content };
    }
    const code = fieldOf({ name: "code", label: "Code of 6 digits", complete: "one-time-code", digits: true, wrong });
    if (who.next === "secondFactor") {
      return {
        title: "Second factor",
        content: html`<form method="post" action="/super/factor">${code}<button>Go on</button></form>
<p class="muted">Without your authenticator only the server helps: <code>npm run su -- reset ${who.email}</code>.</p>`,
      };
    }
    const { secret, address } = await beginSuperEnrolment(door, who);
    const content = html`<p>Step 3 of 3. Scan this with an authenticator app, then write the code that it shows.</p>
<div class="qr" role="img" aria-label="QR code for an authenticator app">${{ html: renderSVG(address) }}</div>
<p>Or type this into the app: <code class="secret">${secret}</code></p>
<form method="post" action="/super/factor">${code}<button>Enrol</button></form>
<p class="muted">There are no recovery codes. If the phone is lost, somebody on the server runs <code>npm run su -- reset ${who.email}</code>; then you begin with these three steps anew.</p>`;
    return { title: "Second factor", content };
  };

  /** Runs a step; what is refused is told on its page. */
  const step =
    (work: (who: SuperPrincipal, request: Request) => Promise<string | undefined>) =>
    async (request: Request, response: Response): Promise<void> => {
      const who = await superOf(door, request, response);
      try {
        const told = await work(who, request);
        if (told === undefined) response.redirect(303, "/super");
        else await stepPage(response, who, undefined, { text: told, wrong: false });
      } catch (error) {
        await stepPage(response, who, refusalOf(error, response));
      }
    };

  router.get("/super", async (request, response) => {
    const who = await superOf(door, request, response).catch(whereSignedOut);
    if (who === undefined) signInPage(response);
    else if (who.next === "none") response.redirect(303, "/super/tenants");
    else await stepPage(response, who);
  });

  router.post("/super/sign-in", form, async (request: Request, response: Response) => {
    const email = valueIn(request.body, "email");
    try {
      const attempt = { email, password: valueIn(request.body, "password"), userAgent: request.get("user-agent") ?? "" };
      const { token, endsAt } = await signInSuper(door, attempt, askedOf(request, response));
      response.set("Set-Cookie", superCookie(publicUrl, token, endsAt)).redirect(303, "/super");
    } catch (error) {
      signInPage(response, refusalOf(error, response).message, email);
    }
  });

  router.post(
    "/super/password",
    form,
    step(async (who, { body }) => {
      await chooseSuperPassword(door, who, valueIn(body, "password"));
      return undefined;
    }),
  );
  router.post(
    "/super/mail/send",
    form,
    step(async (who) => {
      await mailSuperLink(door, { mail: door.mail, publicUrl }, who);
      return `The mail to ${who.email} is on its way.`;
    }),
  );
  router.post(
    "/super/factor",
    form,
    step(async (who, { body }) => {
      await showSuperFactor(door, who, valueIn(body, "code"));
      return undefined;
    }),
  );

  // Programs that look at mails open links: only the button uses it up.
  router.get("/super/mail", (request, response) => {
    const { token } = request.query;
    const content = html`<form method="post" action="/super/mail"><input type="hidden" name="token" value="${typeof token === "string" ? token : ""}">
<p>Press the button to confirm that you read the mail to this address.</p><button>Confirm</button></form>`;
    response.type("html").send(superPage("Confirm your mail address", undefined, nothingTold, content));
  });
  router.post("/super/mail", form, async (request: Request, response: Response) => {
    const told = await confirmSuperMail(door, valueIn(request.body, "token"), askedOf(request, response)).then(
      () => ({ text: "The address is confirmed.", wrong: false }),
      (error: unknown) => ({ text: refusalOf(error, response).message, wrong: true }),
    );
    response.type("html").send(superPage("Mail address", undefined, told, html`<p><a class="button" href="/super">Go on</a></p>`));
  });

  router.post("/super/sign-out", form, async (request: Request, response: Response) => {
    await signOutSuper(door, await superOf(door, request, response));
    response.set("Set-Cookie", superCookie(publicUrl, "", new Date(0))).redirect(303, "/super");
  });
}

function whereSignedOut(error: unknown): undefined {
  if (!(error instanceof Refusal) || error.code !== "unauthenticated") throw error;
  return undefined;
}
