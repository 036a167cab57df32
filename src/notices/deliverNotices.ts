import type { Bus } from "../platform/bus/bus.ts";
import { every } from "../platform/clock/clock.ts";
import { html, mailPage } from "../platform/mail/html.ts";
import { announceMail, queueMail } from "../platform/mail/outbox.ts";
import type { Platform } from "../platform/platform.ts";
import { type NoticeSettings, noticeText } from "../protocol/notices.ts";
import { writeNotices } from "./causeStore.ts";
import { planNotices } from "./noticeRules.ts";
import {
  accountsWithDue,
  deleteSubscription,
  findAddressee,
  findSettings,
  lockOpenNotices,
  markNotices,
  type NoticesOf,
  type OpenRow,
} from "./noticeStore.ts";
import type { PushKeys } from "./pushKeys.ts";
import { type Push, sendPush } from "./sendPush.ts";

export interface Noticing extends Platform {
  publicUrl: string;
  keys: PushKeys;
  /** Whether mail goes out here. */
  mails: boolean;
}

/** Heard by whoever shows the notices of this account. */
export function noticesSubject(tenant: string, account: string): string {
  return `agent.${tenant}.${account}`;
}

export function announceNotices({ bus }: { bus: Pick<Bus, "publish"> }, { tenant, account }: NoticesOf): void {
  bus.publish(noticesSubject(tenant, account), { notices: true });
}

export const noticesEveryMs = 2500;
const atOnce = 100;
/** So many pushes at once are read one by one; more become one that counts them. */
const fewPushes = 3;

/** Finds what people should know, and tells them by push and mail; any number of processes may. The answer stops it. */
export function startNotices(noticing: Noticing): () => void {
  const look = async () => {
    for (const each of await writeNotices(noticing.database.acrossTenants)) announceNotices(noticing, each);
    for (const each of await accountsWithDue(noticing.database.acrossTenants, atOnce)) await tell(noticing, each);
  };
  const failed = (error: unknown) => noticing.log.warn({ error }, "notices could not be written or brought");
  const stop = every(noticing.clock, noticesEveryMs, look, failed);
  return stop;
}

async function tell(noticing: Noticing, { tenant, account }: NoticesOf): Promise<void> {
  const { database, clock } = noticing;
  const told = await database.forTenant(tenant).transaction(async (tx) => {
    const open = await lockOpenNotices(tx, account);
    if (open === undefined) return undefined;
    const [addressee, settings] = [await findAddressee(tx, account), await findSettings(tx, account)];
    const now = { nowMs: clock.now(), atDesk: addressee?.atDesk === true, hasPush: (addressee?.subscriptions.length ?? 0) > 0 };
    const plan = addressee === undefined ? { push: [], mail: [], againInMs: null } : planNotices(open, settings, now);
    const mailed = open.filter(({ id }) => plan.mail.includes(id));
    const looked = open.map(({ id }) => id);
    await markNotices(tx, account, { looked, pushed: plan.push, mailed: plan.mail, againInMs: plan.againInMs });
    if (addressee !== undefined && noticing.mails && mailed.length > 0) {
      await queueMail(tx, {
        kind: "notice",
        key: `notice:${mailed[0]?.id}`,
        to: addressee.email,
        automatic: true,
        ...mailOf(noticing, mailed),
      });
    }
    return { settings, subscriptions: addressee?.subscriptions ?? [], pushed: open.filter(({ id }) => plan.push.includes(id)), mailed };
  });
  if (told === undefined) return;
  if (told.mailed.length > 0) announceMail(noticing);
  // After the commit and never again: a push that gets lost is still at the desk, one that comes twice would be a nuisance.
  for (const push of pushesOf(told.pushed, told.settings)) await pushTo(noticing, { tenant, account }, told.subscriptions, push);
}

async function pushTo(
  { database, keys, publicUrl, log }: Noticing,
  { tenant, account }: NoticesOf,
  subscriptions: readonly Parameters<typeof sendPush>[1][],
  push: Push,
): Promise<void> {
  const subject = publicUrl.startsWith("https:") ? publicUrl : "mailto:nobody@switchboard.example";
  for (const subscription of subscriptions) {
    const outcome = await sendPush({ keys, subject }, subscription, push);
    if (outcome === "gone") await deleteSubscription(database.forTenant(tenant), account, subscription.endpoint);
    else if (outcome === "failed") log.warn({ account, service: new URL(subscription.endpoint).host }, "a push was not taken");
  }
}

/** Behind the `#` of the desk's address. */
function placeOf({ what, conversation, run }: OpenRow): string {
  if (run !== null) return `runs/${run}`;
  if (conversation === null) return "mine";
  return `${what === "mention" ? "mentions" : "mine"}/${conversation}`;
}

/** What was written stands in a push only where its reader wants that: it is seen on locked screens. */
function pushesOf(notices: readonly OpenRow[], { preview }: Pick<NoticeSettings, "preview">): Push[] {
  if (notices.length > fewPushes) {
    return [{ title: `${notices.length} notices`, body: countedText(notices), tag: "summary", place: "mine" }];
  }
  return notices.map((notice) => ({
    title: noticeText(notice),
    body: preview ? notice.lastText : "",
    tag: `${notice.what}:${notice.run ?? notice.conversation ?? notice.id}`,
    place: placeOf(notice),
  }));
}

function countedText(notices: readonly OpenRow[]): string {
  const newest = notices.slice(-2).reverse().map(noticeText);
  const rest = notices.length - newest.length;
  return [...newest, ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
}

function mailOf({ publicUrl }: Pick<Noticing, "publicUrl">, notices: readonly OpenRow[]): { subject: string; text: string; html: string } {
  const [first] = notices;
  const subject = first !== undefined && notices.length === 1 ? noticeText(first) : `${notices.length} notices from Switchboard`;
  const lines = notices.map((notice) => ({ text: noticeText(notice), link: `${publicUrl}/desk#/${placeOf(notice)}` }));
  const why = "You can choose at the desk, beside the bell, what you are told by mail.";
  return {
    subject,
    text: `${lines.map(({ text, link }) => `${text}\n${link}`).join("\n\n")}\n\n--\n${why}\n`,
    html: mailPage("en", subject, [
      ...lines.map(({ text, link }) => html`<p style="margin:8px 0"><a href="${link}" style="color:#2d55dd">${text}</a></p>\n`),
      html`<p style="color:#626976;font-size:13px;border-top:1px solid #e3e6eb;padding-top:12px">${why}</p>`,
    ]),
  };
}
