import { z } from "zod";
import type { Product } from "./product.ts";

export interface SignedIn {
  /** Headers of whoever signed in. */
  headers: Record<string, string>;
  /** Throws where the answer is a refusal. */
  ask(method: string, path: string, body?: object): Promise<unknown>;
}

/** The product's admin, who asks its HTTP interface as a program does. */
export async function signIn(product: Product): Promise<SignedIn> {
  const ask = async (headers: Record<string, string>, method: string, path: string, body?: object) => {
    const answer = await fetch(`${product.url}/api/v1${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} was answered by ${answer.status} ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };
  const { accessToken } = z.object({ accessToken: z.string() }).parse(await ask({}, "POST", "/session", product.admin));
  const headers = { authorization: `Bearer ${accessToken}` };
  return { headers, ask: (method, path, body) => ask(headers, method, path, body) };
}
