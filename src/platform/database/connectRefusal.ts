import { Refusal } from "../../protocol/refusal.ts";
import { sqlState } from "./database.ts";

/** One sentence for whoever starts the product: what is wrong with the database at `url`, and what to do. Never the password. */
export function connectRefusal(url: string, thrown: unknown): Refusal {
  const cause = thrown instanceof Refusal ? thrown.cause : thrown;
  return new Refusal("unavailable", sentence(new URL(url), cause), { cause });
}

function sentence(url: URL, thrown: unknown): string {
  const server = `PostgreSQL at ${url.hostname}:${url.port === "" ? "5432" : url.port}`;
  const database = decodeURIComponent(url.pathname.slice(1));
  const user = decodeURIComponent(url.username);
  switch (sqlState(thrown)) {
    case "28P01":
    case "28000":
      return `${server} refuses the user "${user}" or its password; correct DATABASE_URL.`;
    case "3D000":
      return `${server} has no database "${database}"; create it, or correct DATABASE_URL.`;
    case "42501":
      return `The user "${user}" may not create tables in "${database}" on ${server}; grant it, or use another user in DATABASE_URL.`;
    case "53300":
      return `${server} has no connection left; raise its max_connections, or close others.`;
    case "53100":
      return `The disk of ${server} is full; make room and start again.`;
    case "57P03":
      return `${server} is still starting or stopping; start again in a moment.`;
  }
  switch (networkCode(thrown)) {
    case "ECONNREFUSED":
      return `Nothing listens at ${url.hostname}:${url.port === "" ? "5432" : url.port}; start PostgreSQL there, or correct DATABASE_URL.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host "${url.hostname}" of DATABASE_URL is not known; correct it.`;
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return `${server} can't be used (${reason}); check DATABASE_URL and that the server runs.`;
}

function networkCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  return "code" in thrown && typeof thrown.code === "string" ? thrown.code : networkCode(thrown.cause);
}
