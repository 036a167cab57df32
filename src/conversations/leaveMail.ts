import type { VisitorPrincipal } from "../access/principal.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import { publishConversationEvent } from "./events.ts";
import { saveContactMail } from "./visitorStore.ts";

/** Keeps where the answer may go, as the visitor's own word: it proves nothing and joins no contacts. Refusal `invalid_value`. */
export async function leaveMail(deps: Pick<Platform, "database" | "bus">, visitor: VisitorPrincipal, email: string): Promise<string> {
  const address = email.trim();
  // What can be read as an address; whether somebody has it, only a mail would tell.
  if (!/^[^\s@\p{Cc}"<>]{1,64}@[^\s@\p{Cc}"<>]+\.[^\s@\p{Cc}"<>.]{2,}$/u.test(address))
    throw new Refusal("invalid_value", `"${address.slice(0, 60)}" is no mail address; write one like name@example.com.`, { path: "email" });
  await saveContactMail(deps.database.forTenant(visitor.tenant), visitor.contact, address);
  publishConversationEvent(deps, visitor.tenant, { kind: "contactChanged", conversation: visitor.conversation });
  return address;
}
