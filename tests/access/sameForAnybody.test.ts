import { afterAll, beforeAll, expect, it } from "vitest";
import { registerAccount } from "../../src/access/accounts/registerAccount.ts";
import { askForReset } from "../../src/access/accounts/resetPassword.ts";
import { countStatements } from "../fixtures/countStatements.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

/** What a stranger asks of an address must not tell by its time whether it has an account: the bench measures it, here is why. */
let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.addAccount("known@example.com");
});
afterAll(() => house.close());

const asked = { address: "192.0.2.1", requestId: "test" };

async function done(
  act: (outside: Parameters<typeof registerAccount>[0]) => Promise<void>,
): Promise<{ statements: string[]; hashes: number }> {
  const counted = countStatements(house.database);
  let hashes = 0;
  const passwords: typeof house.passwords = {
    ...house.passwords,
    hash: async (password) => {
      hashes++;
      return await house.passwords.hash(password);
    },
  };
  await act({ ...house, database: counted.database, passwords, publicUrl: "http://127.0.0.1", mailOff: undefined });
  return { statements: counted.statements(), hashes };
}

it.each([
  [
    "a registration",
    1,
    (email: string) => done((outside) => registerAccount(outside, { email, password: "seven owls over water", name: "Ada" }, asked)),
  ],
  ["an asked reset", 0, (email: string) => done((outside) => askForReset(outside, email, asked))],
])(
  "%s does the same for an address that has an account as for one that hasn't: the same statements, the same hashes",
  async (_, hashes, ask) => {
    const [known, unknown] = [await ask("known@example.com"), await ask("unknown@example.com")];
    expect(known.hashes).toBe(hashes);
    expect(known.statements.length).toBeGreaterThan(5);
    // Whether it is kept is the one difference.
    const asked = ({ statements }: typeof known) => statements.map((text) => text.replace(/^(release|rollback to)/, "end"));
    expect({ ...unknown, statements: asked(unknown) }).toEqual({ ...known, statements: asked(known) });
  },
);
