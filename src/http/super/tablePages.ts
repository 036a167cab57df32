import type { Request, Response, Router } from "express";
import { requireSuperNext, type SuperPrincipal } from "../../access/super/superSession.ts";
import { listTables } from "../../access/super/superTableStore.ts";
import { browseTable, type ColumnChange, changeRow, openRow, removeRow, textOf } from "../../access/super/superTables.ts";
import { html } from "../../platform/mail/html.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import { fieldOfColumn, givenIn } from "./rowFields.ts";
import { steppedUp } from "./stepUpPage.ts";
import { refusalOf, type SuperDoor, superForm, superOf, wordIn } from "./superDoor.ts";
import { nothingTold, superPage, type Told } from "./superPage.ts";

/** Every table, as the catalogue has them, and each row. */
export function tablePages(router: Router, door: SuperDoor): void {
  const form = superForm(door.config);
  // A row comes back whole, with what it was.
  const rowForm = superForm(door.config, "4mb");
  const inside = (who: SuperPrincipal) => ({ name: who.name, inside: true, at: "tables" as const });

  const row = async (
    response: Response,
    who: SuperPrincipal,
    name: string,
    key: readonly string[],
    told: Told = nothingTold,
    refused?: Refusal,
    typed: ReadonlyMap<string, ColumnChange> = new Map(),
  ) => {
    const opened = await openRow(door, who, name, key);
    const at = `/super/tables/${name}/row?key=${encodeURIComponent(writeKey(key))}`;
    const fields = opened.table.columns.map((column) =>
      fieldOfColumn(
        column,
        opened.row[column.name],
        refused?.path === column.name ? refused.message : undefined,
        typed.get(column.name)?.value,
      ),
    );
    const changing = opened.table.changeable
      ? html`<form method="post" action="${at}">${fields}<button>Save</button></form>
<section class="danger" aria-labelledby="delete"><h2 id="delete">Delete the row</h2><p>It goes for good, with what the schema says goes with it. Where other rows point to it, it stays, and you are told.</p><form method="post" action="/super/tables/${name}/row/delete?key=${encodeURIComponent(writeKey(key))}"><button class="bad">Delete for good</button></form></section>`
      : html`<p class="muted">This table has rules of its own, and is only looked at here.</p>${fields}`;
    const above =
      refused !== undefined && (refused.path === undefined || !opened.table.columns.some((column) => column.name === refused.path))
        ? { text: refused.message, wrong: true }
        : told;
    response
      .type("html")
      .send(superPage(`Row of ${name}`, inside(who), above, html`<p><a href="/super/tables/${name}">All of ${name}</a></p>${changing}`));
  };

  router.get("/super/tables", async (request, response) => {
    const who = await superOf(door, request, response);
    requireSuperNext(who, "none");
    const tables = await listTables(door.database.aside.acrossTenants);
    const content = html`<ul class="tables">${tables.map(({ name, rows }) => html`<li><a href="/super/tables/${name}">${name}</a> <span class="muted">${rows > 0 ? `about ${rows.toLocaleString("en")}` : ""}</span></li>`)}</ul>`;
    response.type("html").send(superPage("Tables", inside(who), nothingTold, content));
  });

  router.get("/super/tables/:table", async (request, response) => {
    const who = await superOf(door, request, response);
    const { table: name } = request.params;
    const [search, tenant] = [wordIn(request.query["search"]), wordIn(request.query["tenant"])];
    const { table, rows, after } = await browseTable(door, who, name, { search, tenant, after: readKey(request.query["after"]) });
    const shown = table.columns.filter(({ secret }) => !secret);
    const hasTenant = table.columns.some((column) => column.name === "tenant_id");
    const next =
      after === undefined
        ? html``
        : html`<p><a href="/super/tables/${name}?tenant=${encodeURIComponent(tenant)}&search=${encodeURIComponent(search)}&after=${encodeURIComponent(writeKey(after))}">Next page</a></p>`;
    const content = html`<form class="row" role="search"><p class="field"><label for="search">Search in what is shown</label><input id="search" name="search" value="${search}"></p>${hasTenant ? html`<p class="field"><label for="tenant">Tenant (id)</label><input id="tenant" name="tenant" value="${tenant}"></p>` : html``}<button class="quiet">Search</button></form>
${
  rows.length === 0
    ? html`<p class="muted">No row${search === "" ? "" : " has this"}.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Rows of ${name}"><table><thead><tr><th scope="col">Row</th>${shown.map((column) => html`<th scope="col">${column.name}</th>`)}</tr></thead><tbody>${rows.map(
        (each, index) =>
          html`<tr><td><a href="/super/tables/${name}/row?key=${encodeURIComponent(writeKey(each.key))}" aria-label="Open row ${index + 1}">Open</a></td>${shown.map((column) => html`<td class="value">${(textOf(each.row[column.name]) ?? "").slice(0, 120)}</td>`)}</tr>`,
      )}</tbody></table></div>`
}${next}`;
    response.type("html").send(superPage(name, inside(who), nothingTold, content));
  });

  router.get("/super/tables/:table/row", async (request, response) =>
    row(response, await superOf(door, request, response), request.params.table, readKey(request.query["key"])),
  );
  router.post("/super/tables/:table/row", rowForm, async (request: Request, response: Response) => {
    const who = await superOf(door, request, response);
    const [name, key] = [String(request.params["table"]), readKey(request.query["key"])];
    requireSuperNext(who, "none");
    if (!(await steppedUp(door, request, response, who))) return;
    const typed = givenIn(request.body);
    try {
      await changeRow(door, who, name, key, typed);
    } catch (error) {
      return await row(response, who, name, key, nothingTold, refusalOf(error, response), typed);
    }
    await row(response, who, name, key, { text: "It is saved.", wrong: false });
  });
  router.post("/super/tables/:table/row/delete", form, async (request: Request, response: Response) => {
    const who = await superOf(door, request, response);
    const [name, key] = [String(request.params["table"]), readKey(request.query["key"])];
    requireSuperNext(who, "none");
    if (!(await steppedUp(door, request, response, who))) return;
    try {
      await removeRow(door, who, name, key);
      response.redirect(303, `/super/tables/${name}`);
    } catch (error) {
      await row(response, who, name, key, nothingTold, refusalOf(error, response));
    }
  });
}

/** A key of several columns in an address. */
function writeKey(key: readonly string[]): string {
  return JSON.stringify(key);
}

/** Empty for whatever isn't one. */
function readKey(written: unknown): string[] {
  try {
    const key: unknown = JSON.parse(typeof written === "string" ? written : "");
    return Array.isArray(key) ? key.filter((part) => typeof part === "string") : [];
  } catch {
    return [];
  }
}
