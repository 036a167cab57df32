import type { Request, Response, Router } from "express";
import { proveSuper } from "../../access/super/setUpSuper.ts";
import type { SuperPrincipal } from "../../access/super/superSession.ts";
import { requireSuperNext } from "../../access/super/superSession.ts";
import { listTenants, tenantsOfPage } from "../../access/super/superTenantStore.ts";
import {
  activateTenant,
  addTenantAdmin,
  countTenant,
  deactivateTenant,
  deleteTenant,
  makeTenant,
  openTenant,
  renameTenant,
  setMemberActive,
  type TableCount,
} from "../../access/super/superTenants.ts";
import { type Html, html } from "../../platform/mail/html.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import { steppedUp } from "./stepUpPage.ts";
import { refusalOf, type SuperDoor, superForm, superOf, valueIn, wordIn } from "./superDoor.ts";
import { fieldOf, nothingTold, superPage, type Told } from "./superPage.ts";

/** Tenants: all, one, and who works there. */
export function tenantPages(router: Router, door: SuperDoor): void {
  const form = superForm(door.config);

  const list = async (request: Request, response: Response, who: SuperPrincipal, refused?: Refusal) => {
    requireSuperNext(who, "none");
    const [search, after] = [wordIn(request.query["search"]), wordIn(request.query["after"])];
    const found = await listTenants(door.database.aside.acrossTenants, { search, after });
    const shown = found.slice(0, tenantsOfPage);
    const wrong = (name: string) => (refused?.path === name ? refused.message : undefined);
    const typed = (name: string) => (refused === undefined ? "" : valueIn(request.body, name));
    const more =
      found.length > tenantsOfPage
        ? html`<p><a href="/super/tenants?search=${encodeURIComponent(search)}&after=${encodeURIComponent(shown.at(-1)?.slug ?? "")}">Next ${tenantsOfPage}</a></p>`
        : html``;
    const content = html`<form class="row" role="search"><p class="field"><label for="search">Search by name or slug</label><input id="search" name="search" value="${search}"></p><button class="quiet">Search</button></form>
${
  shown.length === 0
    ? html`<p class="muted">No tenant ${search === "" ? "yet: make the first one below" : "is called so"}.</p>`
    : html`<div class="scroll cards" tabindex="0" role="region" aria-label="Tenants"><table><thead><tr><th scope="col">Name</th><th scope="col">Slug</th><th scope="col">Members</th><th scope="col">State</th><th scope="col">Made</th></tr></thead><tbody>${shown.map(
        (tenant) =>
          html`<tr><td data-of="Name"><a href="/super/tenants/${tenant.id}">${tenant.name}</a></td><td data-of="Slug">${tenant.slug}</td><td data-of="Members">${tenant.members}</td><td data-of="State">${tenant.active ? "active" : "not active"}</td><td data-of="Made">${day(tenant.createdAt)}</td></tr>`,
      )}</tbody></table></div>`
}
${more}
<h2>Make a tenant</h2>
<form method="post" action="/super/tenants" class="row">${fieldOf({ name: "name", label: "Name", value: typed("name"), wrong: wrong("name") })}${fieldOf({ name: "slug", label: "Slug", value: typed("slug"), wrong: wrong("slug") })}<button>Make it</button></form>`;
    const told = refused !== undefined && refused.path === undefined ? { text: refused.message, wrong: true } : nothingTold;
    response.type("html").send(superPage("Tenants", { name: who.name, inside: true, at: "tenants" }, told, content));
  };

  const one = async (response: Response, who: SuperPrincipal, id: string, told: Told = nothingTold, refused?: Refusal) => {
    const { tenant, members } = await openTenant(door, who, id);
    const counts = await countTenant(door, id);
    const at = `/super/tenants/${tenant.id}`;
    const wrong = (name: string) => (refused?.path === name ? refused.message : undefined);
    const button = (action: string, label: string, kind: "" | "quiet" = "quiet"): Html =>
      html`<form method="post" action="${at}/${action}"><button class="${kind}">${label}</button></form>`;
    const total = totalOf(counts);
    const content = html`<p class="muted">${tenant.slug} · made ${day(tenant.createdAt)} · ${tenant.active ? "active" : "not active: nobody can sign in, and its visitors are told that the chat is closed"}</p>
<form method="post" action="${at}/rename" class="row">${fieldOf({ name: "name", label: "Name", value: tenant.name, wrong: wrong("name") })}<button>Rename</button></form>
<div class="row">${tenant.active ? button("deactivate", "Deactivate the tenant") : button("activate", "Activate the tenant", "")}</div>
<h2>Members</h2>
${
  members.length === 0
    ? html`<p class="muted">Nobody works here yet: add an admin below.</p>`
    : html`<div class="scroll cards" tabindex="0" role="region" aria-label="Members"><table><thead><tr><th scope="col">Name</th><th scope="col">Mail</th><th scope="col">Roles</th><th scope="col">State</th><th scope="col">Change</th></tr></thead><tbody>${members.map(
        (member) =>
          html`<tr><td data-of="Name">${member.name}</td><td data-of="Mail">${member.email}</td><td data-of="Roles">${member.roles.join(", ") || "none"}</td><td data-of="State">${member.active && member.accountActive ? "active" : "not active"}</td><td data-of="Change"><form method="post" action="${at}/members/${member.account}/${member.active ? "deactivate" : "activate"}"><button class="quiet" aria-label="${member.active ? "Deactivate" : "Activate"} ${member.name}">${member.active ? "Deactivate" : "Activate"}</button></form></td></tr>`,
      )}</tbody></table></div>`
}
<h2>Add an admin</h2>
<form method="post" action="${at}/admins" class="row">${fieldOf({ name: "email", label: "Mail", type: "email", wrong: wrong("email"), hint: "Who has an account is an admin at once; others get an invitation." })}<button>Add</button></form>
<h2>What there is of it</h2>
<p>There are ${total} rows: ${counts.map((count, index) => html`${index > 0 ? ", " : ""}<a href="/super/tables/${count.table}?tenant=${tenant.id}">${count.table} ${rowsOf(count)}</a>`)}</p>
<section class="danger" aria-labelledby="delete"><h2 id="delete">Delete the tenant</h2>
<p>All ${total} rows, its files and its audit go for good. Accounts are people's own and stay.</p>
<form method="post" action="${at}/delete" class="row">${fieldOf({ name: "slug", label: `Write "${tenant.slug}"`, wrong: wrong("slug") })}${fieldOf({ name: "code", label: "Code of your second factor", digits: true, complete: "one-time-code", wrong: wrong("code") })}<button class="bad">Delete for good</button></form></section>`;
    const above = refused !== undefined && refused.path === undefined ? { text: refused.message, wrong: true } : told;
    response.type("html").send(superPage(tenant.name, { name: who.name, inside: true, at: "tenants" }, above, content));
  };

  /** Runs what a button of a tenant's page does, and tells what `work` answers; what is refused is told there. */
  const act = (path: string, work: (who: SuperPrincipal, tenant: string, request: Request) => Promise<string>) =>
    router.post(`/super/tenants/:tenant/${path}`, form, async (request: Request, response: Response) => {
      const who = await superOf(door, request, response);
      const tenant = String(request.params["tenant"]);
      requireSuperNext(who, "none");
      if (!(await steppedUp(door, request, response, who))) return;
      try {
        await one(response, who, tenant, { text: await work(who, tenant, request), wrong: false });
      } catch (error) {
        await one(response, who, tenant, nothingTold, refusalOf(error, response));
      }
    });

  router.get("/super/tenants", async (request, response) => list(request, response, await superOf(door, request, response)));
  router.post("/super/tenants", form, async (request: Request, response: Response) => {
    const who = await superOf(door, request, response);
    try {
      const id = await makeTenant(door, who, { name: valueIn(request.body, "name"), slug: valueIn(request.body, "slug") });
      response.redirect(303, `/super/tenants/${id}`);
    } catch (error) {
      await list(request, response, who, refusalOf(error, response));
    }
  });
  router.get("/super/tenants/:tenant", async (request, response) =>
    one(response, await superOf(door, request, response), request.params.tenant),
  );
  router.post("/super/tenants/:tenant/delete", form, async (request: Request, response: Response) => {
    const who = await superOf(door, request, response);
    const tenant = String(request.params["tenant"]);
    try {
      await proveSuper(door, who, valueIn(request.body, "code"));
      await deleteTenant(door, who, tenant, valueIn(request.body, "slug"));
      response.redirect(303, "/super/tenants");
    } catch (error) {
      await one(response, who, tenant, nothingTold, refusalOf(error, response));
    }
  });
  act("rename", async (who, tenant, { body }) => {
    await renameTenant(door, who, tenant, valueIn(body, "name"));
    return "It is renamed.";
  });
  act("deactivate", async (who, tenant) => {
    await deactivateTenant(door, who, tenant);
    return "It is not active any more; its sessions have ended.";
  });
  act("activate", async (who, tenant) => {
    await activateTenant(door, who, tenant);
    return "It is active.";
  });
  act("admins", async (who, tenant, { body }) => {
    const outside = { ...door, publicUrl: door.config.publicUrl, mailOff: door.mail.off };
    const done = await addTenantAdmin(outside, who, tenant, valueIn(body, "email"));
    return done === "added" ? "They are an admin now, and were told by mail." : "They are invited: the mail counts for 72 hours, once.";
  });
  act("members/:account/activate", async (who, tenant, { params }) => {
    await setMemberActive(door, who, tenant, String(params["account"]), true);
    return "They may work again.";
  });
  act("members/:account/deactivate", async (who, tenant, { params }) => {
    await setMemberActive(door, who, tenant, String(params["account"]), false);
    return "They may not work here any more; their sessions have ended.";
  });
}

function totalOf(counts: readonly TableCount[]): string {
  const total = counts.reduce((sum, { rows }) => sum + (rows ?? 0), 0).toLocaleString("en");
  return counts.some(({ rows, more }) => more || rows === undefined) ? `more than ${total}` : total;
}

function rowsOf({ rows, more }: TableCount): string {
  return rows === undefined ? "can't be read" : `${more ? "over " : ""}${rows.toLocaleString("en")}`;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
