import { type Browser, findChromium, openBrowser, openPage, type Page } from "../../fixtures/browser.ts";
import { addConversations } from "../processes/conversations.ts";
import type { Product } from "../processes/product.ts";
import type { Figure, Measurement } from "./figure.ts";

/** How much a page may load before and after the chat is opened, in kB, and the desk's own aim. */
const budgets = { embedKb: 3, chatKb: 25, deskKb: 150 };
/** "Good" of https://web.dev/articles/inp and https://web.dev/articles/fcp, in milliseconds. */
const good = { interactionMs: 200, paintMs: 1800 };
const conversations = 10_000;
const frameMs = 1000 / 60;

/** What the chat and the desk cost a browser: bytes, first paint, the slowest interaction, and a long list's frames. */
export const browserCost: Measurement = {
  name: "browser",
  measure: async (workplace) => {
    if (findChromium() === undefined) return [{ figure: "browser", leftOut: "no Chromium in PATH" }];
    const product = await workplace.product();
    await addConversations(product.databaseUrl, conversations);
    const browser = await openBrowser();
    try {
      return [...(await chatFigures(browser, product)), ...(await deskFigures(browser, product))];
    } finally {
      await browser.close();
    }
  },
};

async function chatFigures(browser: Browser, { url }: Product): Promise<Figure[]> {
  const page = await openPage(browser, { viewport: { width: 1280, height: 800 } });
  await page.goto(`${url}/`);
  const launcher = page.getByRole("button", { name: /Open chat/ });
  await launcher.waitFor();
  const embedKb = await transferredKb(page, "/widget");
  const paintMs = await firstPaint(page);
  await watchInteractions(page);
  const clicked = performance.now();
  await launcher.click();
  const composer = page.getByRole("textbox", { name: "Write a message" });
  await composer.waitFor();
  const openMs = performance.now() - clicked;
  const chatKb = (await transferredKb(page, "/widget")) - embedKb;
  for (const line of ["reverse one two three", "mat the quick brown fox", "help"]) {
    await composer.pressSequentially(line);
    await page.keyboard.press("Enter");
  }
  await page.getByText("three two one", { exact: true }).waitFor();
  const interactionMs = await slowestInteraction(page);
  await page.context().close();
  return [
    atMost("chat-embed", embedKb, "kB", budgets.embedKb, `before it is opened; first paint of its page after ${paintMs.toFixed(0)} ms`),
    atMost("chat-opened", chatKb, "kB", budgets.chatKb, `more when it is opened, after ${openMs.toFixed(0)} ms ready to write`),
    atMost("chat-interaction", interactionMs, "ms", good.interactionMs, "the slowest of opening, typing and sending, to its next paint"),
  ];
}

async function deskFigures(browser: Browser, { url, account }: Product): Promise<Figure[]> {
  const page = await openPage(browser, { viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}/desk`);
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  // Signed in and with nothing kept: what a new working day costs.
  const cache = await page.context().newCDPSession(page);
  await cache.send("Network.clearBrowserCache");
  const begun = performance.now();
  await page.reload();
  await page.getByRole("navigation", { name: "Views" }).getByText("All").click();
  const first = page.getByText("Visitor 1", { exact: false }).first();
  await first.waitFor();
  const listMs = performance.now() - begun;
  const deskKb = await transferredKb(page, "/desk");
  const paintMs = await firstPaint(page);
  await watchInteractions(page);
  await first.hover();
  const frames = await framesWhile(page, async () => {
    for (let turn = 0; turn < 120; turn++) {
      await page.mouse.wheel(0, 400);
      await page.waitForTimeout(frameMs);
    }
  });
  for (let turn = 0; turn < 20; turn++) await page.keyboard.press("j");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("transfer");
  await page.keyboard.press("Escape");
  const interactionMs = await slowestInteraction(page);
  await page.context().close();
  const p95 = frames[Math.floor(frames.length * 0.95)] ?? Number.POSITIVE_INFINITY;
  return [
    atMost(
      "desk-loaded",
      deskKb,
      "kB",
      budgets.deskKb,
      `nothing kept; first paint ${paintMs.toFixed(0)} ms (good: ${good.paintMs}), ${conversations} conversations listed after ${listMs.toFixed(0)} ms`,
    ),
    atMost(
      "desk-interaction",
      interactionMs,
      "ms",
      good.interactionMs,
      "the slowest of scrolling, twenty steps in the list and a search in the command bar",
    ),
    atMost(
      "desk-list-frame",
      p95,
      "ms, p95",
      frameMs * 1.2,
      `${frames.length} frames while ${conversations} conversations are scrolled, without a graphics processor; 60 a second are ${frameMs.toFixed(1)} ms`,
    ),
  ];
}

function atMost(figure: string, value: number, unit: string, beside: number, note: string): Figure {
  return { figure, value, unit, beside, ratio: value / beside, target: beside, met: value <= beside, note };
}

/** Bytes over the wire of what was loaded from below `path`, headers left out. */
async function transferredKb(page: Page, path: string): Promise<number> {
  const bytes = await page.evaluate(
    `performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
       .filter(({ name }) => new URL(name).pathname.startsWith(${JSON.stringify(path)}))
       .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
  );
  return Number(bytes) / 1000;
}

async function firstPaint(page: Page): Promise<number> {
  return Number(await page.evaluate(`performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN`));
}

/** From here on the slowest interaction is remembered: Event Timing, which reports from 16 ms on. */
async function watchInteractions(page: Page): Promise<void> {
  await page.evaluate(
    `globalThis.slowest = 0;
     new PerformanceObserver((list) => {
       for (const entry of list.getEntries()) if (entry.interactionId) slowest = Math.max(slowest, entry.duration);
     }).observe({ type: "event", durationThreshold: 16 })`,
  );
}

async function slowestInteraction(page: Page): Promise<number> {
  await page.waitForTimeout(300);
  return Number(await page.evaluate("slowest"));
}

/** Times between frames while something goes on, the shortest first. */
async function framesWhile(page: Page, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate(
    `globalThis.frames = []; globalThis.last = performance.now();
     const next = (now) => { frames.push(now - last); last = now; globalThis.frame = requestAnimationFrame(next); };
     globalThis.frame = requestAnimationFrame(next); undefined`,
  );
  await work();
  const frames: unknown = await page.evaluate("cancelAnimationFrame(frame); frames");
  return Array.isArray(frames) ? frames.map(Number).sort((a, b) => a - b) : [];
}
