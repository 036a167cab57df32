import type { AccountPrincipal } from "../access/principal.ts";
import type { Owner } from "../protocol/aids.ts";
import { Refusal } from "../protocol/refusal.ts";

/** Whom something is for, as it was written: `me`, `everyone`, or a team's key. Refusals: `forbidden`, `invalid_value`. */
export async function ownerFor(
  written: string,
  principal: AccountPrincipal,
  teamExists: (tenant: string, key: string) => Promise<boolean>,
): Promise<Owner> {
  if (written === "me") return `person:${principal.account}`;
  mayConfigure(principal);
  if (written === "everyone") return "everyone";
  if (await teamExists(principal.tenant, written)) return `team:${written}`;
  throw new Refusal("invalid_value", `"for" must be "me", "everyone" or a team's key; there is no team "${written.slice(0, 60)}".`, {
    path: "args.for",
  });
}

/** Others' own things are nobody's business: they answer as what does not exist. */
export function sees(account: string, owner: string): boolean {
  return !owner.startsWith("person:") || owner === `person:${account}`;
}

/** Refusal `forbidden` where the thing is not one's own and one may not configure the desk. */
export function mayChange(principal: AccountPrincipal, owner: string): void {
  if (owner !== `person:${principal.account}`) mayConfigure(principal);
}

function mayConfigure(principal: AccountPrincipal): void {
  if (principal.permissions.has("settings.manage")) return;
  throw new Refusal("forbidden", 'Only an admin changes what others use too; keep one of your own with for:"me".');
}

/** One's own first, then the teams', then everyone's. */
export function nearestFirst(a: { owner: string }, b: { owner: string }): number {
  return distance(a.owner) - distance(b.owner);
}

function distance(owner: string): number {
  return owner === "everyone" ? 2 : owner.startsWith("team:") ? 1 : 0;
}

export function ownerInWords(owner: string): string {
  if (owner === "everyone") return "for everyone";
  return owner.startsWith("team:") ? `for the team ${owner.slice("team:".length)}` : "for you";
}
