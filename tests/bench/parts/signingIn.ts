export interface SignInAnswer {
  status: number;
  /** Without what is new in each answer. */
  body: string;
  ms: number;
}

/** One try to sign in, and how long it took. */
export async function askSignIn(url: string, credentials: { email: string; password: string }): Promise<SignInAnswer> {
  const begun = performance.now();
  const answer = await fetch(`${url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(credentials),
  });
  const body = await answer.text();
  return { status: answer.status, body: body.replace(/"requestId":"[^"]*"/, ""), ms: performance.now() - begun };
}
