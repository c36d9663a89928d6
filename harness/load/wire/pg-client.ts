import pg from "pg";
import pgCrypto from "pg/lib/crypto/utils.js";

/** Salts are few: one for each role and server. */
const MOST_KEPT = 64;

/**
 * A client of `pg` that stretches each password once for each salt, and not at every log-in. PBKDF2 with PostgreSQL's 4096
 * rounds (RFC 7677) takes milliseconds of CPU: in an outage, when every operation that comes due dials, that would fill
 * the machine that carries the cluster too, and log-ins queued behind those that were given up long ago would go on timing
 * out when the cluster is well again. The server notices nothing: it is told the same.
 */
export function pgClient(options: pg.ClientConfig): pg.Client {
  pgCrypto.deriveKey = stretchOnce;
  return new pg.Client(options);
}

const stretch = pgCrypto.deriveKey;
const kept = new Map<string, Promise<ArrayBuffer>>();

function stretchOnce(password: string, salt: Uint8Array, rounds: number): Promise<ArrayBuffer> {
  const key = JSON.stringify([password, Buffer.from(salt).toString("base64"), rounds]);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const stretched = stretch(password, salt, rounds);
  stretched.catch(() => kept.delete(key));
  const oldest = kept.size >= MOST_KEPT ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(key, stretched);
  return stretched;
}
