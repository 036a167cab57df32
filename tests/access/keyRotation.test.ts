import { randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";
import { expect, it } from "vitest";
import { secretPurpose } from "../../src/access/factors/useFactor.ts";
import { deriveKeys } from "../../src/access/keys/keys.ts";
import { resealSecrets } from "../../src/access/keys/resealSecrets.ts";
import { openSecret, sealSecret } from "../../src/access/keys/sealSecret.ts";
import { issueAccessToken, readAccessToken } from "../../src/access/sessions/accessToken.ts";
import { refreshSession } from "../../src/access/sessions/refreshSession.ts";
import { sealOf } from "../../src/access/sso/tenantSso.ts";
import { superFactorPurpose } from "../../src/access/super/superAdmin.ts";
import { identitySecret, verifyVisitorIdentity } from "../../src/access/visitorIdentity.ts";
import { fingerprint } from "../../src/commands/plans/fingerprint.ts";
import { createFileAddresses } from "../../src/files/fileAddresses.ts";
import { createMovableClock } from "../fixtures/movableClock.ts";
import { openHouse } from "../fixtures/openHouse.ts";

const [oldRoot, newRoot] = ["a root key for tests, 32 characters", "another root key, 32 characters or more"];
const [old, rotating, after] = [deriveKeys(oldRoot), deriveKeys(newRoot, oldRoot), deriveKeys(newRoot)];
const clock = createMovableClock();

it("counts access tokens of the old key while it is there, and makes new ones with the new key's id", () => {
  const claims = { account: randomUUID(), tenant: randomUUID(), session: randomUUID(), epoch: 1 };
  const { token } = issueAccessToken({ keys: old, clock }, claims);
  expect(readAccessToken({ keys: rotating, clock }, token)).toEqual(claims);
  expect(readAccessToken({ keys: after, clock }, token)).toBeUndefined();
  const fresh = issueAccessToken({ keys: rotating, clock }, claims).token;
  expect(readAccessToken({ keys: after, clock }, fresh)).toEqual(claims);
  expect(readAccessToken({ keys: old, clock }, fresh)).toBeUndefined();
  expect(jwt.decode(fresh, { complete: true })?.header).toMatchObject({ alg: "HS256", kid: after.id });
  expect(after.id).not.toBe(old.id);
});

it("counts addresses of files, words of sites and repeated requests of the old key", () => {
  const file = { id: randomUUID(), name: "a.png", mediaType: "image/png", size: 1, width: 1, height: 1, previewed: false };
  const tenant = randomUUID();
  const url = new URL(createFileAddresses({ keys: old, clock }, "https://chat.example.com").of(tenant, file).url);
  const k = url.searchParams.get("k") ?? "";
  expect(createFileAddresses({ keys: rotating, clock }, "").check(file.id, k)).toMatchObject({ tenant });
  expect(() => createFileAddresses({ keys: after, clock }, "").check(file.id, k)).toThrow(/no such file/);

  const inbox = { id: randomUUID(), publicKey: "key", identityEpoch: 1, identityRotatedAt: null };
  const word = jwt.sign(
    { sub: "ada", aud: "key", exp: clock.now() / 1000 + 60, iat: clock.now() / 1000 },
    identitySecret(old, inbox.id, 1),
  );
  expect(verifyVisitorIdentity({ keys: rotating, clock }, inbox, word)).toMatchObject({ subject: "ada" });
  expect(() => verifyVisitorIdentity({ keys: after, clock }, inbox, word)).toThrow(/not signed/);
  expect(fingerprint(old, { name: "x" }, {})).not.toEqual(fingerprint(rotating, { name: "x" }, {}));
});

it("goes on with sessions of before, and seals anew what the old key sealed", async () => {
  const house = await openHouse();
  try {
    const { account } = await house.addAccount("agent@example.com");
    const signedIn = await house.signInAs("agent@example.com");
    // Two tabs: one refreshed with the old key, the other comes with the same cookie after the rotation.
    const first = await refreshSession(house, signedIn.refreshToken);
    const second = await refreshSession({ ...house, keys: rotating }, signedIn.refreshToken);
    expect(second.refreshToken).toBe(first.refreshToken);
    const third = await refreshSession({ ...house, keys: rotating }, second.refreshToken);
    await refreshSession({ ...house, keys: after }, third.refreshToken);

    const sealed = sealSecret(old, secretPurpose(account), "JBSWY3DPEHPK3PXP");
    const sql = house.database.acrossTenants;
    await sql.query("insert into second_factor (account_id, secret, confirmed_at) values ($1, $2, now())", [account, sealed]);
    const tenant = await house.addTenant("with-sso");
    const issuer = "https://login.example.com/realm";
    await sql.query(
      "insert into tenant_sso (tenant_id, issuer, client_id, sealed, domains, changed_at) values ($1, $2, 'x', $3, '{}', now())",
      [tenant, issuer, sealSecret(old, sealOf(tenant, issuer), "a client's secret")],
    );
    const stored = async () => (await sql.query<{ secret: string }>("select secret from second_factor"))[0]?.secret ?? "";
    await resealSecrets({ ...house, keys: after });
    expect(await stored()).toBe(sealed);
    await resealSecrets({ ...house, keys: rotating });
    await resealSecrets({ ...house, keys: rotating });
    expect(openSecret(after, secretPurpose(account), await stored())).toBe("JBSWY3DPEHPK3PXP");
    // A super admin's own as well.
    const superSealed = sealSecret(old, superFactorPurpose(account), "JBSWY3DPEHPK3PXP");
    await sql.query("insert into super_admin (id, email, name, factor_secret) values ($1, 'root@example.org', 'Root', $2)", [
      account,
      Buffer.from(superSealed),
    ]);
    await resealSecrets({ ...house, keys: rotating });
    const [root] = await sql.query<{ factor_secret: Buffer }>("select factor_secret from super_admin");
    expect(openSecret(after, superFactorPurpose(account), root?.factor_secret.toString() ?? "")).toBe("JBSWY3DPEHPK3PXP");
    const [sso] = await sql.query<{ sealed: string }>("select sealed from tenant_sso");
    expect(openSecret(after, sealOf(tenant, issuer), sso?.sealed ?? "")).toBe("a client's secret");
    expect(() => openSecret(after, sealOf(tenant, "https://evil.example"), sso?.sealed ?? "")).toThrow();
    expect(() => openSecret(after, secretPurpose(account), sealed)).toThrow(/not known here/);
    expect(() => openSecret(after, secretPurpose(randomUUID()), sealed)).toThrow();
  } finally {
    await house.close();
  }
});
