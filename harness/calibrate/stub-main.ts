import { createInterface } from "node:readline";
import { startDelayingStub } from "./delaying-stub.ts";
import type { KnownDelay } from "./known-delays.ts";

/**
 * The stub's process: its arguments are the delay as JSON and the clock's epoch in nanoseconds. It says its port, answers
 * `report` with every answer that it gave, and ends when its standard input does.
 */
const delay = JSON.parse(process.argv[2] ?? "") as KnownDelay;
startDelayingStub(delay, BigInt(process.argv[3] ?? "0")).then(
  (stub) => {
    process.stdout.write(`${JSON.stringify({ port: stub.port })}\n`);
    createInterface({ input: process.stdin })
      .on("line", () => process.stdout.write(`${JSON.stringify({ given: stub.given() })}\n`))
      .on("close", () => process.exit(0));
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
