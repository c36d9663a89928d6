import { defineConfig } from "vitest/config";

/** The unit tests that concern verdicts: mutation tests run these many times over. */
export default defineConfig({
  test: {
    include: [
      "harness/{stats,measure,check,judge,faults,plan,model}/**/*.test.ts",
      "harness/conduct-*.test.ts",
    ],
    // Thousands of simulated runs for every mutant would take days.
    exclude: ["**/*.cluster.test.ts", "**/*.simulations.test.ts", "**/node_modules/**", "dist/**"],
    testTimeout: 60_000,
  },
});
