import { signal } from "@preact/signals";
import type { FlowBegun, ProvidersAnswer } from "../../src/protocol/access.ts";
import { request } from "./request.ts";
import { requestAsMe } from "./session.ts";

export type OfferedProvider = ProvidersAnswer["items"][number];

/** By whom one can sign in here beside a password; nobody until the server said it. */
export const providers = signal<readonly OfferedProvider[]>([]);

let asked = false;

/** Asks once; where there is no answer the password is enough, and the next page asks again. */
export function loadProviders(): void {
  if (asked) return;
  asked = true;
  request<ProvidersAnswer>({ method: "GET", path: "session/providers" }).then(
    ({ items }) => {
      providers.value = items;
    },
    () => {
      asked = false;
    },
  );
}

/** Leaves for the provider. Throws the server's refusal. */
export async function goToProvider(
  provider: string,
  purpose: "signIn" | "register",
  { back = "desk", again = false }: { back?: "desk" | "account"; again?: boolean } = {},
): Promise<void> {
  leaveFor(await request<FlowBegun>({ method: "POST", path: "session/provider", body: { provider, purpose, back, again } }));
}

/** The same to a workspace's own, by its short name or one's mail address. */
export async function goToWorkspace(
  workspace: string,
  { back = "desk", again = false }: { back?: "desk" | "account"; again?: boolean } = {},
): Promise<void> {
  leaveFor(await request<FlowBegun>({ method: "POST", path: "session/sso", body: { workspace, back, again } }));
}

/** Leaves to link one more way in. */
export async function goToLink(provider: string): Promise<void> {
  leaveFor(await requestAsMe<FlowBegun>({ method: "POST", path: "account/identities", body: { provider } }));
}

/** Nothing but a page: the server checks it too. */
function leaveFor({ address }: FlowBegun): void {
  if (/^https?:\/\//.test(address)) location.assign(address);
}
