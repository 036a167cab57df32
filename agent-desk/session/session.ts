import { signal } from "@preact/signals";
import type { SessionAnswer, TicketAnswer } from "../../src/protocol/access.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { type Request, request } from "./request.ts";
import { askStepUp } from "./stepUp.ts";

export type SessionState =
  /** The first refresh is on its way; `problem` tells why it takes long. */
  | { kind: "unknown"; problem?: string }
  /** `reason` is told above the form. */
  | { kind: "signedOut"; reason?: string }
  /** The second half of the sign-in is to come. */
  | { kind: "secondFactor"; email: string }
  /** A second factor is asked for, or nothing is possible without one. */
  | { kind: "enrolment"; asks: "enrol" | "renew"; dueAt: string | null; forced: boolean }
  /** The link that was mailed has to be opened first. */
  | { kind: "verifyEmail"; email: string }
  /** A tenant has to be made first. */
  | { kind: "noTenant" }
  | { kind: "signedIn"; account: SessionAnswer["account"] };

/** Who sits here. The access token itself is in this module's memory only, never in storage or an address. */
export const session = signal<SessionState>({ kind: "unknown" });

let token: { value: string; endsAt: number } | undefined;
let refreshing: Promise<void> | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const otherTabs = new BroadcastChannel("switchboard-session");

/** Begins with the refresh token that the browser may hold as a cookie, and tries again while the server is away. */
export async function resumeSession(attempt = 0): Promise<void> {
  otherTabs.onmessage = ({ data }: MessageEvent<unknown>) => heardFromOtherTab(data);
  document.addEventListener("visibilitychange", refreshWhenDue);
  try {
    await refresh();
  } catch (error) {
    if (error instanceof Refusal && error.code === "unauthenticated") return;
    session.value = { kind: "unknown", problem: error instanceof Refusal ? error.message : "Something went wrong; trying again." };
    timer = setTimeout(() => resumeSession(attempt + 1), Math.min(1000 * 2 ** attempt, 15_000));
  }
}

/** Throws the server's refusal, with `path` where one of the two fields is meant. */
export async function signIn(email: string, password: string): Promise<void> {
  begun(await request<SessionAnswer>({ method: "POST", path: "session", body: { email, password } }));
}

/** Goes on with a session that a provider's answer began. */
export function begun(answer: SessionAnswer): void {
  accept(answer, "begun");
  otherTabs.postMessage("signedIn");
}

/** Throws the server's refusal; where the sign-in is over, it is told above the form. */
export async function showSecondFactor(code: string): Promise<void> {
  try {
    accept(
      await request<SessionAnswer>({ method: "POST", path: "session/second-factor", body: { code }, accessToken: token?.value }),
      "begun",
    );
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "unauthenticated") throw error;
    forget(error.message);
    return;
  }
  otherTabs.postMessage("signedIn");
}

/** Goes on to the desk from what was asked at sign-in. */
export async function beginWork(): Promise<void> {
  await refresh();
}

export async function signOut(): Promise<void> {
  try {
    await requestAsMe({ method: "DELETE", path: "session" });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "unauthenticated") throw error;
  }
  forget();
  otherTabs.postMessage("signedOut");
}

/** A ticket for one `hello` on the desk's socket. */
export async function ticket(): Promise<string> {
  const answer = await requestAsMe<TicketAnswer>({ method: "POST", path: "session/ticket" });
  return answer.ticket;
}

/** Asks with the access token, renewed where it is over or refused, and after a step-up where one is needed. */
export async function requestAsMe<Answer>(asked: Request): Promise<Answer> {
  if (token === undefined || token.endsAt < Date.now() + 5000) await refresh();
  try {
    return await request<Answer>({ ...asked, accessToken: token?.value });
  } catch (error) {
    if (!(error instanceof Refusal) || (error.code !== "unauthenticated" && error.code !== "step_up_needed")) throw error;
    await (error.code === "unauthenticated" ? refresh() : askStepUp());
    return request<Answer>({ ...asked, accessToken: token?.value });
  }
}

