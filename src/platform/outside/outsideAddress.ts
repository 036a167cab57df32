import ipaddr from "ipaddr.js";
import { Refusal } from "../../protocol/refusal.ts";

/** Which addresses may be asked, where somebody other than whoever runs the product names them. */
export interface OutsideRules {
  /** In development a provider may run on the same machine, by HTTP. */
  stage: "development" | "production";
  /** `host:port` that may be reached though they are private (ALLOW_HOSTS). */
  allowHosts: ReadonlySet<string>;
}

/**
 * The address as one that may be asked: HTTPS, no name and password in it, and no address of a private network written as a number. Where a name
 * leads is checked as it is connected to (`askOutside`). Refusal `invalid_value`, without a path.
 */
export function outsideAddress(written: string, rules: OutsideRules): URL {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "" || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw new Refusal("invalid_value", "This must be an address that begins with https://.");
  if (isAllowed(url, rules)) return url;
  if (url.protocol !== "https:") throw new Refusal("invalid_value", "This address must begin with https://.");
  const host = bare(url.hostname);
  if (ipaddr.isValid(host) && !isOutside(host)) throw notOutside();
  return url;
}

/** Whether the operator, or the stage, lets this host be reached whatever it is. */
export function isAllowed({ hostname, port, protocol }: URL, { stage, allowHosts }: OutsideRules): boolean {
  const host = bare(hostname);
  if (allowHosts.has(`${hostname}:${port || (protocol === "http:" ? "80" : "443")}`)) return true;
  return stage === "development" && (host === "localhost" || (ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback"));
}

/** Whether an IP address is one of the public internet: no private, loopback, link-local, shared, documented or translated one. */
export function isOutside(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}

export function notOutside(): Refusal {
  return new Refusal("invalid_value", "This address leads into a private network; whoever runs Switchboard can allow it (ALLOW_HOSTS).");
}

/** An IPv6 address without its brackets. */
export function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
