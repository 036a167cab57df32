import { lazy, Suspense } from "preact/compat";
import { useEffect } from "preact/hooks";
import { door } from "../account/door.ts";
import { SignIn } from "../session/SignIn.tsx";
import { StepUpPlace } from "../session/StepUpPlace.tsx";
import { resumeSession, session } from "../session/session.ts";
import { drawing } from "../session/stepUp.ts";
import { Starting } from "./Starting.tsx";

/** The desk itself is fetched while the session is being resumed: who must sign in first waits for neither. */
const desk = import("./Desk.tsx");
const Desk = lazy(async () => ({ default: (await desk).Desk }));
const ShowSecondFactor = lazy(async () => ({ default: (await import("../session/ShowSecondFactor.tsx")).ShowSecondFactor }));
const EnrolSecondFactor = lazy(async () => ({ default: (await import("../session/EnrolSecondFactor.tsx")).EnrolSecondFactor }));
drawing.stepUp = lazy(async () => ({ default: (await import("../session/StepUp.tsx")).StepUp }));
drawing.confirm = lazy(async () => ({ default: (await import("../commands/ConfirmDialog.tsx")).ConfirmDialog }));
const AccountDoor = lazy(async () => ({ default: (await import("../account/AccountDoor.tsx")).AccountDoor }));
const VerifyEmail = lazy(async () => ({ default: (await import("../account/FirstSteps.tsx")).VerifyEmail }));
const MakeTenant = lazy(async () => ({ default: (await import("../account/FirstSteps.tsx")).MakeTenant }));

export function App() {
  useEffect(() => {
    resumeSession();
  }, []);
  const { value } = session;
  if (door.value !== null && value.kind !== "unknown")
    return (
      <Suspense fallback={<Starting problem={undefined} />}>
        <AccountDoor key={door.value.page} door={door.value} />
      </Suspense>
    );
  if (value.kind === "unknown") return <Starting problem={value.problem} />;
  if (value.kind === "signedOut") return <SignIn reason={value.reason} />;
  return (
    <Suspense fallback={<Starting problem={undefined} />}>
      {value.kind === "secondFactor" && <ShowSecondFactor email={value.email} />}
      {value.kind === "enrolment" && <EnrolSecondFactor {...value} />}
      {value.kind === "verifyEmail" && <VerifyEmail email={value.email} />}
      {value.kind === "noTenant" && <MakeTenant />}
      {value.kind === "signedIn" && <Desk key={value.account.id} account={value.account} />}
      <StepUpPlace />
    </Suspense>
  );
}
