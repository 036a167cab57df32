import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, openBrowser, openPage, type Page } from "../fixtures/browser.ts";
import { signIn } from "../fixtures/people.ts";
import { lookAt, takePicture } from "../fixtures/pictures.ts";
import { type RunningProduct, startProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** Two agents and a visitor: what is offered, accepted, transferred and shown on the wallboard. */
describeWithChromium("an offer", () => {
  let product: RunningProduct;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  async function goOnline(who: "one" | "two", colorScheme: "light" | "dark"): Promise<Page> {
    const desk = await signIn(browser, product, who, { colorScheme });
    await desk.getByRole("button", { name: "Go online" }).click();
    return desk;
  }

  /** At the last, narrow, everything that is there at all stands on the page too. */
  async function look(page: Page, name: string): Promise<string[]> {
    const found = await lookAt(page, name, [1440, 820, 390]);
    await page.setViewportSize({ width: 1440, height: 900 });
    return found;
  }

  test("appears wherever the agent is, is accepted by a key, and a transfer is one too", async () => {
    const visitor = await openPage(browser);
    await visitor.goto(`${product.url}/`);
    await visitor.getByRole("button", { name: "Open chat" }).click();
    const box = visitor.getByRole("textbox", { name: "Write a message" });
    for (const text of ["Where is my order? It was due on Monday", "person"]) {
      await box.fill(text);
      await visitor.keyboard.press("Enter");
    }
    await visitor.getByText("1st in line").waitFor();

    const one = await goOnline("one", "light");
    await one.getByRole("article", { name: /^Offer/ }).waitFor();
    expect(await one.title()).toMatch(/Offer: Visitor/);
    expect(await look(one, "offer-light")).toEqual([]);
    await one.keyboard.press("y");
    await visitor.getByText("Agent One joined the conversation").waitFor();
    await one.getByRole("textbox", { name: /reply/i }).waitFor();
    await one.getByText(/the only one who could/).waitFor();

    const two = await goOnline("two", "dark");
    await one.getByRole("button", { name: "Transfer", exact: true }).click();
    const dialog = one.getByRole("dialog");
    await dialog.getByText("agent2@demo.example").click();
    await takePicture(one, "transfer-light-1440");
    await dialog.getByRole("button", { name: "Transfer", exact: true }).click();
    await two.getByRole("article", { name: /^Offer/ }).waitFor();
    expect(await look(two, "offer-dark")).toEqual([]);
    await two.keyboard.press("x");
    await one.getByRole("article").getByText("Agent Two declined the transfer; the conversation stays with you.").waitFor();
    await takePicture(one, "notice-light-1440");

    await two.keyboard.press("w");
    await two.getByRole("heading", { name: "Wallboard" }).waitFor();
    await two.getByRole("heading", { name: "Sales" }).waitFor();
    expect(await look(two, "wallboard-dark")).toEqual([]);
    await one.keyboard.press("w");
    await one.getByRole("heading", { name: "Support" }).waitFor();
    expect(await look(one, "wallboard-light")).toEqual([]);
    await one.keyboard.press("Escape");
    await one.getByRole("heading", { name: "Inbox" }).waitFor();

    // A push to this browser: the page's own button brings the worker, whose browser's push service isn't reached from here; what it would bring,
    // the debugger does.
    const conversation = /#\/\w+\/([\w-]+)/.exec(one.url())?.[1] ?? (await one.locator("[data-entry]").first().getAttribute("data-entry"));
    await one.context().grantPermissions(["notifications"], { origin: product.url });
    const debug = await one.context().newCDPSession(one);
    const registered = new Promise<string>((resolve) =>
      debug.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
        const active = versions.find(({ status, scriptURL }) => status === "activated" && scriptURL.endsWith("/desk/worker.js"));
        if (active !== undefined) resolve(active.registrationId);
      }),
    );
    await debug.send("ServiceWorker.enable");
    await one.goto(`${product.url}/desk#/settings/notices`);
    await one.getByRole("button", { name: "Push to this browser" }).click();
    const push = { title: "Offered to you", body: "Visitor: Where is my order?", tag: "offer", place: `all/${conversation}` };
    await debug.send("ServiceWorker.deliverPushMessage", {
      origin: product.url,
      registrationId: await registered,
      data: JSON.stringify(push),
    });
    const [worker] = one.context().serviceWorkers();
    const shown = `self.registration.getNotifications().then((all) => all.map(({ title, body, tag }) => ({ title, body, tag })))`;
    await expect.poll(() => worker?.evaluate(shown)).toEqual([{ title: push.title, body: push.body, tag: push.tag }]);
    // A press on what the system shows, as the worker hears of it.
    await worker?.evaluate(
      `self.registration.getNotifications().then(([notification]) => void self.dispatchEvent(new NotificationEvent("notificationclick", { notification })))`,
    );
    await one.getByRole("log").getByText("Where is my order?").first().waitFor();
    expect(one.url()).toContain(push.place);
    await expect.poll(() => worker?.evaluate(shown)).toEqual([]);
    await Promise.all([visitor, one, two].map((page) => page.context().close()));
  }, 60_000);
});
