import { lazy, Suspense } from "preact/compat";
import { useEffect } from "preact/hooks";
import { SignIn } from "../session/SignIn.tsx";
import { resumeSession, session } from "../session/session.ts";
import { Starting } from "./Starting.tsx";

/** The desk itself is fetched while the session is being resumed: who must sign in first waits for neither. */
const desk = import("./Desk.tsx");
const Desk = lazy(async () => ({ default: (await desk).Desk }));

export function App() {
  useEffect(() => {
    resumeSession();
  }, []);
  const { value } = session;
  if (value.kind === "unknown") return <Starting problem={value.problem} />;
  if (value.kind === "signedOut") return <SignIn reason={value.reason} />;
  return (
    <Suspense fallback={<Starting problem={undefined} />}>
      <Desk key={value.account.id} account={value.account} />
    </Suspense>
  );
}
