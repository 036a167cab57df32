import type { VisitorPrincipal } from "../../access/principal.ts";
import type { Platform } from "../../platform/platform.ts";
import { maxCommentLength, type Rating } from "../../protocol/rating.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { findControl } from "../conversationStore.ts";
import { publishConversationEvent } from "../events.ts";
import { cleanText } from "../ledger/receiveMessage.ts";
import { changeableMinutes, saveRating } from "./ratingStore.ts";

/**
 * What a visitor says of their conversation once it has ended: once for each end, to be changed for ten minutes.
 * Refusals: `invalid_value`, and `conflict` where it is open or was rated before.
 */
export async function rateConversation(
  deps: Pick<Platform, "database" | "bus">,
  visitor: Pick<VisitorPrincipal, "tenant" | "conversation">,
  { score, comment = "" }: { score: number; comment?: string },
): Promise<Rating> {
  if (!Number.isInteger(score) || score < 1 || score > 5)
    throw new Refusal("invalid_value", "The score must be a whole number from 1 to 5.", { path: "score" });
  const length = [...comment].length;
  if (length > maxCommentLength)
    throw new Refusal(
      "invalid_value",
      `A comment has at most ${maxCommentLength.toLocaleString("en")} characters, yours has ${length.toLocaleString("en")}.`,
      {
        path: "comment",
      },
    );
  const sql = deps.database.forTenant(visitor.tenant);
  const rating = await saveRating(sql, visitor.conversation, score, cleanText(comment.trim(), { mayBeEmpty: true }));
  if (rating !== undefined) {
    publishConversationEvent(deps, visitor.tenant, { kind: "rated", conversation: visitor.conversation });
    return rating;
  }
  const control = await findControl(sql, visitor.conversation);
  if (control === undefined) throw new Refusal("not_found", "There is no such conversation.");
  throw new Refusal(
    "conflict",
    control.open
      ? "A conversation can be rated once it has ended."
      : `This conversation was rated already; a rating can be changed for ${changeableMinutes} minutes.`,
  );
}
