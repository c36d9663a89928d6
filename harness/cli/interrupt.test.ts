import { describe, expect, it } from "vitest";
import { HarnessError, InterruptedError, MachineError, UsageError } from "../model/errors.ts";
import { releasedAfter } from "../support/suppressed.ts";
import { fakeIo } from "./cli-io.fake.ts";
import { interrupt } from "./interrupt.ts";
import { worstExitCode } from "./exit-codes.ts";
import { plainProgress } from "./progress/plain-progress.ts";
import { renderError } from "./render-error.ts";

const plain = { colour: false, debug: false };

describe("a signal", () => {
  it("asks everything to stop the first time, and ends the process the second time", () => {
    const io = fakeIo();
    const controller = new AbortController();
    interrupt("SIGINT", controller, io);
    expect(controller.signal.reason).toBeInstanceOf(InterruptedError);
    expect(io.exits).toEqual([]);
    interrupt("SIGINT", controller, io);
    expect(io.exits).toEqual([130]);
    expect(io.shown.stderr).toContain("dpg-bench clean");
  });
});

describe("renderError", () => {
  it("shows message and hint, and no stack", () => {
    const error = new HarnessError({ code: "not-ready", message: "Expected a, found b.", hint: "Do c." });
    const { text, exitCode } = renderError(error, plain);
    expect(text).toBe("dpg-bench: Expected a, found b.\n  Do c.\n");
    expect(exitCode).toBe(70);
  });

  it("lists several problems of the input", () => {
    const error = new UsageError([
      { where: "a", message: "is wrong." },
      { where: "b", message: "is too.", suggestion: 'Did you mean "c"?' },
    ]);
    expect(renderError(error, plain).text).toBe(
      'dpg-bench: 2 problems with what was asked:\n  - a: is wrong.\n  - b: is too. Did you mean "c"?\n',
    );
  });

  it("tells what went wrong first, and then that cleaning up failed", async () => {
    const first = new MachineError({ code: "disk-full", message: "No room.", hint: "Make room." });
    const left = new HarnessError({ code: "not-removed", message: "1 left.", hint: "Run clean." });
    const both = await releasedAfter(first, () => Promise.reject(left));
    const { text, exitCode, document } = renderError(both, plain);
    expect(text).toBe(
      "dpg-bench: No room.\n  Make room.\n  And then cleaning up failed: 1 left.\n  Run clean.\n",
    );
    expect(exitCode).toBe(69);
    expect(document.error.code).toBe("disk-full");
    expect(await releasedAfter(first, () => Promise.resolve())).toBe(first);
  });

  it("calls anything else a mistake of dpg-bench, with the stack only when debugging", () => {
    const bug = new TypeError("x is undefined", { cause: new Error("deeper") });
    const { text, exitCode } = renderError(bug, plain);
    expect(exitCode).toBe(70);
    expect(text).toContain("Please report it");
    expect(text).not.toMatch(/^\s+at /m);
    const debugged = renderError(bug, { ...plain, debug: true }).text;
    expect(debugged).toContain("TypeError: x is undefined\n");
    expect(debugged).toContain("caused by:\nError: deeper");
  });
});

describe("worstExitCode", () => {
  it("puts fail before unknown before pass", () => {
    expect(worstExitCode(["pass", "unknown", "fail"])).toBe(1);
    expect(worstExitCode(["pass", "unknown"])).toBe(2);
    expect(worstExitCode(["pass", "pass"])).toBe(0);
  });
});

describe("plain progress", () => {
  it("writes steps and notes at once, and a changed detail every five seconds", () => {
    let ms = Date.UTC(2026, 0, 1, 12);
    let written = "";
    const progress = plainProgress({ write: (text) => (written += text), now: () => new Date(ms) });
    progress.step("Cluster");
    progress.detail("too early");
    ms += 6000;
    progress.detail("12 of 20 ready");
    progress.detail("at the same moment");
    progress.note("kept");
    expect(written).toBe("12:00:00 Cluster\n12:00:06   6 s: 12 of 20 ready\n12:00:06   kept\n");
  });
});
