import { resumeVisit } from "../../conversations/contacts/visitors.ts";
import { answerPrechat, refuseUnanswered } from "../../conversations/inboxes/answerPrechat.ts";
import { labelOfField } from "../../conversations/inboxes/inboxTexts.ts";
import type { VisitorHello } from "../../protocol/visitor.ts";
import type { Gateway } from "../gateway.ts";
import type { Peer } from "../peer.ts";
import type { Place } from "../viewers.ts";
import type { VisitorSession } from "./visitorState.ts";

type Session = VisitorSession & { place: Place };

/** As far as this socket knows, nothing was said yet, and nothing was answered of what the inbox asks. */
export function isFirst({ visit, place }: Session): boolean {
  return !visit.answered && visit.lastSeq === 0 && place.seen === 0;
}

/**
 * A page that never asked, or asked before the form was changed, says its first message without what the inbox must know. Refusal
 * `invalid_value`, whose path is `prechat.<field>`.
 */
export async function requireAnswers(gateway: Gateway, session: Session, languages: readonly string[]): Promise<void> {
  const inbox = await gateway.inboxes.byId(session.visitor.tenant, session.inbox.id);
  if (inbox.prechat?.fields.some(({ required }) => required) !== true) return;
  // Another page of theirs may have answered meanwhile.
  const now = await resumeVisit(gateway, inbox, session.visit.token, { identified: session.visit.identified });
  session.visit.answered = now.answered;
  if (now.answered || now.lastSeq > 0) return;
  const texts = await gateway.inboxTexts(inbox);
  refuseUnanswered(inbox, (name) => labelOfField(texts, name, languages));
}

/** Keeps what a hello answers of it. What doesn't fit is told beside the welcome: the chat goes on without it. */
export async function keepAnswers(
  gateway: Gateway,
  peer: Peer,
  session: Session,
  hello: VisitorHello,
  languages: readonly string[],
): Promise<void> {
  try {
    await keep(gateway, session, hello, languages);
  } catch (error) {
    gateway.failed(error, "answers not kept");
    peer.sendError(error);
  }
}

async function keep(gateway: Gateway, session: Session, { prechat, team }: VisitorHello, languages: readonly string[]): Promise<void> {
  if (prechat === undefined && team === undefined) return;
  await gateway.limits.message(session.visitor.contact);
  const inbox = await gateway.inboxes.byId(session.visitor.tenant, session.inbox.id);
  const texts = await gateway.inboxTexts(inbox);
  const label = (name: string) => labelOfField(texts, name, languages);
  const answers = { ...(prechat === undefined ? {} : { prechat }), ...(team === undefined ? {} : { team }) };
  const kept = await answerPrechat(gateway, session.visitor, inbox, answers, label);
  const { name = session.visit.contactName, mailKnown = false } = kept ?? {};
  session.visit = { ...session.visit, answered: true, contactName: name, mailKnown };
}
