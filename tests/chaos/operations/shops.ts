import type { Row } from "../row.ts";
import type { World } from "../world.ts";
import { type Office, openOffice } from "./office.ts";
import { openShop, type Shop } from "./shop.ts";

/** By the product's folder: it is there before the product, which must know that it may be reached. */
const shops = new Map<string, Shop>();

/** A row whose product may reach a customer's shop, and what `more` says. */
export function withShop(row: Omit<Row, "environment">, more?: (folder: string) => Promise<string>): Row {
  return {
    ...row,
    environment: async (folder, { postgres }) => {
      const shop = await openShop(postgres);
      shops.set(folder, shop);
      const others = await more?.(folder);
      return { ALLOW_HOSTS: [`127.0.0.1:${shop.settings.port}`, ...(others === undefined ? [] : [others])].join(",") };
    },
  };
}

export async function openBoth(world: World): Promise<{ shop: Shop; office: Office }> {
  const shop = shops.get(world.dataDir);
  if (shop === undefined) throw new Error("there is no shop");
  world.afterwards(() => shop.end());
  return { shop, office: await openOffice(world, shop) };
}
