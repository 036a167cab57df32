import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";

/** What exists comes along with a blueprint that changed its mind, on the real pages of the real product. */
describeInBrowser(
  "a migration",
  async () => ({}),
  (here) => {
    let admin: Page;
    beforeAll(async () => {
      admin = await here().signIn("admin");
    }, 30_000);

    test("tells what would become of each, asks what to do with what doesn't fit, and goes there and back", async () => {
      await admin.setViewportSize({ width: 1440, height: 900 });
      const go = async (hash: string) => void (await admin.evaluate(`location.hash = ${JSON.stringify(hash)}`));
      await go("#/data/+new");
      await admin.getByLabel("What one of them is called").fill("Parcel");
      await admin.getByRole("button", { name: "Choice", exact: true }).click();
      await admin.getByLabel("Name", { exact: true }).fill("Kind");
      await admin.getByLabel("Choices, one a line").fill("small\nlarge\nodd");
      await admin.getByRole("button", { name: "Save", exact: true }).click();
      await admin.getByText("No parcels yet").waitFor();
      await admin.keyboard.press("n");
      const form = admin.getByRole("complementary", { name: "New parcel" });
      for (const kind of ["small", "odd", "odd"]) {
        await form.getByLabel("Kind").selectOption(kind);
        await form.getByRole("button", { name: "Make it" }).click();
        await form.getByText(/PAR-\d is made/).waitFor();
        await expect.poll(async () => await form.getByLabel("Kind").inputValue()).toBe("");
      }
      await admin.keyboard.press("Escape");

      await go("#/data/parcels/+blueprint");
      await admin.getByRole("button", { name: /^Kind/, expanded: false }).click();
      await admin.getByLabel("Choices, one a line").fill("small\nlarge");
      await admin.getByRole("button", { name: "Save v2" }).click();
      await admin.getByText("Version 2 is there.").waitFor();

      const bring = async (version: number) => {
        await admin.getByRole("button", { name: `What can be done with version ${version}` }).click();
        await admin.getByRole("menuitem", { name: /Bring entities to it/ }).click();
      };
      await bring(2);
      const asking = admin.getByRole("dialog", { name: "Bring parcels to version 2" });
      await asking.getByText("3 are of other versions. 1 come to version 2, 2 stay as they are.").waitFor();
      await asking.getByText("2 have a value that has no place here.").waitFor();
      await asking
        .getByRole("row", { name: /PAR-\d: kind odd nothing/ })
        .first()
        .waitFor();
      expect(await lookAround(admin, "migration")).toEqual([]);
      await admin.setViewportSize({ width: 1440, height: 900 });
      await asking.getByLabel("odd becomes").selectOption("large");
      await asking.getByText("3 are of other versions. 3 come to version 2.").waitFor();
      await asking.getByRole("button", { name: "Bring them" }).click();
      await asking.getByText("3 came to version 2.").waitFor();
      await asking.getByRole("button", { name: "Close" }).click();

      // Back again: what stood there before comes back.
      await bring(1);
      const back = admin.getByRole("dialog", { name: "Bring parcels to version 1" });
      await back.getByText("3 are of other versions. 3 come to version 1.").waitFor();
      await back.getByRole("button", { name: "Bring them" }).click();
      await back.getByText("3 came to version 1.").waitFor();
      await back.getByRole("button", { name: "Close" }).click();
      await go("#/data/parcels");
      await expect.poll(async () => await admin.getByRole("row", { name: /PAR-\d.*odd/ }).count()).toBe(2);
    }, 60_000);
  },
);
