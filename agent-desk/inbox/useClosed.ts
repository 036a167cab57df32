import { useEffect, useRef, useState } from "preact/hooks";
import type { ConversationItem } from "../../src/protocol/desk.ts";
import { sentence } from "../commands/run.ts";
import { requestAsMe } from "../session/session.ts";
import { useDesk } from "../shell/deskContext.ts";
import { closedPageSize, withFirstPage, withNextPage } from "./closed.ts";

/** What closes within this time is asked for together. */
const gatherMs = 300;
const typingMs = 250;

interface Closed {
  /** The last closed first; null until the first page came. */
  items: ConversationItem[] | null;
  wrong: string | null;
  /** Asks for the next page; undefined where there is none. */
  more?: () => void;
}

/** The closed conversations page by page, `wanted` in the name. The first page is read again as soon as one leaves the live lists. */
export function useClosed(wanted: string): Closed {
  const { conversations } = useDesk();
  const [items, setItems] = useState<ConversationItem[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  /** Of which name the list is: an answer about another comes too late. */
  const of = useRef<string | null>(null);

  const read = async (cursor: string | null, again = false) => {
    setWrong(null);
    try {
      const page = await closedPage(wanted, cursor);
      if (of.current !== wanted) return;
      setItems((before) => (cursor === null ? withFirstPage(before, page.items) : withNextPage(before, page.items)));
      if (!again) setNext(page.nextCursor);
    } catch (error) {
      if (of.current === wanted) setWrong(sentence(error));
    }
  };
  useEffect(() => {
    const begin = () => {
      of.current = wanted;
      setItems(null);
      setNext(null);
      void read(null);
    };
    const soon = setTimeout(begin, of.current === null ? 0 : typingMs);
    return () => clearTimeout(soon);
  }, [wanted]);
  useEffect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined;
    const stop = conversations.left.subscribe(() => {
      if (of.current !== wanted) return;
      soon ??= setTimeout(() => {
        soon = undefined;
        void read(null, true);
      }, gatherMs);
    });
    return () => {
      stop();
      clearTimeout(soon);
    };
  }, [wanted]);
  return { items, wrong, ...(next === null ? {} : { more: () => void read(next) }) };
}

async function closedPage(wanted: string, cursor: string | null): Promise<{ items: ConversationItem[]; nextCursor: string | null }> {
  const filter = { open: { eq: false }, ...(wanted.trim() === "" ? {} : { contactName: { contains: wanted.trim() } }) };
  const query = new URLSearchParams({ sort: "-closedAt", limit: `${closedPageSize}`, filter: JSON.stringify(filter) });
  if (cursor !== null) query.set("cursor", cursor);
  return await requestAsMe({ method: "GET", path: `conversations?${query}` });
}
