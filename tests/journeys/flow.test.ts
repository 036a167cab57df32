import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";

/** The life of a delivery is drawn, tried, used and changed, on the real pages of the real product. */
describeInBrowser(
  "a flow",
  async () => ({}),
  (here) => {
    let admin: Page;
    beforeAll(async () => {
      admin = await here().signIn("admin");
    }, 30_000);

    const wide = async () => await admin.setViewportSize({ width: 1440, height: 900 });
    const go = async (hash: string) => void (await admin.evaluate(`location.hash = ${JSON.stringify(hash)}`));
    const save = async () => await admin.getByRole("button", { name: /^Save/ }).first().click();
    const steps = () => admin.getByRole("region", { name: "Steps" });
    const add = async (from: string, to: string, name: string) => {
      await steps().getByLabel("From").selectOption(from);
      await steps().getByLabel("To", { exact: true }).selectOption(to);
      await steps().getByRole("button", { name: "Step", exact: true }).click();
      await expect.poll(async () => await admin.evaluate("document.activeElement.id")).toBe("step-name");
      // What was there is selected, and written over.
      await admin.keyboard.type(name);
    };
    const part = (name: string) => admin.getByRole("navigation", { name: "Parts of the blueprint" }).getByRole("link", { name });

    test("is made with its blueprint: a first state, steps by the keyboard and by a line that is drawn, what they set and ask for", async () => {
      await wide();
      await go("#/data/+new");
      await admin.getByLabel("What one of them is called").fill("Delivery");
      for (const [type, name] of [
        ["Text", "Driver"],
        ["Number", "Parcels"],
        ["Date and time", "Started at"],
        ["Date and time", "Delivered at"],
      ] as const) {
        await admin.getByRole("button", { name: type, exact: true }).click();
        await admin.getByLabel("Name", { exact: true }).fill(name);
      }
      await part("Flow").click();
      await admin.getByRole("button", { name: "Begin with a field Status" }).click();
      await admin.getByRole("button", { name: "Take the state DONE off" }).click();
      await admin.getByRole("textbox", { name: "A new state" }).fill("IN_PROGRESS");
      await admin.keyboard.press("Enter");
      await admin.getByRole("textbox", { name: "A new state" }).fill("DELIVERED");
      await admin.keyboard.press("Enter");
      await admin.getByText("No step leads to IN_PROGRESS, DELIVERED.").waitFor();
      await add("OPEN", "IN_PROGRESS", "Start");
      await expect.poll(async () => await admin.getByLabel("Its command").inputValue()).toBe("start");
      await admin.getByRole("group", { name: "Asks for" }).getByRole("checkbox", { name: "Driver" }).check();
      await admin.getByRole("button", { name: "Set a field" }).click();
      expect(await admin.getByLabel("Field that is set").inputValue()).toBe("started_at");

      // A line from the one state to the other is a step.
      const handle = (state: string, side: string) =>
        admin.locator(`.react-flow__node[data-id="state ${state}"] .react-flow__handle.${side}`);
      await handle("IN_PROGRESS", "source").dragTo(handle("DELIVERED", "target"));
      await expect.poll(async () => await admin.getByLabel("What is done").inputValue()).toBe("To delivered");
      await admin.getByLabel("What is done").fill("Deliver");
      await admin.getByRole("button", { name: "Set a field" }).click();
      await admin.getByLabel("Field that is set").selectOption("delivered_at");
      await admin.getByRole("group", { name: "Only where" }).getByRole("button", { name: "Condition" }).click();
      const condition = admin.getByRole("form", { name: "Condition" });
      await condition.getByLabel("Field").selectOption("parcels");
      await condition.getByLabel("Condition").selectOption("gte");
      await condition.getByLabel("Value").fill("1");
      await admin.keyboard.press("Enter");
      await admin.getByRole("button", { name: "Change the filter Parcels at least 1" }).waitFor();
      expect(await lookAround(admin, "flow-step")).toEqual([]);
      await wide();
      await save();
      await admin.getByText("No deliveries yet").waitFor();
    }, 120_000);

    test("tells where something doesn't fit, and says so at its place", async () => {
      await go("#/data/deliveries/+blueprint/+flow");
      await steps().getByRole("button", { name: /Start/ }).click();
      await admin.getByLabel("Its command").fill("create");
      await save();
      await admin.getByText(/Every blueprint has a command "create" already/).waitFor();
      await expect.poll(async () => await admin.evaluate("document.activeElement.id")).toBe("step-key");
      await admin.getByRole("button", { name: "Discard" }).click();
    });

    test("is tried before it is saved, and nothing of it happens", async () => {
      await admin.getByLabel(/by its number, or none/).fill("");
      await admin.getByRole("button", { name: "Try", exact: true }).click();
      const trial = admin.getByRole("region", { name: "Try it" });
      await trial.getByText("It is OPEN").waitFor();
      await trial.getByLabel("Driver").fill("Ana");
      await trial.getByRole("button", { name: /^Start/ }).click();
      await trial.getByText("It is IN_PROGRESS").waitFor();
      await trial.getByText('"Deliver" is done where Parcels is at least 1.').waitFor();
      expect(await trial.getByRole("button", { name: /^Deliver/ }).isDisabled()).toBe(true);
      expect(await lookAround(admin, "flow-try")).toEqual([]);
      await wide();
      // What is written anew is tried anew.
      await steps()
        .getByRole("button", { name: /Deliver/ })
        .click();
      await admin.getByRole("button", { name: "Remove the filter Parcels at least 1" }).click();
      await trial.getByRole("button", { name: /^Deliver/, disabled: false }).click();
      await trial.getByText("It is DELIVERED").waitFor();
      await admin.getByRole("button", { name: "Discard" }).click();
    });

    test("leads real ones from state to state, and asks where they go on when a state is left out", async () => {
      await go("#/data/deliveries/+new");
      const form = admin.getByRole("complementary", { name: "New delivery" });
      await form.getByLabel("Parcels").fill("2");
      await admin.keyboard.press("Enter");
      await form.getByText(/DEL-1 is made/).waitFor();
      await admin.keyboard.press("Escape");
      await go("#/data/deliveries/+blueprint/+flow");
      await admin.getByRole("button", { name: "Take the state OPEN off" }).click();
      await part("Fields").click();
      await admin.getByRole("button", { name: /Status/, expanded: false }).click();
      await admin.getByLabel("Begins with").selectOption("IN_PROGRESS");
      await save();
      const asking = admin.getByRole("dialog", { name: "Where do they go on?" });
      await asking.getByText("1 is at OPEN").waitFor();
      expect(await lookAround(admin, "flow-moved")).toEqual([]);
      await wide();
      await asking.getByLabel(/1 is at OPEN/).selectOption("IN_PROGRESS");
      await asking.getByRole("button", { name: "Save and move them" }).click();
      await admin.getByText("Version 2 is there.").waitFor();
      await go("#/data/deliveries");
      await admin.getByRole("row", { name: /DEL-1.*IN_PROGRESS/ }).waitFor();
    });

    test("a step starts a command, with what stands in the fields; its run stands in the history", async () => {
      await wide();
      await go("#/data/+new");
      await admin.getByLabel("What one of them is called").fill("Letter");
      await admin.getByRole("button", { name: "Text", exact: true }).click();
      await admin.getByLabel("Name", { exact: true }).fill("Driver");
      await save();
      await admin.getByText("No letters yet").waitFor();

      await go("#/data/deliveries/+blueprint/+flow");
      await steps()
        .getByRole("button", { name: /Deliver/ })
        .click();
      await admin.getByRole("button", { name: "Start a command" }).press("Enter");
      await admin.getByLabel("Command that is started").fill("letters.purge");
      await save();
      await admin.getByText(/can't be taken back, so it is confirmed by a person each time, not by a step/).waitFor();
      await expect.poll(async () => await admin.evaluate("document.activeElement.id")).toBe("start-0-command");
      await admin.getByLabel("Command that is started").fill("letters.create");
      await admin.getByLabel("Another argument of letters.create").selectOption("driver");
      await admin.getByLabel("Where Driver comes from").selectOption("what stands in Driver");
      await admin.getByRole("button", { name: "Try", exact: true }).click();
      const trial = admin.getByRole("region", { name: "Try it" });
      await trial.getByText("Would start letters.create.").waitFor();
      expect(await lookAround(admin, "flow-starts")).toEqual([]);
      await wide();
      await save();
      await admin.getByText("Version 3 is there.").waitFor();

      await go("#/data/deliveries");
      await admin.getByRole("row", { name: /DEL-1/ }).getByRole("button", { name: "DEL-1" }).click();
      const panel = admin.getByRole("complementary", { name: "DEL-1" });
      await panel.getByLabel("Driver").fill("Ana");
      await panel.getByRole("button", { name: "Save" }).click();
      await panel.getByRole("button", { name: "Save" }).waitFor({ state: "detached" });
      await admin.keyboard.press("Control+k");
      await admin.getByRole("combobox", { name: "Command" }).fill("/deliveries.deliver DEL-1");
      await admin.getByRole("option", { name: /Run \/deliveries.deliver/ }).click();
      await admin.getByRole("dialog").getByRole("button", { name: "Close" }).click();
      await panel.getByRole("region", { name: "History" }).getByText("Started letters.create").waitFor();
      const run = panel.getByRole("region", { name: "History" }).getByRole("link", { name: "Done" });
      await run.waitFor();
      expect(await lookAround(admin, "flow-started")).toEqual([]);
      await wide();
      await run.click();
      await admin.getByRole("heading", { name: /letters.create/ }).waitFor();
      await go("#/data/letters");
      await admin.getByRole("row", { name: /LET-1.*Ana/ }).waitFor();
    }, 120_000);
  },
);
