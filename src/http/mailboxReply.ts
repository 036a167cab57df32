import express, { type RequestHandler } from "express";
import type { Email } from "postal-mime";
import { composeReply } from "../platform/mail/composeReply.ts";
import { type Html, html } from "../platform/mail/html.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { HttpDependencies } from "./dependencies.ts";

const most = 10_000;

/** What was written so far, and why it did not arrive. */
export interface Reply {
  text: string;
  wrong?: string;
}

/** The form by which a mail of the mailbox is answered as the customer would. */
export function replyForm(id: string, { text, wrong }: Reply, arrived: boolean): Html {
  return html`<h2>Answer it as the customer</h2>
${arrived ? html`<p role="status">Your answer came into the conversation.</p>` : html``}
<form method="post" action="/mailbox/${id}/reply">
<label for="text">What the customer writes</label>
<textarea id="text" name="text" rows="5" required maxlength="${most}" aria-describedby="how wrong"${wrong === undefined ? html`` : html` aria-invalid="true"`}>${text}</textarea>
${wrong === undefined ? html`` : html`<p id="wrong" role="alert">${wrong}</p>`}
<p id="how">It goes the way that a real mail goes: whole and signed, by <code>POST /channels/mail/messages</code>.</p>
<button>Send the answer</button>
</form>`;
}

/** A form as browsers send one, from our own pages alone: no other site writes in a customer's name. Refusal `origin_refused`. */
export function readForm({ config }: Pick<HttpDependencies, "config">): RequestHandler[] {
  const ours: RequestHandler = (request, _response, next) => {
    const origin = request.get("origin");
    if (origin !== undefined && origin !== new URL(config.publicUrl).origin)
      throw new Refusal("origin_refused", "Only a page of the mailbox itself may answer a mail.");
    next();
  };
  return [ours, express.urlencoded({ extended: false, limit: "256kb" })];
}

/** Brings what was written to the conversation; answers it back with what was wrong, or nothing. */
export async function sendReply(
  { bringMail }: Pick<HttpDependencies, "bringMail">,
  answered: { id: string; mail: Email },
  body: unknown,
): Promise<Reply | undefined> {
  const given: unknown = typeof body === "object" && body !== null ? Reflect.get(body, "text") : undefined;
  if (typeof given !== "string") return { text: "", wrong: 'The field "text" is missing: write what the customer answers.' };
  const text = given.toWellFormed().replaceAll("\u0000", "\uFFFD");
  if (text.trim() === "") return { text: "", wrong: "Nothing to send: the answer is empty." };
  if (text.length > most)
    return { text, wrong: `${most.toLocaleString("en")} characters is the limit, yours has ${text.length.toLocaleString("en")}.` };
  const raw = await composeReply(answered.mail, text);
  if (raw === undefined || bringMail === undefined) return { text, wrong: "This mail can't be answered: it names no address for answers." };
  try {
    const wrong = await bringMail(answered.id, raw);
    return wrong === undefined ? undefined : { text, wrong };
  } catch (error) {
    throw new Refusal("unavailable", "The webhook could not be reached at PUBLIC_URL; is it this machine's?", {
      cause: error,
      retryAfterMs: 1000,
    });
  }
}
