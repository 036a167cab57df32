import { type NoticeChannel, type NoticeKind, type NoticeSettings, noticeKinds } from "../protocol/notices.ts";

const everywhere = { desk: true, push: true, mail: true };
const hereAndNow = { desk: true, push: true, mail: false };

/** What is told where, unless somebody wants it otherwise: by mail only what waits for one person. */
export const usualKinds: NoticeSettings["kinds"] = {
  offer: hereAndNow,
  assigned: everywhere,
  queue: hereAndNow,
  service: hereAndNow,
  mail: { desk: true, push: false, mail: false },
  mention: everywhere,
  approval: everywhere,
  run: { desk: true, push: false, mail: false },
  message: everywhere,
};

export type ChangedKinds = Partial<Record<NoticeKind, Partial<Record<NoticeChannel, boolean>>>>;

/** What somebody changed, over the usual. */
export function settingsOf(changed: ChangedKinds, quiet: NoticeSettings["quiet"], preview: boolean): NoticeSettings {
  const kinds = { ...usualKinds };
  for (const kind of noticeKinds) kinds[kind] = { ...usualKinds[kind], ...changed[kind] };
  return { kinds, quiet, preview };
}

/** Milliseconds until the quiet hours end; 0 outside of them. They may go past midnight; of equal ends there are none. */
export function quietForMs({ quiet }: Pick<NoticeSettings, "quiet">, nowMs: number): number {
  if (quiet === null || quiet.from === quiet.to) return 0;
  const minute = minuteOfDay(nowMs, quiet.timeZone);
  const sinceBegin = (minute - quiet.from + 1440) % 1440;
  const length = (quiet.to - quiet.from + 1440) % 1440;
  return sinceBegin < length ? (length - sinceBegin) * 60_000 - (nowMs % 60_000) : 0;
}

function minuteOfDay(nowMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(nowMs);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0);
  return part("hour") * 60 + part("minute");
}

/** A notice that is not read yet. */
export interface OpenNotice {
  id: string;
  what: NoticeKind;
  atMs: number;
  pushed: boolean;
  mailed: boolean;
}

export interface NoticePlan {
  /** Together they become one push where they are more than a few. */
  push: string[];
  /** Together one mail. */
  mail: string[];
  /** When to look again; null: nothing more is to be done with these. */
  againInMs: number | null;
}

/** Whoever reads it at the desk within this time gets no mail. */
export const mailAfterMs = 5 * 60_000;

/**
 * What goes out now for one account. In quiet hours nothing does, and afterwards one push and one mail say all that is still open; whoever is at
 * the desk gets no mail.
 */
export function planNotices(
  open: readonly OpenNotice[],
  settings: NoticeSettings,
  now: { nowMs: number; atDesk: boolean; hasPush: boolean },
): NoticePlan {
  const wanted = (channel: NoticeChannel) => open.filter(({ what }) => settings.kinds[what][channel]);
  const toPush = now.hasPush ? wanted("push").filter(({ pushed }) => !pushed) : [];
  const toMail = wanted("mail").filter(({ mailed }) => !mailed);
  const quietMs = quietForMs(settings, now.nowMs);
  if (quietMs > 0) return { push: [], mail: [], againInMs: toPush.length + toMail.length > 0 ? quietMs : null };
  const oldest = Math.min(...toMail.map(({ atMs }) => atMs));
  const mailInMs = oldest + mailAfterMs - now.nowMs;
  const mailNow = toMail.length > 0 && mailInMs <= 0 && !now.atDesk;
  return {
    push: toPush.map(({ id }) => id),
    mail: mailNow ? toMail.map(({ id }) => id) : [],
    againInMs: toMail.length === 0 || mailNow ? null : Math.max(mailInMs, now.atDesk ? 60_000 : 1000),
  };
}
