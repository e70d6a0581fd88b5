/** Frameworks of command lines: what an action throws ends the process, unless somebody listens for that. */

/** Methods that take the action of a command as their last argument, and the import that a file with them has. */
export const actionMethods: Readonly<Record<string, RegExp>> = {
  command: /['"]yargs(?:\/\w+)?['"]/,
  action: /['"](?:commander|cac|caporal|@caporal\/core|sade)['"]/,
};

/** Classes that are commands: what they extend, the method that runs, and the import. */
export const commandClasses = {
  base: /Command$/,
  method: /^(?:run|execute)$/,
  module: /['"](?:@oclif\/[\w-]+|clipanion)['"]/,
};
