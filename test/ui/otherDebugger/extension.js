// The other debugger only says that it was chosen.
const vscode = require("vscode");

exports.activate = function activate(context) {
  context.subscriptions.push(
    vscode.debug.registerDebugConfigurationProvider("other-python", {
      resolveDebugConfiguration() {
        void vscode.window.showInformationMessage("The other debugger was chosen.");
        return undefined;
      },
    }),
  );
};
