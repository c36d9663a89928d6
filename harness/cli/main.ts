#!/usr/bin/env node
import { runCli } from "./run-cli.ts";
import { terminalIo } from "./terminal-io.ts";

/** How long something that was left open may keep the process after its work is done. */
const GRACE_MS = 2000;

const io = terminalIo();
process.exitCode = await runCli(process.argv.slice(2), io);
setTimeout(() => process.exit(), GRACE_MS).unref();
