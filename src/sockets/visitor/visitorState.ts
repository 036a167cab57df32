import type { VisitorPrincipal } from "../../access/principal.ts";
import type { Visit } from "../../conversations/contacts/visitors.ts";
import type { Control } from "../../conversations/conversation.ts";
import type { Inbox } from "../../conversations/inboxes/inboxes.ts";
import { findRating } from "../../conversations/marks/ratingStore.ts";
import type { ConversationState } from "../../protocol/conversation.ts";
import type { Away } from "../../protocol/inbox.ts";
import type { Gateway } from "../gateway.ts";
import type { QueueWatch } from "./queuePlaces.ts";
import type { Led } from "./visitorLead.ts";

/** Whose page it is, and where it talks. */
export interface VisitorSession {
  visitor: VisitorPrincipal;
  inbox: Inbox;
  visit: Visit;
}

type Knowing = Pick<Gateway, "database" | "hours" | "inboxTexts" | "failed">;

/**
 * Who answers, how long it takes and whether anybody is there, as a visitor's page shows it; `languages`: what they read, the best first;
 * `ended`: the generation of the visitor's own conversation, to which a rating belongs.
 */
export async function stateOf(
  gateway: Knowing,
  session: VisitorSession,
  { conversation, control }: Led,
  { ended, queue, languages }: { ended: number; queue: QueueWatch | undefined; languages: readonly string[] },
): Promise<ConversationState> {
  const { controller, agent, open } = control;
  const away = await awayOf(gateway, session, control, languages);
  const said = away === undefined ? {} : { away };
  if (!open) return { controller: "bot", ...said, open, ...(await ratingOf(gateway, session, ended)) };
  if (controller === "agent" && agent !== null) return { controller, agent: { name: agent.name }, ...said, open };
  const place = controller === "queue" ? await queue?.placeOf(conversation) : undefined;
  return {
    controller,
    ...(place === undefined ? {} : { position: place.position }),
    // While nobody answers, how long it took in the last hour says nothing.
    ...(place?.waitSeconds === undefined || away !== undefined ? {} : { waitSeconds: place.waitSeconds }),
    ...said,
    open,
  };
}

async function ratingOf(
  { database }: Knowing,
  { visitor }: VisitorSession,
  generation: number,
): Promise<Pick<ConversationState, "rating">> {
  const rating = await findRating(database.forTenant(visitor.tenant), visitor.conversation, generation);
  return rating === undefined ? {} : { rating };
}

/** Who talks with an agent hears of no closing time; that nobody is there any more, they do. */
async function awayOf(
  gateway: Knowing,
  { inbox, visit }: VisitorSession,
  { controller }: Control,
  languages: readonly string[],
): Promise<Away | undefined> {
  const absence = await gateway.hours.absence(inbox.tenant, inbox.id).catch((error: unknown) => {
    // Whoever writes is told by the message itself that nothing can be saved.
    gateway.failed(error, "could not read the hours");
    return undefined;
  });
  if (absence === undefined || (controller === "agent" && absence.reason === "closed")) return undefined;
  const text = await gateway.inboxTexts(inbox).then(
    (texts) => texts.text(`away.${absence.reason}`, languages)?.text ?? "",
    () => "",
  );
  return { ...absence, text, mailKnown: visit.mailKnown };
}
