import { openKey, tokenKey } from "../embedding.ts";

/** What the browser keeps of a visitor. Where it may not, everything still works until the page is left. */
export interface Remembered {
  token(): string | null;
  setToken(token: string | null): void;
  /** The last `seq` that was seen of this conversation, in any tab. */
  readSeq(conversation: string): number;
  setReadSeq(conversation: string, seq: number): void;
  draft(): string;
  setDraft(text: string): void;
  setOpen(open: boolean): void;
  /** What the visitor chose: the language, or "off" for the sound. */
  choice(of: "language" | "sound"): string | null;
  choose(of: "language" | "sound", value: string | null): void;
}

export type KeyValue = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export function remember({ local, session }: { local: KeyValue; session: KeyValue }, inbox: string): Remembered {
  const readKey = `switchboard:${inbox}:read`;
  const draftKey = `switchboard:${inbox}:draft`;
  return {
    token: () => local.getItem(tokenKey(inbox)),
    setToken: (token) => put(local, tokenKey(inbox), token),
    readSeq(conversation) {
      const [whose, seq] = (local.getItem(readKey) ?? "").split(" ");
      return whose === conversation ? Number(seq) || 0 : 0;
    },
    setReadSeq: (conversation, seq) => put(local, readKey, `${conversation} ${seq}`),
    draft: () => local.getItem(draftKey) ?? "",
    setDraft: (text) => put(local, draftKey, text || null),
    choice: (of) => local.getItem(`switchboard:${inbox}:${of}`),
    choose: (of, value) => put(local, `switchboard:${inbox}:${of}`, value),
    setOpen: (open) => put(session, openKey(inbox), open ? "1" : null),
  };
}

function put(storage: KeyValue, key: string, value: string | null): void {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, value);
  } catch {
    // full: it is forgotten with the page
  }
}

/** The browser's storage; where it is forbidden, the page's memory. */
export function browserStorage(name: "localStorage" | "sessionStorage"): Storage {
  try {
    const storage = window[name];
    storage.getItem("");
    return storage;
  } catch {
    return memoryStorage();
  }
}

function memoryStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  };
}
