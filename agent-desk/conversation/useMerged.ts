import { useEffect, useState } from "preact/hooks";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { useDesk } from "../shell/deskContext.ts";
import { go, route } from "../shell/route.ts";
import { moveDraft } from "./drafts.ts";
import type { OpenConversation } from "./openConversation.ts";
import { askedPart } from "./useJump.ts";

/** Follows what was merged into the conversation on the page, for as long as it is there. */
export function useMerged(head: ConversationHead | null): readonly OpenConversation[] {
  const desk = useDesk();
  const ids = head?.merged?.map(({ id }) => id).join(" ") ?? "";
  const [parts, setParts] = useState<readonly OpenConversation[]>([]);
  useEffect(() => {
    const followed = ids === "" ? [] : ids.split(" ").map((id) => desk.accompany(id));
    setParts(followed.map(({ conversation }) => conversation));
    return () => {
      for (const { leave } of followed) leave();
    };
  }, [desk, ids]);
  return parts;
}

/** What was merged is shown where it went, with the message that was asked for and what was written to it. */
export function useWhereItWent(head: ConversationHead | null): void {
  const { account } = useDesk();
  const from = head?.id;
  const to = head?.mergedInto;
  useEffect(() => {
    if (from === undefined || to === undefined) return;
    const { message } = route.peek();
    askedPart.value = message === null ? null : { conversation: from, message };
    goWhereItWent(account.id, { from, to, message });
  }, [account.id, from, to]);
}

export function goWhereItWent(me: string, { from, to, message = null }: { from: string; to: string; message?: string | null }): void {
  moveDraft(localStorage, me, { from, to });
  go({ conversation: to, message }, "replace");
}
