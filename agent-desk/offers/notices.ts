import { signal } from "@preact/signals";

/** Something that I should hear wherever I am at the desk: a transfer that came back. */
export interface Notice {
  id: number;
  conversation: string;
  text: string;
}

const mostShown = 5;

export const notices = signal<readonly Notice[]>([]);

let count = 0;

export function hearNotice({ conversation, text }: Omit<Notice, "id">): void {
  count += 1;
  notices.value = [{ id: count, conversation, text }, ...notices.peek()].slice(0, mostShown);
}

export function dismissNotice(id: number): void {
  notices.value = notices.peek().filter((notice) => notice.id !== id);
}
