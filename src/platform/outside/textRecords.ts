import { Resolver } from "node:dns/promises";
import { Refusal } from "../../protocol/refusal.ts";
import type { NameServers } from "./resolveOutside.ts";

/** What stands in a domain's TXT records, each as one text; none where there are none. Refusal `unavailable` where no name server answers. */
export async function textRecords(domain: string, { nameServers }: NameServers = {}): Promise<string[]> {
  const resolver = new Resolver({ timeout: 1500, tries: 2 });
  if (nameServers !== undefined) resolver.setServers(nameServers);
  try {
    return (await resolver.resolveTxt(domain)).map((parts) => parts.join(""));
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOTFOUND" || error.code === "ENODATA")) return [];
    throw new Refusal("unavailable", `No name server answers for ${domain}; try again soon.`, { cause: error });
  }
}
