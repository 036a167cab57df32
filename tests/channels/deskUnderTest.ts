import { expect } from "vitest";
import { openBrowser, type Page } from "../fixtures/browser.ts";
import { signInAs } from "../fixtures/people.ts";
import { openProduct, password } from "../fixtures/product.ts";
import type { CommandPlace, SeenThere } from "./chatUnderTest.ts";

/** The desk as those who are signed in see it, each in a page of their own: lines in its chat, forms, the bell, and the run behind a notice. */
export async function deskUnderTest(): Promise<CommandPlace> {
  const [product, browser] = await Promise.all([openProduct({ pagesDir: "dist" }), openBrowser()]);
  const people = ["agent1@demo.example", "admin@demo.example"] as const;
  const seats = new Map<string, Seat>();
  for (const email of people) {
    await product.agent(email);
    seats.set(email, takeSeat(await signInAs(browser, product.url, { email, password })));
  }
  const seatOf = (person: string): Seat => {
    const seat = seats.get(person);
    if (seat === undefined) throw new Error(`${person} isn't at the desk`);
    return seat;
  };
  return {
    product,
    people,
    formBehind: undefined,
    plansUndo: false,
    write: (person, text) =>
      seatOf(person).act(async (page) => {
        await page.evaluate('location.hash = "#/admin"');
        const line = page.getByRole("combobox", { name: "Command" });
        await line.fill(text);
        // What may be run is fetched as the page opens.
        await page.getByRole("listbox", { name: "What it may become" }).waitFor();
        await line.press("Enter");
        // A command's name alone is written on with what it takes, and run as it stands by the next.
        await expect.poll(async () => /^$| $/.test(await line.inputValue())).toBe(true);
        if ((await line.inputValue()) !== "") await line.press("Enter");
      }),
    seen: (person) => seatOf(person).seen(),
    press: (person, label) =>
      seatOf(person).act(async (page) => await page.getByRole("button", { name: label, exact: true }).last().click()),
    fill: async (person, values) => {
      const wrong: Record<string, string> = {};
      await seatOf(person).act(async (page) => {
        const form = page.getByRole("dialog");
        for (const [name, value] of Object.entries(values)) await form.locator(`#argument-${name}`).fill(value);
        await form.getByRole("button", { name: "Plan", exact: true }).click();
        const told = form.getByRole("alert").filter({ hasText: /./ });
        await form.getByText("nothing has happened yet").or(told).first().waitFor();
        for (const one of await told.all()) wrong[wrongOf((await one.getAttribute("id")) ?? "")] = (await one.textContent()) ?? "";
      });
      return wrong;
    },
    close: async () => {
      await browser.close();
      await product.stop();
    },
  };
}

/** The input that it stands beside; none where it is of the whole form. */
function wrongOf(id: string): string {
  return /^argument-(.+)-wrong$/.exec(id)?.[1] ?? "";
}

/** Somebody's page, on which they do one thing at a time and look around between. */
interface Seat {
  act(work: (page: Page) => Promise<void>): Promise<void>;
  seen(): SeenThere[];
}

function takeSeat(page: Page): Seat {
  let seen: SeenThere[] = [];
  let last = Promise.resolve();
  let isLooking = false;
  const look = async () => {
    await followNotice(page);
    seen = await page.evaluate<SeenThere[]>(shown);
  };
  const act = (work: (page: Page) => Promise<void>): Promise<void> => {
    const done = last.then(() => work(page)).then(look);
    last = done.catch(() => {});
    return done;
  };
  return {
    act,
    seen: () => {
      if (!isLooking) {
        isLooking = true;
        void act(async () => {})
          .catch(() => {})
          .finally(() => {
            isLooking = false;
          });
      }
      return seen;
    },
  };
}

/** Whoever has a notice opens it, and is where it leads. */
async function followNotice(page: Page): Promise<void> {
  const bell = page.getByRole("button", { name: /^Notices, \d+ not read$/ });
  if ((await bell.count()) === 0 || (await page.getByRole("dialog").count()) > 0) return;
  await bell.first().click();
  await page.getByRole("dialog", { name: "Notices" }).getByRole("listitem").first().getByRole("button").first().click();
  await page.getByRole("region", { name: /^The run of/ }).waitFor();
}

/** What stands before somebody, part by part, with what can be pressed; runs in the page. */
const shown = `[...document.querySelectorAll('[role="log"], section[aria-label^="The run of"], [role="dialog"]')].map((part) => ({
  text: part.innerText,
  author: "",
  buttons: [...part.querySelectorAll("button")].map((button) => button.innerText),
}))`;
