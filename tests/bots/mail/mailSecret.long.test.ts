import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MailService, openMailService } from "../../fixtures/mailService.ts";

let service: MailService;
beforeAll(async () => {
  service = await openMailService();
});
afterAll(() => service.close());

const written = (messageId: string) =>
  Buffer.from(
    `From: New Person <new@example.org>\nTo: help@website.example\nSubject: Question\nMessage-ID: <${messageId}@example.org>\n\nHi`,
  );

describe("a mail to an inbox", () => {
  it("is signed with a secret that is changed by who may read every conversation, and counts for a day more", async () => {
    const { admin, product, bring } = service;
    const secretIn = (run: { data?: unknown }) => String(Object(run.data).secret);
    const [old, fresh] = [service.secret, secretIn(await admin.run("inbox.rotate-mail-secret"))];
    expect(fresh).not.toBe(old);
    expect(secretIn(await admin.run("inbox.mail-secret"))).toBe(fresh);
    const brought = (secret: string, id: string) => bring(written(id), { secret });
    expect((await brought(fresh, "rotated1")).status).toBe(200);
    expect((await brought(old, "rotated2")).status).toBe(200);
    const sql = product.database.acrossTenants;
    await sql.query("update tenant set mail_rotated_at = mail_rotated_at - interval '24 hours' where id = $1", [product.tenant]);
    expect((await brought(old, "rotated3")).status).toBe(401);
    expect((await brought(fresh, "rotated3")).status).toBe(200);
    const entries =
      "select actor_name as who, detail->>'outcome' as outcome from audit_entry where tenant_id = $1 and action = any($2) order by seq desc limit 2";
    const actions = ["inbox.mail-secret", "inbox.rotate-mail-secret"];
    expect(await sql.query(entries, [product.tenant, actions])).toEqual([
      { who: expect.stringContaining("Admin"), outcome: "succeeded" },
      { who: expect.stringContaining("Admin"), outcome: "succeeded" },
    ]);
    // A role that manages people, but reads no conversation of others.
    const agent = await product.agent("agent2@demo.example");
    for (const action of actions) expect(await agent.refused(action)).toMatchObject({ code: "unknown_command" });
    await admin.run("role.create", { key: "staffing", name: "Staffing", permissions: "people.manage, commands.run, presence.declare" });
    await sql.query("update membership set roles = '{staffing}' where account_id = $1", [agent.id]);
    product.bus.publish(`tenant.${product.tenant}.access`, {});
    for (const action of actions)
      await expect
        .poll(() => agent.refused(action))
        .toMatchObject({ code: "forbidden", message: expect.stringContaining("every conversation") });
  });
});
