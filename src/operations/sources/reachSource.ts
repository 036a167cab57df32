import { lookup } from "node:dns/promises";
import { domainToASCII } from "node:url";
import ipaddr from "ipaddr.js";
import { bare, isAllowed, isInsideName, isOutside, notOutside, type OutsideRules } from "../../platform/outside/outsideAddress.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { SourceSettings } from "./sourceSettings.ts";

/** Where sources may be. `own` are the addresses of the product's own database. */
export interface SourceRules extends OutsideRules {
  own: readonly { host: string; port: number; database: string }[];
}

/** The address to connect to, and the name that its certificate must have. */
export interface ReachedHost {
  address: string;
  name: string;
}

/**
 * Resolves a source's host once and checks where it leads; that address is connected to, so that the name can't lead elsewhere a moment later. The
 * product's own database is refused always, its server and private hosts unless the operator allows them by name. Refusal `invalid_value`
 * under `host`, `unavailable` where the name is not known.
 */
export async function reachSource(settings: SourceSettings, rules: SourceRules): Promise<ReachedHost> {
  const name = canonicalHost(settings.host);
  const url = new URL(`https://${name.includes(":") ? `[${name}]` : name}:${settings.port}`);
  const allowed = isAllowed(url, rules) || rules.allowHosts.has(`${bare(url.hostname)}:${settings.port}`);
  const literal = ipaddr.isValid(name);
  if (!allowed && (literal ? !isOutside(name) : isInsideName(name))) throw atHost(notOutside().message);
  const addresses = literal ? [name] : await resolve(name);
  if (!allowed && addresses.some((address) => !isOutside(address))) throw atHost(notOutside().message);
  await refuseOwn(settings, addresses, rules);
  if (settings.tls === "off" && !allowed) throw new Refusal("invalid_value", "A host outside is only reached with TLS.", { path: "tls" });
  const [address = name] = addresses;
  return { address, name };
}

/** The host as the address or the name that it means: `0x7f.1`, `127.1` and full-width digits are addresses, too. */
function canonicalHost(written: string): string {
  const host = written.trim().replace(/\.$/, "").toLowerCase();
  const literal = bare(host);
  if (ipaddr.IPv6.isValid(literal) && !literal.includes("%")) return literal;
  if (/[\s/\\@?#:%[\]]/.test(host)) throw atHost("This must be a host's name or address; sockets, ports and paths can't stand here.");
  const ascii = domainToASCII(host);
  const url = `https://${ascii}`;
  if (ascii === "" || !URL.canParse(url)) throw atHost("This must be a host's name or address.");
  return new URL(url).hostname;
}

async function resolve(name: string): Promise<string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw new Refusal("unavailable", `The host "${name}" is not known.`, { path: "host", cause: error });
  }
}

async function refuseOwn(
  { host, port, database }: SourceSettings,
  addresses: readonly string[],
  { own, allowHosts }: SourceRules,
): Promise<void> {
  const named = allowHosts.has(`${host.toLowerCase()}:${port}`);
  for (const ours of own) {
    if (ours.port !== port) continue;
    const oursAt = ipaddr.isValid(bare(ours.host)) ? [bare(ours.host)] : await resolve(ours.host);
    // On this machine every loopback address leads to the same server.
    const same = addresses.some((address) => oursAt.some((one) => one === address || (isLoopback(one) && isLoopback(address))));
    if (same && (!named || ours.database === database)) throw atHost("This is Switchboard's own database, which no query may reach.");
  }
}

function isLoopback(address: string): boolean {
  const range = ipaddr.process(address).range();
  return range === "loopback" || range === "unspecified";
}

function atHost(message: string): Refusal {
  return new Refusal("invalid_value", message, { path: "host" });
}
