// The chosen environment is a folder that the test names; its interpreter is known only after resolving it.
const vscode = require("vscode");

exports.activate = function activate() {
  const id = "chosen-environment";
  return {
    environments: {
      getActiveEnvironmentPath: () => ({ id, path: "/environment" }),
      resolveEnvironment: async (environment) =>
        environment.id === id
          ? { id, executable: { uri: vscode.Uri.file(process.env.HINDSIGHT_TEST_PYTHON) } }
          : undefined,
    },
  };
};
