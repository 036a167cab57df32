import { expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { openChat, say, signIn } from "../fixtures/people.ts";
import { lookAt, takePicture } from "../fixtures/pictures.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { runAs } from "../fixtures/runAs.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** Agents, a visitor and who supervises: what is offered, accepted, transferred, taken over and shown on the wallboard. */
describeWithChromium("an offer", () => {
  const at = productInBrowser();

  async function goOnline(who: "one" | "two", colorScheme: "light" | "dark"): Promise<Page> {
    const desk = await signIn(at.browser, at.product, who, { colorScheme });
    await desk.getByRole("button", { name: "Go online" }).click();
    return desk;
  }

  /** At the last, narrow, everything that is there at all stands on the page too. */
  async function look(page: Page, name: string): Promise<string[]> {
    const found = await lookAt(page, name, [1440, 820, 390]);
    await page.setViewportSize({ width: 1440, height: 900 });
    return found;
  }

  test("is supervised: the wallboard is live, a whisper stays at the desk, and a take-over is told to the visitor", async () => {
    const supervisor = await signIn(at.browser, at.product, "admin");
    await supervisor.keyboard.press("w");
    const support = supervisor.getByRole("region", { name: /^Support/ });
    const figure = (name: string) => expect.poll(() => support.locator("dl > div", { hasText: new RegExp(`^${name}`) }).textContent());
    await figure("Waiting").toBe("Waiting0none offered now");
    await figure("Breached").toBe("Breached0no level due soon");

    const visitor = await openChat(at.browser, at.product, { colorScheme: "dark", viewport: { width: 390, height: 844 } });
    await say(visitor, "My parcel is late");
    await say(visitor, "person");
    await visitor.getByText("1st in line").waitFor();
    await figure("Waiting").toBe("Waiting1none offered now");
    expect(await look(supervisor, "supervised-waiting-light")).toEqual([]);
    expect(await lookAt(visitor, "supervised-line-dark", [390])).toEqual([]);

    const one = await goOnline("one", "dark");
    await one.getByRole("article", { name: /^Offer/ }).waitFor();
    await figure("Waiting").toBe("Waiting11 offered now");
    await one.keyboard.press("y");
    await visitor.getByText("Agent One joined the conversation").waitFor();
    const reply = one.getByRole("textbox", { name: /^reply/i });
    await reply.fill("I am looking for it");
    await reply.press("Enter");
    await visitor.getByText("I am looking for it").waitFor();
    await figure("Waiting").toBe("Waiting0none offered now");
    await figure("Load").toBe("Load1/5");
    await figure("Today").toMatch(/^Today1/);

    await supervisor.goto(one.url().replace("/mine/", "/all/"));
    const watched = supervisor.getByRole("log");
    await watched.getByText("I am looking for it").waitFor();
    await supervisor.getByRole("radiogroup", { name: "To whom" }).getByText("Note").click();
    const whisper = supervisor.getByRole("textbox", { name: /note/i });
    await whisper.fill("Offer the postage back");
    await whisper.press("Enter");
    await one.getByRole("log").getByText("Offer the postage back").waitFor();
    expect(await lookAt(one, "supervised-whisper-dark", [1440])).toEqual([]);
    await reply.fill("You get the postage back");
    await reply.press("Enter");
    await Promise.all([visitor.getByText("You get the postage back").waitFor(), watched.getByText("You get the postage back").waitFor()]);
    expect(await lookAt(supervisor, "supervised-watching-light", [1440])).toEqual([]);

    await supervisor.getByRole("button", { name: "Take over" }).click();
    await visitor.getByText("Admin joined the conversation").waitFor();
    await supervisor.getByRole("radiogroup", { name: "To whom" }).getByText("Reply").click();
    const answer = supervisor.getByRole("textbox", { name: /^reply/i });
    await answer.fill("It leaves again today");
    await answer.press("Enter");
    await visitor.getByText("It leaves again today").waitFor();
    expect(await visitor.getByText("Offer the postage back").count()).toBe(0);
    await one.getByRole("log").getByText("It leaves again today").waitFor();
    expect(await lookAt(one, "supervised-taken-over-dark", [1440])).toEqual([]);
    expect(await lookAt(visitor, "supervised-answered-dark", [390])).toEqual([]);
    await supervisor.keyboard.press("Escape");
    await supervisor.keyboard.press("w");
    await figure("Load").toBe("Load0/5");
    await supervisor
      .getByRole("row", { name: /^A?\s*Admin/ })
      .getByRole("cell", { name: /^1/ })
      .waitFor();
    expect(await look(supervisor, "supervised-wallboard-light")).toEqual([]);
    await runAs(at.product, "agent", "me.offline", {});
    await Promise.all([visitor, one, supervisor].map((page) => page.context().close()));
  }, 90_000);

  test("appears wherever the agent is, is accepted by a key, and a transfer is one too", async () => {
    const visitor = await openChat(at.browser, at.product);
    await say(visitor, "Where is my order? It was due on Monday");
    await say(visitor, "person");
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
    await one.context().grantPermissions(["notifications"], { origin: at.product.url });
    const debug = await one.context().newCDPSession(one);
    const registered = new Promise<string>((resolve) =>
      debug.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
        const active = versions.find(({ status, scriptURL }) => status === "activated" && scriptURL.endsWith("/desk/worker.js"));
        if (active !== undefined) resolve(active.registrationId);
      }),
    );
    await debug.send("ServiceWorker.enable");
    await one.goto(`${at.product.url}/desk#/settings/notices`);
    await one.getByRole("button", { name: "Push to this browser" }).click();
    const push = { title: "Offered to you", body: "Visitor: Where is my order?", tag: "offer", place: `all/${conversation}` };
    await debug.send("ServiceWorker.deliverPushMessage", {
      origin: at.product.url,
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
