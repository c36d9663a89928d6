import { pbkdf2Sync, webcrypto } from "node:crypto";
import { createServer } from "node:net";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { pgClient } from "./pg-client.ts";

const ROUNDS = 4096;

/** Takes a log-in by SCRAM up to the client's proof; resolves with each client's proof. */
async function askedForProof(password: string, salt: Buffer): Promise<string> {
  const server = createServer((socket) => {
    let message = 0;
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      message += 1;
      if (message === 1) socket.write(authentication(10, "SCRAM-SHA-256\0\0"));
      if (message === 2) {
        const nonce = /r=(.*)$/.exec(bytes.toString())?.[1] ?? "";
        socket.write(authentication(11, `r=${nonce}server,s=${salt.toString("base64")},i=${ROUNDS}`));
      }
      if (message === 3) {
        proof = /p=(.*)$/.exec(bytes.toString())?.[1] ?? "";
        socket.destroy();
      }
    });
  }).listen(0, "127.0.0.1");
  let proof = "";
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  const client = pgClient({ host: "127.0.0.1", port, user: "u", password });
  client.on("error", () => undefined);
  await client.connect().catch(() => undefined);
  server.close();
  return proof;
}

function authentication(kind: number, text: string): Buffer {
  const body = Buffer.alloc(4 + text.length);
  body.writeInt32BE(kind);
  body.write(text, 4);
  const head = Buffer.from("R\0\0\0\0");
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

test("a password is stretched once for each salt, whatever the number of log-ins", async () => {
  const stretched = vi.spyOn(webcrypto.subtle, "deriveBits");
  const [salt, other] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
  const proofs = [
    await askedForProof("secret", salt),
    await askedForProof("secret", salt),
    await askedForProof("secret", salt),
  ];
  expect(stretched).toHaveBeenCalledTimes(1);
  expect(Buffer.from(await (stretched.mock.results[0]?.value as Promise<ArrayBuffer>))).toEqual(
    pbkdf2Sync("secret", salt, ROUNDS, 32, "sha256"),
  );
  // Each with a nonce of its own.
  expect(new Set(proofs).size).toBe(3);
  expect(proofs.every((proof) => proof.length === 44)).toBe(true);
  await askedForProof("secret", other);
  await askedForProof("other", salt);
  expect(stretched).toHaveBeenCalledTimes(3);
  stretched.mockRestore();
});
