// Unit, property and protocol tests. The suites in a real VS Code have runners of their own (test:extension, test:ui).
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/extension/**", "test/ui/**", "test/out/**", "node_modules/**"],
    passWithNoTests: false,
    // Real interpreters are started; the machines that run this have two cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Compiled Python modules are kept, whatever the machine says: many programs are recorded.
    env: { PYTHONDONTWRITEBYTECODE: "" },
  },
});
