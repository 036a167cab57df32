import { generateSecret, generateURI, verifySync } from "otplib";

/** 160 bits, as authenticator apps take them: Base32. */
export function newTimeCodeSecret(): string {
  return generateSecret({ length: 20 });
}

/** What the QR picture says: SHA-1, 6 digits and 30 s, which is all that every app knows. */
export function timeCodeAddress(secret: string, email: string): string {
  return generateURI({ issuer: "Switchboard", label: email, secret, algorithm: "sha1", digits: 6, period: 30 });
}

/**
 * The time step of a right code (6 ASCII digits), and whether it may still be used. The step of now counts, and for its first 10 s the one
 * before (auth.md; ASVS 6.5.5 has it stricter: people type slowly); never one to come, never one that is not after `lastStep`.
 */
export function readTimeCode(secret: string, code: string, nowMs: number, lastStep: number): { step: number; used: boolean } | undefined {
  // Not the library's `afterTimeStep`: it throws where the clock stands before the last step, as after one that was ahead.
  const read = verifySync({
    secret,
    token: code,
    strategy: "totp",
    algorithm: "sha1",
    digits: 6,
    period: 30,
    epoch: Math.floor(nowMs / 1000),
    epochTolerance: [10, 0],
  });
  return read.valid && "timeStep" in read ? { step: read.timeStep, used: read.timeStep <= lastStep } : undefined;
}
