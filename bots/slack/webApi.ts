import {
  type Logger,
  type WebAPICallResult,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type WebClientOptions,
} from "@slack/web-api";
import { ChatFailure } from "../../src/channels/chatService.ts";

export const publicApiUrl = "https://slack.com/api/";
const timeoutMs = 10_000;

/** One try for each call: the house's outbox tries again, and knows when. */
export function clientOptions(slackApiUrl: string, logger: Logger): WebClientOptions {
  return {
    slackApiUrl,
    logger,
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
  };
}

/** `posts`: done twice it would be seen twice, so that what may have been done is told as unknown. */
export type CallSlack = (token: string, method: string, args: Record<string, unknown>, posts?: "posts") => Promise<WebAPICallResult>;

const mostClients = 1000;

/** Calls methods of the Web API. Each may throw a `ChatFailure`. */
export function callSlack(options: WebClientOptions): CallSlack {
  const clients = new Map<string, WebClient>();
  const clientOf = (token: string) => {
    const known = clients.get(token);
    if (known !== undefined) return known;
    if (clients.size >= mostClients) clients.clear();
    const made = new WebClient(token, { ...options });
    clients.set(token, made);
    return made;
  };
  return async (token, method, args, posts) => {
    try {
      return await clientOf(token).apiCall(method, args);
    } catch (error) {
      throw failureOf(error, posts === "posts");
    }
  };
}

const words: Readonly<Record<string, string>> = {
  channel_not_found: "Slack knows no such channel, or the app is not in it: invite it there.",
  not_in_channel: "The app is not in this channel: invite it there.",
  user_not_in_channel: "This person is not in the channel.",
  is_archived: "The channel is archived.",
  message_not_found: "The message is gone.",
  user_not_found: "Slack knows no such person.",
  expired_trigger_id: "It took longer than the 3 seconds that Slack gives: press again.",
  exchanged_trigger_id: "This was opened already: press again.",
  missing_scope: "The app lacks a permission: give it the manifest of today and install it again.",
};

/** Slack's own word for why it refused. */
export class SlackRefusal extends ChatFailure {
  readonly code: string;

  constructor(code: string) {
    super("refused", words[code] ?? `Slack refused it: ${code}.`);
    this.code = code;
  }
}

/** Whether Slack refused for one of these reasons. */
export function isRefusal(error: unknown, ...codes: string[]): boolean {
  return error instanceof SlackRefusal && codes.includes(error.code);
}

/** The installation's token or app counts no more. */
const broken = new Set([
  "token_revoked",
  "token_expired",
  "invalid_auth",
  "account_inactive",
  "not_authed",
  "app_uninstalled",
  "team_disabled",
]);
/** Slack's own trouble; of these it says that a part may have been done. */
const troubled = new Set(["internal_error", "fatal_error", "service_unavailable", "request_timeout"]);

/** What went wrong, as the house tells it apart. */
export function failureOf(error: unknown, posts: boolean): ChatFailure {
  const after = posts ? "unknown" : "unavailable";
  if (error instanceof ChatFailure) return error;
  if (error instanceof WebAPIRateLimitedError) return new ChatFailure("held", "Slack asks to wait.", error.retryAfter * 1000);
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    if (broken.has(code))
      return new ChatFailure("broken", `Slack doesn't take the app's token any more (${code}): connect the workspace again.`);
    if (code === "ratelimited") return new ChatFailure("held", "Slack asks to wait.", 30_000);
    if (troubled.has(code) || !/^\w{1,60}$/.test(code)) return new ChatFailure(after, "Slack has trouble of its own.");
    return new SlackRefusal(code);
  }
  if (error instanceof WebAPIHTTPError) {
    if (error.statusCode >= 500) return new ChatFailure(after, `Slack answered ${error.statusCode}.`);
    return new ChatFailure("refused", `Slack answered ${error.statusCode}.`);
  }
  if (error instanceof WebAPIRequestError && wasNotSent(error.original))
    return new ChatFailure("unavailable", "Slack could not be reached.");
  if (error instanceof Error && /Retry header/.test(error.message)) return new ChatFailure("held", "Slack asks to wait.", 30_000);
  return new ChatFailure(after, "Slack did not answer.");
}

const beforeSending = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

/** Whether no connection came about; certificates are looked at before anything is said, too. */
export function wasNotSent(error: Error): boolean {
  const { cause } = error;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  return beforeSending.has(code) || /CERT|TLS|SSL/.test(code);
}
