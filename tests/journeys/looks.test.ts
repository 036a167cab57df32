import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { takePicture } from "../fixtures/pictures.ts";
import { requesterOf, tokenOf } from "../fixtures/tokenOf.ts";
import { upload } from "../fixtures/uploads.ts";

/** The same entities as a table, a gallery and a board. */
describeInBrowser(
  "looks",
  async () => ({}),
  (here) => {
    let admin: Page;
    let who: string;
    let ask: Awaited<ReturnType<typeof requesterOf>>;
    const picture = async (background: string) => {
      const bytes = await sharp({ create: { width: 320, height: 200, channels: 3, background } })
        .png()
        .toBuffer();
      return (await upload(here().product.url, who, bytes, { name: `${background}.png` })).id;
    };
    beforeAll(async () => {
      admin = await here().signIn("admin");
      who = `Bearer ${await tokenOf(admin)}`;
      ask = await requesterOf(admin, here().product.url);
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
      await dialog("Start: DEL-1").getByText('"Parcels" must be 1 or more; "0" isn\'t.').waitFor();
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
  },
);
