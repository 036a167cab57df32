import { useRef, useState } from "preact/hooks";
import { isSame } from "../../src/protocol/isSame.ts";
import type { OperationView } from "../../src/protocol/operations.ts";
import { useDesk } from "../shell/deskContext.ts";
import { type Draft, isChanged, keepDraft, readDraft, sinceSaved } from "./draft.ts";

export interface Drafting {
  draft: Draft;
  /** Whether there is something to save. */
  isChanged: boolean;
  change: (draft: Draft) => void;
  /** Back to what is saved. */
  forget: () => void;
  /** It is saved as it was sent; what was written since stays, as a change of that version. */
  settle: (sent: Draft, saved: OperationView) => void;
}

/** What is being written of an operation, and of a new one: it survives a reload, and another page. */
export function useDraft(stored: OperationView | null, begin: Draft): Drafting {
  const { account } = useDesk();
  const place = stored?.name ?? `+${begin.kind}`;
  const [kept, setKept] = useState(() => readDraft(localStorage, account.id, place));
  const isMine = (draft: Draft) => (stored === null ? !isSame(draft, begin) : isChanged(draft, stored));
  const written = useRef<Draft | null>(null);
  const keep = (draft: Draft | null) => {
    setKept(draft);
    keepDraft(localStorage, account.id, place, draft);
  };
  const mine = kept !== null && isMine(kept) ? kept : null;
  return {
    draft: mine ?? begin,
    isChanged: mine !== null,
    change: (draft) => {
      written.current = draft;
      keep(isMine(draft) ? draft : null);
    },
    forget: () => {
      written.current = null;
      keep(null);
    },
    settle: (sent, saved) => {
      const since = sinceSaved(written.current, sent, saved);
      written.current = since;
      setKept(since);
      keepDraft(localStorage, account.id, place, null);
      keepDraft(localStorage, account.id, saved.name, since);
    },
  };
}
