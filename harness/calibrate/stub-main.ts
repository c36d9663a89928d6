import { createInterface } from "node:readline";
import { startDelayingStub } from "./delaying-stub.ts";
import type { KnownDelay } from "./known-delays.ts";

/**
 * The stub's process: its one argument is the delay as JSON. It says its port, answers `report` with the service
 * times that it gave (ascending, milliseconds), and ends when its standard input does.
 */
const delay = JSON.parse(process.argv[2] ?? "") as KnownDelay;
startDelayingStub(delay).then(
  (stub) => {
    process.stdout.write(`${JSON.stringify({ port: stub.port })}\n`);
    createInterface({ input: process.stdin })
      .on("line", () => process.stdout.write(`${JSON.stringify({ givenMs: stub.givenMs() })}\n`))
      .on("close", () => process.exit(0));
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
