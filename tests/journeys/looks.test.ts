import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { takePicture } from "../fixtures/pictures.ts";
import { tokenOf } from "../fixtures/tokenOf.ts";
import { upload } from "../fixtures/uploads.ts";

/** The same entities as a table, a gallery, a calendar and a board. */
describeInBrowser(
  "looks",
  async () => ({}),
  (here) => {
    let admin: Page;
    let who: string;
    const ask = async (method: string, path: string, body?: object) => {
      const headers = { "content-type": "application/json", authorization: who };
      const answer = await fetch(`${here().product.url}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) });
      return { status: answer.status, body: JSON.parse(await answer.text()) };
    };
    const picture = async (background: string) => {
      const bytes = await sharp({ create: { width: 320, height: 200, channels: 3, background } })
        .png()
        .toBuffer();
      return (await upload(here().product.url, who, bytes, { name: `${background}.png` })).id;
    };
    beforeAll(async () => {
      admin = await here().signIn("admin");
      who = `Bearer ${await tokenOf(admin)}`;
      const fields = [
        { key: "id", name: "Id", type: "sequence", prefix: "HOM-" },
        { key: "place", name: "Place", type: "text" },
        { key: "photos", name: "Photos", type: "file", most: 3, accepts: ["image/*"] },
        { key: "rent", name: "Rent", type: "money", currency: "EUR" },
        { key: "kind", name: "Kind", type: "choice", choices: ["FLAT", "HOUSE"] },
      ];
      expect((await ask("POST", "blueprints", { key: "homes", name: "Home", fields })).status).toBe(201);
      for (const [place, colour] of [
        ["Lisbon", "teal"],
        ["Porto", "tomato"],
        ["Faro", null],
      ] as const) {
        const photos = colour === null ? {} : { photos: [await picture(colour)] };
        const values = { place, rent: `${place.length * 100}.00`, kind: place === "Faro" ? "HOUSE" : "FLAT", ...photos };
        expect((await ask("POST", "blueprints/homes/entities", { values })).status).toBe(201);
      }
    }, 60_000);

    const wide = async () => await admin.setViewportSize({ width: 1440, height: 900 });
    const go = async (hash: string) => void (await admin.evaluate(`location.hash = ${JSON.stringify(hash)}`));
    const heads = async () => (await admin.getByRole("columnheader").allTextContents()).map((name) => name.trim()).filter(Boolean);
    const middle = async (name: string) => {
      const box = await admin.getByRole("columnheader", { name }).boundingBox();
      if (box === null) throw new Error(`There is no column ${name}.`);
      return { x: box.x + 60, y: box.y + box.height / 2 };
    };

    test("columns are drawn to other places, or moved by keys, stay there, and a saved view has them", async () => {
      await go("#/data/homes");
      await admin.getByRole("row", { name: /HOM-3/ }).waitFor();
      expect(await heads()).toEqual(["Id", "Place", "Photos", "Rent", "Kind", "Last changed"]);
      const [from, to] = [await middle("Kind"), await middle("Place")];
      await admin.mouse.move(from.x, from.y);
      await admin.mouse.down();
      await admin.mouse.move(to.x, to.y, { steps: 8 });
      await admin.getByText("Kind is over Place.").waitFor();
      await takePicture(admin, "looks-column-drawn");
      await admin.mouse.up();
      await expect.poll(heads).toEqual(["Id", "Kind", "Place", "Photos", "Rent", "Last changed"]);
      // What was drawn isn't ordered by.
      expect(await admin.getByRole("columnheader", { name: "Kind" }).getAttribute("aria-sort")).toBe("none");

      await admin.getByRole("columnheader", { name: "Rent" }).focus();
      await admin.keyboard.press("Alt+ArrowLeft");
      await expect.poll(heads).toEqual(["Id", "Kind", "Place", "Rent", "Photos", "Last changed"]);
      await admin.keyboard.press("Alt+ArrowLeft");
      await expect.poll(heads).toEqual(["Id", "Kind", "Rent", "Place", "Photos", "Last changed"]);
      await expect.poll(async () => await admin.evaluate("document.activeElement.textContent.trim()")).toBe("Rent");
      // Among those that stay, it stays.
      await admin.keyboard.press("Alt+ArrowLeft");
      await admin.keyboard.press("Alt+ArrowLeft");
      await expect.poll(heads).toEqual(["Rent", "Id", "Kind", "Place", "Photos", "Last changed"]);
      await expect.poll(async () => await admin.getByRole("columnheader", { name: "Rent" }).getAttribute("data-stays")).toBe("true");
      await admin.getByRole("button", { name: "Column Rent" }).click();
      await admin.getByRole("menuitem", { name: "Move it behind" }).click();
      await expect.poll(heads).toEqual(["Id", "Rent", "Kind", "Place", "Photos", "Last changed"]);

      await admin.getByRole("button", { name: "Views", exact: true }).click();
      await admin.getByRole("menuitem", { name: "Save as a new view…" }).click();
      const dialog = admin.getByRole("dialog", { name: "Save as a new view" });
      await dialog.getByLabel("Name").fill("Rents first");
      await dialog.getByLabel("For everyone who may read these").check();
      await dialog.getByRole("button", { name: "Save" }).click();
      await admin.getByRole("button", { name: "Rents first", exact: true }).waitFor();
      await admin.reload();
      await admin.getByRole("row", { name: /HOM-3/ }).waitFor();
      expect(await heads()).toEqual(["Id", "Rent", "Kind", "Place", "Photos", "Last changed"]);

      const agent = await here().signIn("one");
      await agent.goto(`${here().product.url}/desk#/data/homes`);
      await agent.getByRole("row", { name: /HOM-3/ }).waitFor();
      await agent.getByRole("button", { name: "Views", exact: true }).click();
      await agent.getByRole("menuitem", { name: /Rents first/ }).click();
      await expect
        .poll(async () => (await agent.getByRole("columnheader").allTextContents()).map((name) => name.trim()).slice(1, 4))
        .toEqual(["Id", "Rent", "Kind"]);
      await agent.context().close();
    }, 90_000);

    test("a gallery has a tile for each, with its picture; it is filtered, ordered, chosen from, opened and kept as a view", async () => {
      await admin.getByRole("link", { name: "Gallery" }).click();
      const tile = (name: string) => admin.getByRole("gridcell", { name: new RegExp(`Choose ${name}\\b`) });
      const names = async () => await admin.getByRole("gridcell").getByRole("button").allTextContents();
      await tile("HOM-1").waitFor();
      expect(await names()).toEqual(["HOM-3", "HOM-2", "HOM-1"]);
      await expect.poll(async () => await admin.evaluate(`document.querySelector("[data-tile] img")?.naturalWidth`)).toBe(320);
      expect(await tile("HOM-3").locator("img").count()).toBe(0);
      expect(await tile("HOM-2").textContent()).toMatch(/Place\s*Porto.*Rent.*500\.00.*Kind\s*FLAT/);

      await admin.getByRole("button", { name: "Order", exact: true }).click();
      await admin.getByRole("menuitemradio", { name: "Rent" }).click();
      await admin.keyboard.press("Escape");
      await expect.poll(names).toEqual(["HOM-3", "HOM-2", "HOM-1"]);
      await admin.getByRole("button", { name: "By Rent" }).click();
      await admin.getByRole("menuitemcheckbox", { name: "Downwards" }).click();
      await admin.keyboard.press("Escape");
      await expect.poll(names).toEqual(["HOM-1", "HOM-2", "HOM-3"]);

      await admin.getByRole("button", { name: "Filter", exact: true }).click();
      await admin.getByRole("form", { name: "Filter" }).getByLabel("Value").selectOption("HOUSE");
      await admin.getByRole("form", { name: "Filter" }).getByRole("button", { name: "Filter" }).click();
      await expect.poll(names).toEqual(["HOM-3"]);
      await admin.getByRole("button", { name: "Remove the filter Kind is HOUSE" }).click();
      await expect.poll(names).toEqual(["HOM-1", "HOM-2", "HOM-3"]);

      await tile("HOM-1").focus();
      await admin.keyboard.press("ArrowRight");
      await admin.keyboard.press("Space");
      await expect.poll(async () => await tile("HOM-2").getByRole("checkbox").isChecked()).toBe(true);
      await admin.getByText("1 chosen").waitFor();
      await admin.keyboard.press("End");
      await admin.keyboard.press("Enter");
      const panel = admin.getByRole("complementary", { name: "HOM-3" });
      await panel.waitFor();
      expect(await admin.evaluate("location.hash")).toMatch(/^#\/data\/homes\/\+gallery\/[0-9a-f-]{36}$/);
      await panel.getByLabel("Place").fill("Olhão");
      await panel.getByRole("button", { name: "Save" }).click();
      await expect.poll(async () => await tile("HOM-3").textContent()).toContain("Olhão");
      expect(await lookAround(admin, "looks-gallery-panel")).toEqual([]);
      await wide();
      await panel.getByRole("button", { name: "Close" }).click();

      // Somebody else makes one: what is there stays in its place.
      expect((await ask("POST", "blueprints/homes/entities", { values: { place: "Braga", kind: "FLAT" } })).status).toBe(201);
      await admin.getByRole("button", { name: "1 new" }).click();
      await tile("HOM-4").waitFor();
      expect(await lookAround(admin, "looks-gallery")).toEqual([]);
      await wide();

      await admin.getByRole("button", { name: "Rents first", exact: true }).click();
      await admin.getByRole("menuitem", { name: "Save as a new view…" }).click();
      const dialog = admin.getByRole("dialog", { name: "Save as a new view" });
      await dialog.getByLabel("Name").fill("Pictures");
      await dialog.getByRole("button", { name: "Save" }).click();
      await admin.getByRole("button", { name: "Pictures", exact: true }).waitFor();
      await admin.getByRole("link", { name: "Table" }).click();
      await admin.getByRole("row", { name: /HOM-3/ }).waitFor();
      await admin.getByRole("button", { name: "Pictures", exact: true }).click();
      await admin.getByRole("menuitem", { name: "Pictures", exact: true }).click();
      await expect.poll(async () => await admin.evaluate("location.hash")).toBe("#/data/homes/+gallery");
      await tile("HOM-1").waitFor();
    }, 120_000);

    test("of hundreds of tiles only those in sight are drawn, and the last is reached by keys", async () => {
      // By rent downwards, as the view of before has it, what has none comes last.
      const items = Array.from({ length: 320 }, (_, n) => ({ values: { place: `Street ${n}` } }));
      expect((await ask("POST", "blueprints/homes/entities/batch", { items })).status).toBe(201);
      await go("#/data");
      await go("#/data/homes/+gallery");
      const tiles = admin.getByRole("gridcell");
      await tiles.first().waitFor();
      await tiles.first().focus();
      for (let page = 0; page < 40; page++) {
        await admin.keyboard.press("Control+End");
        await admin.waitForTimeout(100);
        const at = await admin.evaluate("document.activeElement.textContent");
        if (String(at).startsWith("HOM-4P")) break;
      }
      await expect.poll(async () => await admin.evaluate("document.activeElement.textContent")).toMatch(/^HOM-4Place/);
      expect(await tiles.count()).toBeLessThan(100);
    }, 60_000);

    test("on the board, a step that asks for something asks for it; who thinks better of it finds the card where it was", async () => {
      const fields = [
        { key: "id", name: "Id", type: "sequence", prefix: "DEL-" },
        { key: "status", name: "Status", type: "choice", choices: ["PENDING", "UNDERWAY", "DONE"] },
        { key: "driver", name: "Driver", type: "text" },
        { key: "parcels", name: "Parcels", type: "integer", min: 1 },
        { key: "reason", name: "Reason", type: "text" },
      ];
      const flow = {
        field: "status",
        states: ["PENDING", "UNDERWAY", "DONE"],
        transitions: [
          { key: "start", name: "Start", from: ["PENDING"], to: "UNDERWAY", required: ["driver", "parcels"] },
          { key: "deliver", name: "Delivered", from: ["UNDERWAY"], to: "DONE" },
          { key: "drop", name: "Given up", from: ["UNDERWAY"], to: "DONE", required: ["reason"] },
        ],
      };
      expect((await ask("POST", "blueprints", { key: "deliveries", name: "Delivery", fields, flow })).status).toBe(201);
      for (const values of [{}, { driver: "Ana" }])
        expect((await ask("POST", "blueprints/deliveries/entities", { values })).status).toBe(201);
      await wide();
      await go("#/data/deliveries/+board");
      const lane = (name: string) => admin.getByRole("region", { name, exact: true });
      const card = (of: string, name: string) => lane(of).getByRole("button", { name, exact: true });
      const dialog = (name: string) => admin.getByRole("dialog", { name });
      const draw = async (name: string, to: string) => {
        const [from, where] = await Promise.all([admin.getByRole("button", { name, exact: true }).boundingBox(), lane(to).boundingBox()]);
        if (from === null || where === null) throw new Error("The board isn't there.");
        await admin.mouse.move(from.x + 30, from.y + 4);
        await admin.mouse.down();
        await admin.mouse.move(where.x + 80, where.y + 120, { steps: 8 });
        await admin.getByText(`${name} is over ${to}.`).waitFor();
        await admin.mouse.up();
      };
      await card("PENDING", "DEL-1").waitFor();
      await admin.waitForTimeout(500);
      await draw("DEL-1", "UNDERWAY");
      await dialog("Start: DEL-1").getByLabel("Driver").waitFor();
      await admin.keyboard.press("Escape");
      await dialog("Start: DEL-1").waitFor({ state: "detached" });
      expect(await lane("PENDING").getByRole("heading").textContent()).toContain("2");
      await card("PENDING", "DEL-1").waitFor();

      await draw("DEL-1", "UNDERWAY");
      await dialog("Start: DEL-1").getByLabel("Driver").fill("Rui");
      await dialog("Start: DEL-1").getByLabel("Parcels").fill("0");
      await admin.keyboard.press("Enter");
      await dialog("Start: DEL-1").getByText('"Parcels" must be 1 or more.').waitFor();
      expect(await lookAround(admin, "looks-board-asked")).toEqual([]);
      await wide();
      await dialog("Start: DEL-1").getByLabel("Parcels").fill("4");
      await admin.keyboard.press("Enter");
      await card("UNDERWAY", "DEL-1").waitFor();
      await card("PENDING", "DEL-1").waitFor({ state: "detached" });
      expect(await lane("UNDERWAY").textContent()).toMatch(/Driver\s*Rui.*Parcels\s*4/);

      // By keys; only what is missing is asked for, and the focus goes along.
      await lane("PENDING").getByRole("button", { name: "Move DEL-2" }).focus();
      await admin.keyboard.press("Alt+ArrowRight");
      await dialog("Start: DEL-2").getByLabel("Parcels").waitFor();
      expect(await dialog("Start: DEL-2").getByLabel("Driver").count()).toBe(0);
      await admin.keyboard.press("Escape");
      await dialog("Start: DEL-2").waitFor({ state: "detached" });
      await expect.poll(async () => await admin.evaluate("document.activeElement.getAttribute('aria-label')")).toBe("Move DEL-2");
      await admin.keyboard.press("Alt+ArrowRight");
      await dialog("Start: DEL-2").getByLabel("Parcels").fill("1");
      await admin.keyboard.press("Enter");
      await card("UNDERWAY", "DEL-2").waitFor();
      await expect.poll(async () => await admin.evaluate("document.activeElement.getAttribute('aria-label')")).toBe("Move DEL-2");

      // Two steps lead on: which it is, is asked.
      await admin.keyboard.press("Alt+ArrowRight");
      await dialog("Delivered: DEL-2").getByLabel("What is done").selectOption({ label: "Given up" });
      await dialog("Given up: DEL-2").getByLabel("Reason").fill("Nobody there");
      await dialog("Given up: DEL-2").getByRole("button", { name: "Given up" }).click();
      await card("DONE", "DEL-2").waitFor();
      const { body } = await ask("GET", "blueprints/deliveries/entities?sort=id");
      expect(body.items.map(({ values }: { values: object }) => values)).toEqual([
        { id: "DEL-1", status: "UNDERWAY", driver: "Rui", parcels: 4 },
        { id: "DEL-2", status: "DONE", driver: "Ana", parcels: 1, reason: "Nobody there" },
      ]);
    }, 120_000);

    const on = (page: Page, day: string) => page.getByRole("gridcell", { name: new RegExp(`, ${day}, 2026`) });
    const entry = (page: Page, day: string, id: string) => on(page, day).getByRole("button", { name: new RegExp(`${id}(?!\\d)`) });
    const valuesOf = async (id: string) => {
      const { body } = await ask("GET", `blueprints/visits/entities?filter=${encodeURIComponent(JSON.stringify({ id: { eq: id } }))}`);
      return body.items[0];
    };
    const due = async (id: string) => (await valuesOf(id)).values.due;
    const focused = async () => String(await admin.evaluate("document.activeElement.closest('button, [role]')?.textContent"));

    test("a calendar has entities on their days: turned, moved by the pointer and by keys, made on a day", async () => {
      const fields = [
        { key: "id", name: "Id", type: "sequence", prefix: "VIS-" },
        { key: "who", name: "Who", type: "text" },
        { key: "due", name: "Due", type: "date", max: "2026-09-20" },
        { key: "starts_at", name: "Starts at", type: "instant" },
      ];
      expect((await ask("POST", "blueprints", { key: "visits", name: "Visit", fields })).status).toBe(201);
      for (const values of [
        { who: "Ana", due: "2026-03-10", starts_at: "2026-03-10T02:00:00Z" },
        { who: "Rui", due: "2026-03-10", starts_at: "2026-03-12T16:30:00Z" },
        { who: "Eva", due: "2026-03-31", starts_at: "2026-03-10T09:15:00Z" },
        { who: "Ivo", due: "2026-09-16" },
      ])
        expect((await ask("POST", "blueprints/visits/entities", { values })).status).toBe(201);
      await wide();
      await go("#/data/visits/+calendar:due:month:2026-03-05");
      await entry(admin, "March 10", "VIS-1").waitFor();
      await entry(admin, "March 10", "VIS-2").waitFor();
      await entry(admin, "March 31", "VIS-3").waitFor();
      expect(await admin.getByRole("gridcell").getByRole("button", { name: /VIS-/ }).count()).toBe(3);
      expect(await lookAround(admin, "looks-month")).toEqual([]);
      expect(await admin.getByRole("region", { name: "Tuesday, March 10, 2026" }).textContent()).toMatch(/VIS-1\s*Ana.*VIS-2\s*Rui/);
      await wide();

      const [from, to] = await Promise.all([entry(admin, "March 10", "VIS-1").boundingBox(), on(admin, "March 12").boundingBox()]);
      if (from === null || to === null) throw new Error("The calendar isn't there.");
      await admin.mouse.move(from.x + 20, from.y + 8);
      await admin.mouse.down();
      await admin.mouse.move(to.x + 40, to.y + 60, { steps: 8 });
      await admin.getByText("VIS-1 is over Thursday, March 12, 2026.").waitFor();
      await takePicture(admin, "looks-entry-drawn");
      await admin.mouse.up();
      await entry(admin, "March 12", "VIS-1").waitFor();
      await expect.poll(async () => await due("VIS-1")).toBe("2026-03-12");

      await entry(admin, "March 10", "VIS-2").focus();
      await admin.keyboard.press("Alt+ArrowRight");
      await admin.getByText("VIS-2 is on Wednesday, March 11, 2026 now.").waitFor();
      await expect.poll(focused).toContain("VIS-2");
      await admin.keyboard.press("Alt+ArrowDown");
      await expect.poll(async () => await due("VIS-2")).toBe("2026-03-18");
      // To a day that isn't in sight, the calendar goes along.
      await entry(admin, "March 31", "VIS-3").focus();
      await admin.keyboard.press("Alt+ArrowDown");
      await admin.getByRole("heading", { name: "April 2026" }).waitFor();
      await entry(admin, "April 7", "VIS-3").waitFor();
      await expect.poll(focused).toContain("VIS-3");
      expect(await due("VIS-3")).toBe("2026-04-07");

      // From day to day, in and out, by keys.
      await admin.keyboard.press("Escape");
      await admin.keyboard.press("ArrowRight");
      await admin.keyboard.press("PageUp");
      await admin.getByRole("heading", { name: "March 2026" }).waitFor();
      const day = async () => await admin.evaluate("document.activeElement.dataset.day");
      await expect.poll(day).toBe("2026-03-01");
      for (let week = 0; week < 2; week++) await admin.keyboard.press("ArrowDown");
      await admin.keyboard.press("End");
      await expect.poll(day).toBe("2026-03-21");
      await admin.keyboard.press("Home");
      for (let step = 0; step < 3; step++) await admin.keyboard.press("ArrowRight");
      await admin.keyboard.press("Enter");
      await expect.poll(focused).toContain("VIS-2");
      await admin.keyboard.press("Escape");
      await admin.keyboard.press("ArrowRight");
      await admin.keyboard.press("ArrowRight");
      await admin.keyboard.press("n");
      const form = admin.getByRole("complementary", { name: "New visit" });
      expect(await form.getByLabel("Due").inputValue()).toBe("2026-03-20");
      await form.getByLabel("Who").fill("Max");
      await admin.keyboard.press("Enter");
      await form.getByText("VIS-5 is made.").waitFor();
      await entry(admin, "March 20", "VIS-5").waitFor();
      // Somebody else makes one: it comes when it is asked for.
      expect((await ask("POST", "blueprints/visits/entities", { values: { who: "Lea", due: "2026-03-04" } })).status).toBe(201);
      await admin.getByRole("button", { name: "1 new" }).click();
      await entry(admin, "March 4", "VIS-6").waitFor();
      // N begins one where the calendar has been turned to.
      await admin.keyboard.press("Escape");
      await admin.getByRole("button", { name: "The month after" }).click();
      await admin.getByRole("heading", { name: "April 2026" }).waitFor();
      await admin.keyboard.press("n");
      await form.waitFor();
      expect(await admin.evaluate("location.hash")).toBe("#/data/visits/+calendar:due:month:2026-04-01/+new");
      expect(await form.getByLabel("Due").inputValue()).toBe("");
      await admin.keyboard.press("Escape");
      await on(admin, "April 9").hover();
      await on(admin, "April 9").getByRole("button", { name: "New visit on Thursday, April 9, 2026" }).click();
      await expect.poll(async () => await form.getByLabel("Due").inputValue()).toBe("2026-04-09");
      await admin.getByRole("button", { name: "The month before" }).click();
      await entry(admin, "March 20", "VIS-5").click();
      await admin.getByRole("complementary", { name: "VIS-5" }).waitFor();
      expect(await admin.evaluate("location.hash")).toMatch(/^#\/data\/visits\/\+calendar:due:month:2026-03-01\/[0-9a-f-]{36}$/);
      expect(await lookAround(admin, "looks-month-panel")).toEqual([]);
      await wide();
      await admin.keyboard.press("Escape");
    }, 120_000);

    test("moments stand on the days of whoever looks, and a move keeps their time; the look is a view and an address", async () => {
      await go("#/data/visits/+calendar:due:month:2026-03-05");
      await admin.getByRole("combobox", { name: /^By/ }).selectOption({ label: "Starts at" });
      await admin.getByRole("button", { name: "Week", exact: true }).click();
      await expect.poll(async () => await admin.evaluate("location.hash")).toBe("#/data/visits/+calendar:starts_at:week:2026-03-05");
      await admin.getByRole("button", { name: "The week after" }).click();
      await expect.poll(async () => await on(admin, "March 10").textContent()).toMatch(/2:00\sAM\s*VIS-1.*9:15\sAM\s*VIS-3/);
      expect(await lookAround(admin, "looks-week")).toEqual([]);
      await wide();
      await entry(admin, "March 10", "VIS-3").focus();
      await admin.keyboard.press("Alt+ArrowRight");
      await expect.poll(async () => (await valuesOf("VIS-3")).values.starts_at).toBe("2026-03-11T09:15:00.000Z");

      await admin.getByRole("button", { name: "Views", exact: true }).click();
      await admin.getByRole("menuitem", { name: "Save as a new view…" }).click();
      const dialog = admin.getByRole("dialog", { name: "Save as a new view" });
      await dialog.getByLabel("Name").fill("By the week");
      await dialog.getByLabel("For everyone who may read these").check();
      await dialog.getByRole("button", { name: "Save" }).click();
      await admin.getByRole("button", { name: "By the week", exact: true }).waitFor();

      const west = await here().signIn("one", { timezoneId: "America/New_York" });
      await west.goto(`${here().product.url}/desk#/data/visits`);
      await west.getByRole("row", { name: /VIS-1\D/ }).waitFor();
      await west.getByRole("button", { name: "Views", exact: true }).click();
      await west.getByRole("menuitem", { name: /By the week/ }).click();
      await expect.poll(async () => await west.evaluate("location.hash")).toBe("#/data/visits/+calendar:starts_at:week");
      await west.evaluate(`location.hash += ":2026-03-10"`);
      await expect.poll(async () => await on(west, "March 9").textContent()).toMatch(/10:00\sPM\s*VIS-1/);
      await west.context().close();
    }, 120_000);

    test("who moves what somebody else moved meanwhile decides; what is refused stays, and says why", async () => {
      await go("#/data/visits/+calendar:due:month:2026-03-05");
      const from = await entry(admin, "March 18", "VIS-2").boundingBox();
      const to = await on(admin, "March 26").boundingBox();
      if (from === null || to === null) throw new Error("The calendar isn't there.");
      await admin.mouse.move(from.x + 20, from.y + 8);
      await admin.mouse.down();
      await admin.mouse.move(to.x + 40, to.y + 60, { steps: 8 });
      await admin.getByText("VIS-2 is over Thursday, March 26, 2026.").waitFor();
      const { id, version } = await valuesOf("VIS-2");
      expect((await ask("PATCH", `blueprints/visits/entities/${id}`, { values: { due: "2026-03-24" }, version })).status).toBe(200);
      await entry(admin, "March 24", "VIS-2").waitFor();
      await admin.mouse.up();
      const note = admin.getByRole("alert").filter({ hasText: "VIS-2" });
      await note.getByText("VIS-2: Admin changed it to “Mar 24, 2026” meanwhile.").waitFor();
      expect(await due("VIS-2")).toBe("2026-03-24");
      expect(await lookAround(admin, "looks-conflict")).toEqual([]);
      await wide();
      await note.getByRole("button", { name: "Keep mine of VIS-2" }).click();
      await entry(admin, "March 26", "VIS-2").waitFor();
      await expect.poll(async () => await due("VIS-2")).toBe("2026-03-26");
      expect(await admin.getByRole("alert").filter({ hasText: "VIS-2" }).count()).toBe(0);

      await go("#/data/visits/+calendar:due:month:2026-09-01");
      await entry(admin, "September 16", "VIS-4").focus();
      await admin.keyboard.press("Alt+ArrowDown");
      await admin.getByText(/VIS-4 stays where it was: "Due" must be .*2026-09-20/).waitFor();
      await entry(admin, "September 16", "VIS-4").waitFor();
      expect(await due("VIS-4")).toBe("2026-09-16");
      await expect.poll(focused).toContain("VIS-4");
      await admin.getByRole("button", { name: "I have read it: VIS-4" }).click();
      await admin.getByText(/VIS-4 stays/).waitFor({ state: "detached" });
    }, 60_000);

    test("a day with very many tells how many more there are, its week has them, and more than five hundred are counted", async () => {
      await go("#/data");
      for (let batch = 0; batch < 2; batch++) {
        const items = Array.from({ length: 270 }, (_, n) => ({ values: { who: `Guest ${n}`, due: "2026-09-15" } }));
        expect((await ask("POST", "blueprints/visits/entities/batch", { items })).status).toBe(201);
      }
      await go("#/data/visits/+calendar:due:month:2026-09-01");
      await admin.getByText("These are the first 500; 41 more are on these days. A filter shows others.").waitFor();
      expect(await lookAround(admin, "looks-many")).toEqual([]);
      await wide();
      await on(admin, "September 15").getByRole("button", { name: "496 more" }).click();
      await admin.getByRole("button", { name: "Week", exact: true, pressed: true }).waitFor();
      await expect.poll(async () => await on(admin, "September 15").getByRole("button", { name: /VIS-/ }).count()).toBe(500);
      await admin.getByRole("button", { name: "Today", exact: true }).click();
      await expect.poll(async () => await admin.evaluate("location.hash")).toBe("#/data/visits/+calendar:due:week");
      expect(await admin.locator("[aria-current=date]").count()).toBe(1);
      await admin.getByRole("button", { name: "Month", exact: true }).click();
      expect(await lookAround(admin, "looks-today")).toEqual([]);
      await wide();
    }, 60_000);
  },
);
