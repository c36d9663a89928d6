import { defineConfig } from "vitest/config";

/** Two projects: `unit` needs no Docker and takes seconds; `cluster` uses real containers, one file at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{harness,reports,scenarios,topologies}/**/*.test.ts"],
          exclude: ["**/*.cluster.test.ts", "**/node_modules/**", "dist/**"],
          // A bound on what hangs, not on what is slow: two cores may be busy.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "cluster",
          include: ["{harness,reports}/**/*.cluster.test.ts"],
          exclude: ["**/node_modules/**", "dist/**"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          // Cluster tests start after the unit tests, so that a broken build fails in seconds.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
