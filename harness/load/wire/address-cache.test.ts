import { expect, test } from "vitest";
import { createAddressCache } from "./address-cache.ts";

test("a name is not waited for once its address is known", async () => {
  let asked = 0;
  const addressOf = createAddressCache(() =>
    ++asked === 1 ? Promise.resolve("10.0.0.1") : new Promise(() => undefined),
  );
  expect(await addressOf("coordinator-1")).toBe("10.0.0.1");
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(await addressOf("coordinator-1")).toBe("10.0.0.1");
  expect(asked).toBe(2);
});
