import type { Json } from "../../platform/bus/bus.ts";
import type { Sql } from "../../platform/database/database.ts";
import { hashOfToken, newToken } from "../sessions/opaqueToken.ts";
import { deleteLink, deleteLinksOf, insertLink, readLink, type StoredLink } from "./mailLinkStore.ts";

/** What a mailed link allows, and for how long (auth.md). */
const lifeMs = {
  verifyEmail: 24 * 3_600_000,
  changeEmail: 24 * 3_600_000,
  resetPassword: 10 * 60_000,
  resetFactor: 24 * 3_600_000,
  invitation: 72 * 3_600_000,
  linkIdentity: 3_600_000,
} as const;

export type LinkPurpose = keyof typeof lifeMs;

export interface NewLink {
  purpose: LinkPurpose;
  /** None where it is for whoever reads the address, as an invitation is. */
  account: string | undefined;
  /** Where it is mailed to. */
  email: string;
  detail?: Readonly<Record<string, Json>>;
}

export type MailLink = StoredLink & { purpose: LinkPurpose };

/** A new link, in the transaction of what it is for; answers its token, of which only the hash is stored. The older ones of an account end. */
export async function createLink(tx: Sql, nowMs: number, { purpose, account, email, detail = {} }: NewLink): Promise<string> {
  const token = newToken();
  await deleteLinksOf(tx, account ?? null, purpose);
  await insertLink(tx, hashOfToken(token), {
    account: account ?? null,
    purpose,
    email,
    detail,
    createdAt: new Date(nowMs),
    expiresAt: new Date(nowMs + lifeMs[purpose]),
  });
  return token;
}

/** What the link allows, without using it up: to check what goes with it first. None if it is false, used or late. */
export async function findLink(sql: Sql, nowMs: number, token: string, purposes: readonly LinkPurpose[]): Promise<MailLink | undefined> {
  return counting(await readLink(sql, hashOfToken(token)), nowMs, purposes);
}

/** The same and uses it up, in the transaction of its effect: of two that come at once, one gets it. */
export async function takeLink(tx: Sql, nowMs: number, token: string, purposes: readonly LinkPurpose[]): Promise<MailLink | undefined> {
  const found = counting(await readLink(tx, hashOfToken(token)), nowMs, purposes);
  return found !== undefined && (await deleteLink(tx, hashOfToken(token))) ? found : undefined;
}

function counting(link: StoredLink | undefined, nowMs: number, purposes: readonly LinkPurpose[]): MailLink | undefined {
  const purpose = purposes.find((each) => each === link?.purpose);
  return link === undefined || purpose === undefined || link.expiresAt.getTime() <= nowMs ? undefined : { ...link, purpose };
}

/** Its base is configured and never taken from a request (advisory 21); behind the `#` the token reaches no server's log and no referrer. */
export function linkAddress(publicUrl: string, purpose: LinkPurpose, token: string): string {
  return `${publicUrl}/desk#/link/${purpose}/${token}`;
}
