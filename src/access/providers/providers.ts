import type { Clock } from "../../platform/clock/clock.ts";
import { createAskOutside } from "../../platform/outside/askOutside.ts";
import type { OutsideRules } from "../../platform/outside/outsideAddress.ts";
import type { NameServers } from "../../platform/outside/resolveOutside.ts";
import { textRecords } from "../../platform/outside/textRecords.ts";
import { facebookProvider } from "./facebookProvider.ts";
import { openIdProvider } from "./openIdProvider.ts";
import type { OpenIdSettings, Provider, ProviderSettings } from "./provider.ts";

/** Everybody who may say who somebody is: those of the installation, and a tenant's own. */
export interface Providers {
  /** Those of the installation that are configured, in the order in which they are offered. */
  offered: readonly Provider[];
  find(place: string): Provider | undefined;
  /** A tenant's own; `version` changes whenever its settings do. */
  ofTenant(tenant: { id: string; name: string; version: string }, settings: OpenIdSettings): Provider;
  /** By which addresses a tenant's own may be asked. */
  rules: OutsideRules;
  /** What stands in a domain's TXT records. Refusal `unavailable`. */
  textRecords(domain: string): Promise<string[]>;
}

/** auth.md and 13.1.3 of the ASVS: no call outside without a deadline. */
const usualDeadlineMs = 10_000;
const tenantsAtMost = 1000;

export function createProviders(
  { clock }: { clock: Pick<Clock, "monotonic"> },
  {
    settings = {},
    rules = { stage: "production", allowHosts: new Set<string>() },
    deadlineMs = usualDeadlineMs,
    ...servers
  }: { settings?: ProviderSettings; rules?: OutsideRules; deadlineMs?: number } & NameServers = {},
): Providers {
  // Whoever runs the product wrote these addresses, and may have a provider in their own network.
  const own = { stage: rules.stage, allowHosts: new Set([...rules.allowHosts, ...hostsOf(settings)]) };
  const trusted = { ask: createAskOutside({ ...own, deadlineMs }), rules: own, deadlineMs, clock };
  const foreign = { ask: createAskOutside({ ...rules, deadlineMs }), rules, deadlineMs, clock };
  const { google, facebook, openid } = settings;
  const offered = [
    ...(google === undefined ? [] : [openIdProvider(trusted, "google", "Google", google)]),
    ...(facebook === undefined ? [] : [facebookProvider(trusted.ask, facebook)]),
    ...(openid === undefined ? [] : [openIdProvider(trusted, "openid", openid.name, openid)]),
  ];
  const ofTenants = new Map<string, Provider>();
  return {
    offered,
    find: (wanted) => offered.find(({ place }) => place === wanted),
    ofTenant: ({ id, name, version }, tenantSettings) => {
      const key = `${id} ${version}`;
      const known = ofTenants.get(key) ?? openIdProvider(foreign, id, name, tenantSettings);
      if (ofTenants.size >= tenantsAtMost) ofTenants.clear();
      ofTenants.set(key, known);
      return known;
    },
    rules,
    textRecords: (domain) => textRecords(domain, servers),
  };
}

function hostsOf({ google, facebook, openid }: ProviderSettings): string[] {
  const addresses = [google?.issuer, facebook?.dialogUrl, facebook?.graphUrl, openid?.issuer];
  return addresses.flatMap((address) => {
    if (address === undefined) return [];
    const { hostname, port, protocol } = new URL(address);
    return [`${hostname}:${port || (protocol === "http:" ? "80" : "443")}`];
  });
}
