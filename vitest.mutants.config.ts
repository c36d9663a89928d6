import { defineConfig } from "vitest/config";

/** The unit tests that concern verdicts: mutation tests run these many times over. */
export default defineConfig({
  test: {
    include: [
      "harness/{stats,measure,check,judge,faults,plan,model}/**/*.test.ts",
      "harness/conduct-*.test.ts",
    ],
    exclude: ["**/*.cluster.test.ts", "**/node_modules/**", "dist/**"],
    testTimeout: 20_000,
  },
});
