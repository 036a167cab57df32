import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { Resolver } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { Refusal } from "../../protocol/refusal.ts";
import { isOutside, notOutside } from "./outsideAddress.ts";

/** Who is asked where a name leads: those of the machine, unless others are given (`host:port`). */
export interface NameServers {
  nameServers?: readonly string[];
}

/**
 * The public addresses of a host, which are the ones to connect to: a name that is looked up twice may lead elsewhere the second time. One address
 * that isn't public refuses them all. Refusals: `invalid_value`; `unavailable` where no name server answers.
 *
 * Asked by c-ares and not by getaddrinfo, which holds one of the four threads that hash passwords and read files for as long as somebody's name
 * server likes to be silent.
 */
export async function resolveOutside(hostname: string, { nameServers }: NameServers = {}): Promise<LookupAddress[]> {
  const resolver = new Resolver({ timeout: 1500, tries: 2 });
  if (nameServers !== undefined) resolver.setServers(nameServers);
  const answers = await Promise.all([found(resolver.resolve4(hostname)), found(resolver.resolve6(hostname))]);
  const addresses = answers.flat().map((address) => ({ address, family: ipaddr.parse(address).kind() === "ipv4" ? 4 : 6 }));
  if (addresses.length === 0 || addresses.some(({ address }) => !isOutside(address))) throw notOutside();
  return addresses;
}

async function found(asked: Promise<string[]>): Promise<string[]> {
  return await asked.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOTFOUND" || error.code === "ENODATA" || error.code === "EBADNAME" || error.code === "EBADRESP") return [];
    throw new Refusal("unavailable", "No name server says where this host is; try again soon.", { cause: error });
  });
}

type Lookup = (
  hostname: string,
  options: LookupOptions,
  done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
) => void;

/** As `dns.lookup`, for a connection that may only lead outside. */
export function lookupOutside(servers: NameServers): Lookup {
  return (hostname, options, done) => {
    resolveOutside(hostname, servers).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true || first === undefined) done(null, addresses);
        else done(null, first.address, first.family);
      },
      (error: Error) => done(error, []),
    );
  };
}

/** As `dns.lookup`, of the machine: for hosts that whoever runs the product allowed. */
export const lookupAllowed: Lookup = (hostname, options, done) => lookup(hostname, options, done);
