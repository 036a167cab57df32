import { v7 as newId } from "uuid";
import { standIn } from "../../access/members/standIn.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { Platform } from "../../platform/platform.ts";
import { pickLanguage } from "../../protocol/languages.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ChatPerson, ChatPlace } from "../chatEvent.ts";
import type { Installation } from "../chatService.ts";
import { meetPerson, type PersonRow } from "./personStore.ts";

/** Somebody at a service, and who they are here with the rights of this moment: nobody until they are linked. */
export interface Who {
  installation: Installation;
  person: PersonRow;
  principal: AccountPrincipal | undefined;
}

/**
 * Whoever said or pressed something, found by their ids in their workspace and by nothing else (advisory 37). People of other workspaces than the
 * one that was connected (guests, shared channels) are met, and are never an account.
 */
export async function whoIs(
  { database, clock }: Pick<Platform, "database" | "clock">,
  installation: Installation,
  { workspace, user, name, locale }: ChatPerson,
  place?: ChatPlace,
): Promise<Who> {
  const sql = database.forTenant(installation.tenant);
  const personal = place?.scope === "personal" ? place : undefined;
  const person = await meetPerson(sql, { id: newId(), installation: installation.id, workspace, user, name, place: personal });
  if (person === undefined) throw new Refusal("unavailable", "Nobody could be found; try again.");
  const principal = await principalOf({ database, clock }, installation, person);
  const reads = locale ?? person.language;
  const language = reads === null ? {} : { language: pickLanguage([reads]) };
  return { installation, person, principal: principal && { ...principal, ...language } };
}

export async function principalOf(
  { database, clock }: Pick<Platform, "database" | "clock">,
  { tenant, workspace }: Pick<Installation, "tenant" | "workspace">,
  { id, account, steppedUpAt, workspace: theirs }: PersonRow,
): Promise<AccountPrincipal | undefined> {
  if (account === null || theirs !== workspace) return undefined;
  const principal = await standIn(database.forTenant(tenant), { account, key: null, instead: id }, new Date(clock.now()));
  return principal && { ...principal, saidAt: steppedUpAt?.getTime() ?? 0 };
}
