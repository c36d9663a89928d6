/** Not among pg's own types. */
declare module "pg/lib/crypto/utils.js" {
  const crypto: {
    /** PBKDF2 with HMAC-SHA-256: the SaltedPassword of RFC 5802, section 3. */
    deriveKey: (password: string, salt: Uint8Array, rounds: number) => Promise<ArrayBuffer>;
  };
  export default crypto;
}
