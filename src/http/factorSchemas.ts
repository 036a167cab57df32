import { z } from "zod";
import type { EnrolmentAnswer, RecoveryCodesAnswer, SecondFactorAnswer, StepUpAnswer } from "../protocol/access.ts";
import { instant, password } from "./schemas.ts";

const code = z
  .string()
  .min(1, "a code is needed")
  .max(100, "100 characters is the limit")
  .meta({ description: "Six digits of the authenticator, or a recovery code.", examples: ["123456"] });

export const codeBody = z.strictObject({ code }).meta({ id: "SecondFactorCode" });
export const stepUpBody = z
  .strictObject({
    password: password.optional().meta({ description: "Of an account that has one." }),
    code: code.optional(),
  })
  .meta({ id: "StepUp" });

export const stepUpAnswer = z
  .strictObject({ until: instant.meta({ description: "Until when what needs it is possible." }) })
  .meta({ id: "SteppedUp" }) satisfies z.ZodType<StepUpAnswer>;

export const secondFactorAnswer = z
  .strictObject({
    on: z.boolean(),
    since: instant.nullable(),
    recoveryCodesLeft: z.int(),
    asks: z.enum(["enrol", "renew"]).nullable(),
    dueAt: instant.nullable(),
    resetAt: instant.nullable(),
  })
  .meta({ id: "SecondFactor" }) satisfies z.ZodType<SecondFactorAnswer>;

export const enrolmentAnswer = z
  .strictObject({
    secret: z.string().meta({ description: "Base32, shown once." }),
    address: z.string().meta({ description: "`otpauth://…`, what the QR picture says." }),
    expiresAt: instant,
  })
  .meta({ id: "SecondFactorEnrolment" }) satisfies z.ZodType<EnrolmentAnswer>;

export const recoveryCodesAnswer = z
  .strictObject({ recoveryCodes: z.array(z.string()).meta({ description: "Shown once; each counts once." }) })
  .meta({ id: "RecoveryCodes" }) satisfies z.ZodType<RecoveryCodesAnswer>;

export const resetAnswer = z
  .strictObject({ resetAt: instant.meta({ description: "From when your second factor counts no more." }) })
  .meta({ id: "SecondFactorReset" });
