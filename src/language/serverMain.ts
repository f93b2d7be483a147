// The language server: how often did functions and lines run?
// Its program is dist/server.js, started by the extension (src/extension/languageClient.ts) with the first recording.
import {
  CodeLensRefreshRequest,
  createConnection,
  ProposedFeatures,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import type {
  ExecutionsChangedMethod,
  ExecutionsMethod,
  ExecutionsParams,
  ExecutionsResult,
} from "../protocol/languageServer.ts";
import { codeLenses, hoverAtLine } from "./executionTexts.ts";

const executions: ExecutionsMethod = "hindsight/executions";
const executionsChanged: ExecutionsChangedMethod = "hindsight/executionsChanged";

const connection = createConnection(ProposedFeatures.all);

async function countsOf(uri: string): Promise<ExecutionsResult> {
  const params: ExecutionsParams = { uri };
  return await connection.sendRequest<ExecutionsResult>(executions, params);
}

connection.onInitialize(() => ({
  capabilities: {
    // The text of a document is never needed: the extension knows which are edited.
    textDocumentSync: TextDocumentSyncKind.None,
    codeLensProvider: {},
    hoverProvider: true,
  },
}));

connection.onCodeLens(async ({ textDocument }) => {
  const counts = await countsOf(textDocument.uri);
  return counts === null ? [] : codeLenses(counts);
});

connection.onHover(async ({ textDocument, position }) => {
  const counts = await countsOf(textDocument.uri);
  return counts === null ? undefined : hoverAtLine(counts, position.line);
});

connection.onNotification(executionsChanged, async () => {
  await connection.sendRequest(CodeLensRefreshRequest.type);
});

connection.listen();
