import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

/** PostgreSQL's default for scram_iterations. */
const ITERATIONS = 4096;

/**
 * What a server stores of a password instead of it, in PostgreSQL's form:
 * `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>` (RFC 5802, section 3; RFC 7677). A PgBouncer that is
 * given the password itself must stretch it at every log-in (milliseconds of its one thread, at the very moment when
 * everybody logs in again); given the same verifier as PostgreSQL has, it only compares, and can log in with it.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
