// Semantic diagnostics of TypeScript 6's LanguageService after each edit. Prints milliseconds as JSON.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import ts from 'typescript';
import { editsOf } from './edits.mjs';

const [, , file, count] = process.argv;
const config = ts.findConfigFile(dirname(file), ts.sys.fileExists);
const parsed = config
  ? ts.parseJsonConfigFileContent(ts.readConfigFile(config, ts.sys.readFile).config, ts.sys, dirname(config))
  : { fileNames: [file], options: {} };
const names = [...new Set([...parsed.fileNames, file])];
let version = 0;
let current = readFileSync(file, 'utf8');
const service = ts.createLanguageService({
  getScriptFileNames: () => names,
  getScriptVersion: (name) => (name === file ? String(version) : '0'),
  getScriptSnapshot: (name) => {
    const text = name === file ? current : ts.sys.readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => dirname(config ?? file),
  getCompilationSettings: () => ({ ...parsed.options, ignoreDeprecations: '6.0', noEmit: true }),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
});
service.getSemanticDiagnostics(file);
const times = [];
for (const { text } of editsOf(file, Number(count))) {
  const started = performance.now();
  current = text;
  version += 1;
  service.getSemanticDiagnostics(file);
  times.push(performance.now() - started);
}
console.log(
  JSON.stringify({
    times,
    lines: service
      .getProgram()
      .getSourceFiles()
      .reduce((sum, f) => sum + f.getLineStarts().length, 0),
  }),
);
