import { z } from "zod";
import { ChatFailure } from "../../src/channels/chatService.ts";

/** A request as `botbuilder` hands it over. */
interface Asked<Headers> {
  url: string;
  method: string;
  body?: unknown;
  headers: Headers;
}

interface HeaderBag<Self> {
  toJson(): Record<string, string>;
  clone(): Self;
  headerNames(): string[];
  remove(name: string): boolean;
  set(name: string, value: string | number): void;
}

const deadlineMs = 15_000;
/** Where Teams doesn't say how long. */
const pauseMs = 1_000;

/**
 * Sends a request once, and never again by itself: whoever asked knows what a second time would do. Throws a `ChatFailure` for whatever isn't 2xx.
 * `withdrawn` is told that the token wasn't taken.
 */
export async function sendThrough<Headers extends HeaderBag<Headers>, Request extends Asked<Headers>>(
  request: Request,
  withdrawn: () => void,
): Promise<{ request: Request; status: number; headers: Headers; bodyAsText: string }> {
  const makes = request.method === "POST" && !/\/v3\/conversations\/?$/.test(request.url);
  const body = typeof request.body === "string" ? { body: request.body } : {};
  try {
    const answer = await fetch(request.url, {
      method: request.method,
      headers: request.headers.toJson(),
      ...body,
      redirect: "error",
      signal: AbortSignal.timeout(deadlineMs),
    });
    const bodyAsText = await answer.text();
    if (answer.status === 401) withdrawn();
    if (!answer.ok) throw failureOf(answer.status, bodyAsText, answer.headers.get("retry-after"), makes);
    return { request, status: answer.status, headers: replyHeaders(request.headers, answer.headers), bodyAsText };
  } catch (error) {
    if (error instanceof ChatFailure) throw error;
    const code = codeOf(error);
    const sent = !/^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/.test(code);
    throw new ChatFailure(makes && sent ? "unknown" : "unavailable", `Teams was not reached to the end (${code}).`);
  }
}

const errorShape = z.object({ error: z.object({ code: z.string().default(""), message: z.string().default("") }) });

/** "Status codes and retry guidance" of Teams' bots. */
function failureOf(status: number, body: string, retryAfter: string | null, makes: boolean): ChatFailure {
  const code = errorCode(body);
  const told = code === "" ? `Teams answered ${status}.` : `Teams answered ${status}, ${code}.`;
  if (status === 429) return new ChatFailure("held", told, retryAfterMs(retryAfter));
  if (status === 401) return new ChatFailure("broken", `${told} The app's id or secret counts no more.`);
  if (status === 403) return new ChatFailure("refused", `${told} The app is not in this chat, or may not write there.`);
  if (status === 412) return new ChatFailure("unavailable", told);
  if (status >= 500) return new ChatFailure(makes ? "unknown" : "unavailable", told);
  return new ChatFailure("refused", told);
}

/** In seconds, or the date until when; an hour at most, whatever is said. */
function retryAfterMs(said: string | null): number {
  const wanted = said === null ? Number.NaN : /^\d+(\.\d+)?$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now();
  return Number.isNaN(wanted) ? pauseMs : Math.min(Math.max(wanted, pauseMs), 3_600_000);
}

function errorCode(body: string): string {
  try {
    const { success, data } = errorShape.safeParse(JSON.parse(body));
    return success ? data.error.code.replace(/[^\w.-]/g, "").slice(0, 60) : "";
  } catch (error) {
    if (error instanceof SyntaxError) return "";
    throw error;
  }
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return "unknown";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}

function replyHeaders<Bag extends HeaderBag<Bag>>(asked: Bag, answered: Headers): Bag {
  const bag = asked.clone();
  for (const name of bag.headerNames()) bag.remove(name);
  for (const [name, value] of answered) bag.set(name, value);
  return bag;
}
