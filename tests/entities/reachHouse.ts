import { expect } from "vitest";
import type { Agent } from "../fixtures/product.ts";
import { entities, openEntityHouse } from "./entityHouse.ts";
import { fields, type Limit, people, type Thing, type Values } from "./reachModel.ts";

export type ReachHouse = Awaited<ReturnType<typeof openReachHouse>>;

/** A house of entities with somebody whom generated roles limit, and their mate of one team. */
export async function openReachHouse() {
  const house = await openEntityHouse();
  const limited = await house.product.agent("agent2@demo.example");
  const mate: Agent = house.agent;
  Object.assign(people, { limited: limited.id, mate: mate.id });
  await house.admin.run("team.create", { key: "pair", name: "Pair" });
  for (const { email } of [limited, mate]) await house.admin.run("team.add", { team: "pair", email });

  let made = 0;
  let holds = ["agent"];
  /** A blueprint of its own: its key. */
  const makeBlueprint = async (more: object = {}): Promise<string> => {
    const key = `reach-${++made}`;
    expect((await house.ask(house.admin, "POST", "/blueprints", { key, name: "Part", fields, ...more })).status).toBe(201);
    return key;
  };
  /** Makes these, each by the admin, the mate or the limited, who is an agent while they are made. */
  const makeThings = async (key: string, rows: readonly (readonly [Values, number, boolean?])[]): Promise<Thing[]> => {
    const makers = [house.admin, mate, limited];
    const things: Thing[] = [];
    await setRoles(["agent"]);
    for (const [values, maker, trashed = false] of rows) {
      const by = makers[maker] ?? house.admin;
      const { status, body } = await house.ask(by, "POST", entities(key), { values });
      expect(status).toBe(201);
      if (trashed) await house.ask(house.admin, "DELETE", `${entities(key)}/${body.id}`);
      things.push({ id: body.id, maker: by.id, trashed, values: body.values });
    }
    return things;
  };
  /** From here on the limited has these limits, each in a role of its own, and no other role. */
  const limit = async (key: string, limits: readonly Limit[]): Promise<void> =>
    await setRoles(await Promise.all(limits.map((one) => makeRole(key, one))));
  const makeRole = async (key: string, { read, write, records, filter }: Limit): Promise<string> => {
    const role = `limit-${++made}`;
    const given = {
      ...(read === null ? {} : { read }),
      ...(write === null ? {} : { write }),
      records,
      ...(filter === null ? {} : { filter }),
    };
    const permissions = "conversations.read, commands.run, entities.read, entities.change";
    await house.admin.run("role.create", { key: role, name: role, permissions, blueprints: key, limits: { [key]: given } });
    return role;
  };
  const setRoles = async (wanted: readonly string[]): Promise<void> => {
    const { email } = limited;
    for (const role of wanted) if (!holds.includes(role)) await house.admin.run("role.grant", { email, role });
    for (const role of holds) if (!wanted.includes(role)) await house.admin.run("role.revoke", { email, role });
    holds = [...wanted];
  };
  return { ...house, limited, mate, makeBlueprint, makeThings, limit };
}
