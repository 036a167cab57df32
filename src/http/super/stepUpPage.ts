import type { Request, Response } from "express";
import { proveSuper } from "../../access/super/setUpSuper.ts";
import { isSteppedUp, type SuperPrincipal } from "../../access/super/superSession.ts";
import { html } from "../../platform/mail/html.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import { statusOf } from "../errors.ts";
import { refusalOf, type SuperDoor } from "./superDoor.ts";
import { fieldOf, nothingTold, superPage } from "./superPage.ts";

const field = "step-up-code";

/**
 * Before what a page that was left open must not be enough for (auth.md): a code of the second factor within the last five minutes. Without one
 * the page asks for it, with the form that was sent kept in it; answers whether what was asked for may be done now.
 */
export async function steppedUp(door: SuperDoor, request: Request, response: Response, who: SuperPrincipal): Promise<boolean> {
  if (isSteppedUp(who, door.clock.now())) return true;
  const sent = fieldsOf(request.body);
  const code = sent.find(([name]) => name === field)?.[1];
  let refused: Refusal | undefined;
  if (code !== undefined) {
    try {
      await proveSuper(door, who, code);
      return true;
    } catch (error) {
      refused = refusalOf(error, response);
    }
  } else response.status(statusOf.step_up_needed);
  const kept = sent.filter(([name]) => name !== field).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
  const content = html`<p>This needs a code of your second factor once more. It holds for five minutes.</p>
<form method="post" action="${request.originalUrl}">${kept}${fieldOf({ name: field, label: "Code of 6 digits", complete: "one-time-code", digits: true, wrong: refused?.message })}<button>Go on</button></form>`;
  response.type("html").send(superPage("Is it still you?", { name: who.name, inside: true }, nothingTold, content));
  return false;
}

function fieldsOf(body: unknown): [string, string][] {
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([name, value]): [string, string][] => (typeof value === "string" ? [[name, value]] : []));
}
