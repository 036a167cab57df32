import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { takePicture } from "../fixtures/pictures.ts";
import { requesterOf } from "../fixtures/tokenOf.ts";

/** Entities on their days. */
describeInBrowser(
  "calendar",
  async () => ({}),
  (here) => {
    let admin: Page;
    let ask: Awaited<ReturnType<typeof requesterOf>>;
    beforeAll(async () => {
      admin = await here().signIn("admin");
      ask = await requesterOf(admin, here().product.url);
    }, 60_000);

    const wide = async () => await admin.setViewportSize({ width: 1440, height: 900 });
    const go = async (hash: string) => void (await admin.evaluate(`location.hash = ${JSON.stringify(hash)}`));
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

      // Held over an edge it is carried to a month that wasn't in sight, and back again.
      const carry = async (of: ReturnType<typeof entry>, edge: "before" | "after", month: string, day: string) => {
        const [picked, grid] = await Promise.all([of.boundingBox(), admin.getByRole("grid").boundingBox()]);
        if (picked === null || grid === null) throw new Error("The calendar isn't there.");
        await admin.mouse.move(picked.x + 20, picked.y + 8);
        await admin.mouse.down();
        await admin.mouse.move(edge === "after" ? grid.x + grid.width - 12 : grid.x + 12, grid.y + 200, { steps: 8 });
        await admin.getByText(`VIS-1 is over the month ${edge}.`).waitFor();
        await admin.getByRole("heading", { name: month }).waitFor();
        if (edge === "after") await takePicture(admin, "looks-entry-carried");
        const put = await on(admin, day).boundingBox();
        if (put === null) throw new Error("The month isn't there.");
        await admin.mouse.move(put.x + 60, put.y + 60, { steps: 8 });
        await admin.mouse.up();
        await entry(admin, day, "VIS-1").waitFor();
      };
      await carry(entry(admin, "March 12", "VIS-1"), "after", "April 2026", "April 15");
      await expect.poll(async () => await due("VIS-1")).toBe("2026-04-15");
      await carry(entry(admin, "April 15", "VIS-1"), "before", "March 2026", "March 12");
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
