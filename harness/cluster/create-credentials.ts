import { randomBytes } from "node:crypto";
import type { Credentials } from "../model/credentials.ts";
import { scramVerifier } from "./scram-verifier.ts";

/** New random passwords for one cluster: 128 bits each, in hexadecimal digits, so that no file format must quote them. */
export function createCredentials(): Credentials {
  const clientPassword = password();
  return {
    superuserPassword: password(),
    replicationPassword: password(),
    clientPassword,
    clientVerifier: scramVerifier(clientPassword),
  };
}

function password(): string {
  return randomBytes(16).toString("hex");
}
