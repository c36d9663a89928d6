import { describe, expect, it } from "vitest";
import { withinBudget } from "./within-budget.ts";

describe("withinBudget", () => {
  it("passes the result on", async () => {
    await expect(withinBudget("answer", 1000, () => Promise.resolve(42))).resolves.toBe(42);
  });

  it("gives up after the budget, says what was awaited, and aborts the call", async () => {
    let given: AbortSignal | undefined;
    const call = withinBudget("start haproxy", 10, (signal) => {
      given = signal;
      return new Promise<never>(() => undefined);
    });
    await expect(call).rejects.toMatchObject({
      code: "engine-timeout",
      message: expect.stringContaining("start haproxy within 0.01 s") as string,
    });
    expect(given?.aborted).toBe(true);
  });
});
