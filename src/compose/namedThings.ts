import type { NamedThings } from "../commands/namedThings.ts";
import { findNamedEntity, offerEntities, requireNameable } from "../entities/namedEntities.ts";
import type { FileAddresses } from "../files/fileAddresses.ts";
import { findReadableFile } from "../files/readableFile.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";

/** Entities and files as commands look for them. */
export function namedThings(platform: Platform, addresses: FileAddresses): NamedThings {
  const outside = { ...platform, fileAddresses: addresses };
  return {
    entity: (principal, blueprint, called, path) => findNamedEntity(outside, principal, { blueprint, called, path }),
    nameable: (principal, blueprint, path) => requireNameable(platform, principal, blueprint, path),
    offer: (principal, blueprint, query) => offerEntities(outside, principal, blueprint, query),
    file: async (principal, id, path) => {
      const file = await findReadableFile(platform, principal, id);
      if (file === undefined) throw new Refusal("invalid_value", "There is no such file; upload it again, and give its id.", { path });
      const { name, mediaType: type, size } = file;
      return { id: file.id, name, type, size, url: addresses.of(principal.tenant, file).url };
    },
  };
}
