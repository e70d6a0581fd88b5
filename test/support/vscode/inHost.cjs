// Runs inside the extension host in place of the suite: sends what the suite prints to a file that the launcher reads,
// because the workbench mixes it with its own log, and notes that the suite came to its end.
const fs = require('node:fs');
const { format } = require('node:util');

const { VSCODE_LAUNCHER_OUT: output, VSCODE_LAUNCHER_TESTS: tests } = process.env;
const file = fs.openSync(output, 'a');

// The host has put accessors in place that ignore plain assignments.
for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
  const value = (...parts) => void fs.writeSync(file, `${format(...parts)}\n`);
  Object.defineProperty(console, level, { value, writable: true, configurable: true });
}
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (data, encoding, callback) => {
    fs.writeSync(file, data);
    (typeof encoding === 'function' ? encoding : callback)?.();
    return true;
  };
}

exports.run = async () => {
  await require(tests).run();
  // A host that is killed is reported with exit status 0, too.
  fs.writeFileSync(`${output}.ok`, '');
};
