import type { ChatApp } from "../chatService.ts";

/** What each service's app must tell, with what people call it. A secret is left empty where it stays as it is. */
export const appSecrets: Readonly<Record<string, readonly { name: string; required: boolean }[]>> = {
  slack: [
    { name: "signingSecret", required: true },
    { name: "clientId", required: true },
    { name: "clientSecret", required: true },
    { name: "appToken", required: false },
  ],
  teams: [
    { name: "password", required: true },
    { name: "organisation", required: false },
  ],
};

/** What is still to be given, by the names of the arguments. An app to which something is missing is nobody at any door (Advisory 35). */
export function missingOf({ service, appId, secrets }: Pick<ChatApp, "service" | "appId" | "secrets">): string[] {
  const wanted = (appSecrets[service] ?? []).filter(({ required }) => required).map(({ name }) => name);
  return [...(isEmpty(appId) ? ["appId"] : []), ...wanted.filter((name) => isEmpty(secrets[name]))];
}

function isEmpty(value: string | undefined): boolean {
  return value === undefined || value.trim() === "";
}
