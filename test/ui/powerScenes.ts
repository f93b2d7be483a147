// What a person asks about the past in VS Code: of a variable, of a line, of the whole run.
import type { WindowScenes } from "./scenes.ts";

/** In shop.py line 7 adds a price and line 8 returns; the second order has three prices of 7. */
export const power: WindowScenes = {
  title: "power",
  settings: {
    "editor.minimap.enabled": false,
    "debug.toolBarLocation": "floating",
  },
  scenes: [
    {
      name: "values stand beside the lines that work on them",
      async play(screen) {
        await screen.openPython("shop.py");
        await screen.setBreakpoint(8);
        await screen.openRecording("run.hindsight");
        await screen.seeStoppedAt(8);
        await screen.seeVariables({ result: "42" });
        await screen.seeBeside(7, "result = 42, price = 30");
        await screen.clickToolbar("Continue");
        await screen.seeVariables({ result: "21" });
        await screen.seeBeside(6, "prices = [7, 7, 7], price = 7");
        await screen.seeBeside(7, "result = 21, price = 7");
        await screen.seeBeside(14, "discount = len(prices)");
        await screen.shot("20-values-beside-lines");
      },
    },
    {
      name: "a variable's menu shows its history, and a click travels",
      async play(screen) {
        await screen.openVariableMenu("result");
        await screen.shot("21-variable-menu");
        await screen.clickMenu("Show History");
        await screen.seeResults("History of result", ["21", "14", "7", "0"]);
        await screen.shot("22-history");
        await screen.clickResult("14");
        await screen.seeStoppedAt(7);
        await screen.seeVariables({ result: "7" });
      },
    },
    {
      name: "a variable's menu says where its value came from",
      async play(screen) {
        await screen.clickToolbar("Continue");
        await screen.seeStoppedAt(8);
        await screen.openVariableMenu("prices");
        await screen.clickMenu("Where Did This Come From?");
        await screen.seeResultsBegin("Where prices came from");
        await screen.shot("23-origin");
      },
    },
    {
      name: "a watch can be asked about as well",
      async play(screen) {
        await screen.openVariableMenu("discount");
        await screen.clickMenu("Add to Watch");
        await screen.openWatchMenu("discount");
        await screen.clickMenu("Show History");
        await screen.seeResults("History of discount", ["3"]);
      },
    },
    {
      name: "a variable's menu goes to the write that made its value",
      async play(screen) {
        await screen.openVariableMenu("result");
        await screen.clickMenu("Go to the Write That Made This");
        await screen.seeStoppedAt(7);
        await screen.seeVariables({ result: "14" });
        await screen.shot("24-last-write");
      },
    },
    {
      name: "VS Code's own entry breaks when a variable changes, backward too",
      async play(screen) {
        await screen.openVariableMenu("result");
        await screen.clickMenu("Break on Value Change");
        const before = await screen.status();
        await screen.clickToolbar("Reverse");
        // The moment at which it got this value: the line before has just run.
        await screen.see("another step", true, async () => (await screen.status()) !== before);
        await screen.seeVariables({ result: "14" });
        await screen.clickToolbar("Reverse");
        await screen.seeVariables({ result: "7" });
        await screen.seeStoppedAt(7);
        await screen.shot("25-data-breakpoint");
      },
    },
    {
      name: "a line's menu lists all its executions with the calls that they belong to",
      async play(screen) {
        await screen.openEditorMenu(7, "result");
        await screen.clickMenu("Time Travel", "All Executions of This Line");
        await screen.seeResults("Executions of shop.py:7", [
          ...Array.from({ length: 2 }, () => "total(prices=[12, 30], discount=2)"),
          ...Array.from({ length: 3 }, () => "total(prices=[7, 7, 7], discount=3)"),
        ]);
        await screen.shot("26-executions");
        await screen.clickResult("total(prices=[12, 30], discount=2)");
        await screen.seeStoppedAt(7);
        await screen.seeVariables({ result: "0", price: "12" });
      },
    },
    {
      name: "the call tree follows the moment, and a click goes to a call",
      async play(screen) {
        await screen.openCallTree();
        await screen.seeCurrentCall("total(prices=[12, 30], discount=2)");
        await screen.shot("27-call-tree");
        await screen.shotOfSize("ask-the-past", 1260, 800);
        await screen.clickCall("total(prices=[7, 7, 7], discount=3)");
        await screen.seeStoppedAt(5);
        await screen.seeCurrentCall("total(prices=[7, 7, 7], discount=3)");
        await screen.clickToolbar("Step Back Out");
        await screen.seeCurrentCall("report(orders={'ada': [12, 30], 'grace': [7, 7, 7]})");
      },
    },
    {
      name: "the call tree can be searched",
      async play(screen) {
        await screen.searchCalls("total result:40");
        await screen.seeCalls(["total(prices=[12, 30], discount=2)"]);
        await screen.shot("28-call-search");
        await screen.clearCallSearch();
        await screen.seeCurrentCall("report(orders={'ada': [12, 30], 'grace': [7, 7, 7]})");
      },
    },
    {
      name: "a log point that is added to a finished run lists all that it would have said",
      async play(screen) {
        await screen.addLogPoint(7, "adding {price} to {result}");
        await screen.seeResults("Log point messages", [
          "adding 12 to 0",
          "adding 30 to 12",
          "adding 7 to 0",
          "adding 7 to 7",
          "adding 7 to 14",
        ]);
        await screen.shot("29-log-point");
        await screen.clickResult("adding 30 to 12");
        await screen.seeStoppedAt(7);
        await screen.seeVariables({ result: "12", price: "30" });
        await screen.press("Shift+F5");
        await screen.seeToolbar(false);
      },
    },
    {
      name: "a line number's menu says why a line did not run",
      async play(screen) {
        await screen.press("Control+Shift+E");
        await screen.openPython("refund.py");
        await screen.page.locator('.editor-actions [aria-label^="Time-Travel Debug Python File"]').first().click();
        await screen.seeStoppedAt(5);
        await screen.openLineMenu(6);
        await screen.shot("30-line-menu");
        await screen.clickMenu("Why Did This Line Not Run?");
        await screen.seeResultsBegin("Why did line 6 not run?");
        await screen.shot("31-why");
      },
    },
    {
      name: "the palette lists all exceptions of the run",
      async play(screen) {
        await screen.runCommand("Hindsight: Show All Exceptions");
        await screen.seeResults("Exceptions", ["KeyError('grace')"]);
        await screen.shot("32-exceptions");
        await screen.press("Shift+F5");
        await screen.seeToolbar(false);
      },
    },
  ],
};
