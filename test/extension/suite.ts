// The entry point that VS Code calls: runs mocha in the extension host, fails when a test fails or none was there.
import Mocha from "mocha";
import { defineConfigurationTests } from "./configurations.ts";
import { defineCountTests } from "./counts.ts";
import { definePastTests } from "./past.ts";
import { defineTravelTests } from "./travel.ts";

/** VS Code waits for the promise; a rejection is exit code 1. */
export function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 180_000, color: false });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  defineConfigurationTests();
  defineTravelTests();
  defineCountTests();
  definePastTests();
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      const total = runner.stats?.tests ?? 0;
      if (failures > 0 || total === 0) reject(new Error(`${failures} of ${total} tests failed`));
      else resolve();
    });
  });
}
