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
 * The address as one that may be asked: HTTPS, no name and password in it, no port of another kind of server, and no address of a private network
 * written as a number or as a name that only such a network knows. Where a name leads is checked as it is connected to (`askOutside`). Refusal
 * `invalid_value`, without a path.
 */
export function outsideAddress(written: string, rules: OutsideRules): URL {
  // A URL's parser mends these in silence, each in its own way.
  const url = /[\\\s\p{Cc}]/u.test(written) || !URL.canParse(written) ? undefined : new URL(written);
  if (url === undefined || url.username !== "" || url.password !== "" || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw new Refusal("invalid_value", "This must be an address that begins with https://.");
  if (url.port === "0") throw portRefused("0");
  if (isNamed(url, rules)) return url;
  if (!isPortOfWeb(url)) throw portRefused(url.port);
  if (isAllowed(url, rules)) return url;
  if (url.protocol !== "https:") throw new Refusal("invalid_value", "This address must begin with https://.");
  const host = bare(url.hostname);
  if (ipaddr.isValid(host) ? !isOutside(host) : isInsideName(host)) throw notOutside();
  return url;
}

/** Whether the operator, or the stage, lets this host be reached whatever it is. */
export function isAllowed(url: URL, rules: OutsideRules): boolean {
  if (isNamed(url, rules)) return true;
  const host = bare(url.hostname);
  return rules.stage === "development" && (host === "localhost" || (ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback"));
}

function isNamed({ hostname, port, protocol }: URL, { allowHosts }: OutsideRules): boolean {
  const at = port || (protocol === "http:" ? "80" : "443");
  return allowHosts.has(`${hostname}:${at}`) || allowHosts.has(`${bare(hostname)}:${at}`);
}

/** Whether an IP address is one of the public internet: no private, loopback, link-local, shared, documented or translated one. */
export function isOutside(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const read = ipaddr.process(address);
  if (read.range() !== "unicast") return false;
  // What is routed at all is 2000::/3 (RFC 4291, 2.4); `::7f00:1`, an IPv4 address of old, counts as unicast otherwise.
  if (read instanceof ipaddr.IPv6) return read.match(routed);
  return read.toString() !== wireServer;
}

const routed = ipaddr.IPv6.parseCIDR("2000::/3");
/** Answers each machine of Azure with its secrets, from an address that looks public. */
const wireServer = "168.63.129.16";

/** A name that is looked up nowhere but in the network where it is asked for (RFC 6761, 6762, 8375; a name without a dot). */
export function isInsideName(host: string): boolean {
  return !host.includes(".") || /\.(?:localhost|local|internal|intranet|lan|corp|home|private|home\.arpa)$/.test(host);
}

/** Below 1024 only those of HTTP; above, none of the databases, queues, desktops and the like that would take a request for their own words. */
function isPortOfWeb({ port }: URL): boolean {
  const number = Number(port || "443");
  if (number < 1024) return number === 80 || number === 443;
  return !otherServers.has(number);
}

const otherServers = new Set([
  ...[
    1433, 1521, 1719, 1720, 1723, 2049, 2375, 2376, 2379, 2380, 3128, 3306, 3389, 3659, 4045, 4190, 4222, 5060, 5061, 5432, 5433, 5672,
    5900,
  ],
  ...[5984, 6000, 6222, 6379, 6380, 6432, 6443, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 8086, 8222, 9042, 9092, 9160, 9200, 9300],
  ...[10_080, 10_250, 11_211, 15_672, 27_017, 27_018],
]);

function portRefused(port: string): Refusal {
  return new Refusal("invalid_value", `Port ${port} is no port of a web server, so it isn't asked.`);
}

/** One sentence for a name that is unknown and for one that leads inside: which of them it is tells what is inside (advisory 64). */
export function notOutside(): Refusal {
  return new Refusal(
    "invalid_value",
    "This address may not be asked: there is no such host, or it is in a private network; whoever runs Switchboard can allow it (ALLOW_HOSTS).",
  );
}

/** An IPv6 address without its brackets, a name without the dot at its end. */
export function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}
