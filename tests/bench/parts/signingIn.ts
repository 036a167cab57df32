export interface SignInAnswer {
  status: number;
  /** Without what is new in each answer. */
  body: string;
  ms: number;
}

/** One try to sign in, and how long it took. */
export async function askSignIn(url: string, credentials: { email: string; password: string }): Promise<SignInAnswer> {
  return await askAccount(url, "session", credentials);
}

/** One question at a door of accounts, and how long its answer took. */
export async function askAccount(url: string, door: string, asked: object): Promise<SignInAnswer> {
  const begun = performance.now();
  const answer = await fetch(`${url}/api/v1/${door}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asked),
  });
  const body = await answer.text();
  return { status: answer.status, body: body.replace(/"requestId":"[^"]*"/, ""), ms: performance.now() - begun };
}