/** The `Authorization` header for what `requestAsMe` can't ask. Throws as a request does. */
export async function authorization(): Promise<string | undefined> {
  if (token === undefined || token.endsAt < Date.now() + 5000) await refresh();
  return token === undefined ? undefined : `Bearer ${token.value}`;
}

/** One at a time, also across tabs: each tab spends the cookie that the one before it received. */
function refresh(): Promise<void> {
  refreshing ??= locked(renew).finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

async function locked(work: () => Promise<void>): Promise<void> {
  // Plain http on another host than loopback has no locks; there the server's 10 s of tolerance serve.
  if (!("locks" in navigator)) return work();
  await navigator.locks.request("switchboard-session", work);
}

async function renew(): Promise<void> {
  try {
    accept(await request<SessionAnswer>({ method: "POST", path: "session/refresh" }), "goes on");
  } catch (error) {
    if (error instanceof Refusal && error.code === "unauthenticated") endHere();
    throw error;
  }
}

function accept(answer: SessionAnswer, how: "begun" | "goes on"): void {
  const { accessToken, expiresAt, account, tenant, next } = answer;
  const { asks, dueAt } = answer.secondFactor;
  if (next === "setPassword") {
    forget("Choose a password first: open the link that was mailed to you.");
    return;
  }
  const endsAt = Date.parse(expiresAt);
  token = { value: accessToken, endsAt };
  if (next === "verifyEmail") waitFor({ kind: "verifyEmail", email: account.email });
  else if (next === "secondFactor") session.value = { kind: "secondFactor", email: account.email };
  else if (next === "enrolSecondFactor") session.value = { kind: "enrolment", asks: "enrol", dueAt, forced: true };
  else if (tenant === null) waitFor({ kind: "noTenant" });
  else if (asks !== null && how === "begun") session.value = { kind: "enrolment", asks, dueAt, forced: false };
  else if (session.value.kind !== "signedIn" || session.value.account.id !== account.id) session.value = { kind: "signedIn", account };
  clearTimeout(timer);
  // A minute before the end; a clock that is wrong must neither hammer nor sleep through it. What is asked for first isn't taken away by it.
  if (session.value.kind === "signedIn")
    timer = setTimeout(refreshQuietly, Math.min(Math.max(endsAt - Date.now() - 60_000, 20_000), 14 * 60_000));
}

/** The page that waits keeps what was written in it. */
function waitFor(state: Extract<SessionState, { kind: "verifyEmail" | "noTenant" }>): void {
  if (session.value.kind !== state.kind) session.value = state;
}

function forget(reason?: string): void {
  token = undefined;
  clearTimeout(timer);
  session.value = reason === undefined ? { kind: "signedOut" } : { kind: "signedOut", reason };
}

/** Who was told once why they are signed out keeps reading it. */
function endHere(): void {
  if (session.value.kind !== "unknown" && session.value.kind !== "signedOut") forget("Your session has ended. Please sign in again.");
  else if (session.value.kind === "unknown") forget();
}

function refreshQuietly(): void {
  refresh().catch((error: unknown) => {
    if (error instanceof Refusal && error.code === "unauthenticated") return;
    timer = setTimeout(refreshQuietly, 10_000);
  });
}

/** Timers sleep with the machine: who comes back after lunch must not meet a stale token. */
function refreshWhenDue(): void {
  if (
    document.visibilityState === "visible" &&
    session.value.kind === "signedIn" &&
    token !== undefined &&
    token.endsAt < Date.now() + 60_000
  )
    refreshQuietly();
}

function heardFromOtherTab(data: unknown): void {
  if (data === "signedOut" && session.value.kind === "signedIn") forget("You signed out in another tab.");
  if (data === "signedIn" && session.value.kind !== "signedIn" && session.value.kind !== "unknown") refreshQuietly();
}
