/** What `--help` prints. Written by hand: an order that explains beats one that a parser can derive. */
export const helpText = `Leakproof finds resource leaks in JavaScript and TypeScript, shows the path on which they happen,
and repairs them.

Usage
  leakproof check <paths…>        check files, directories and globs
  leakproof explain <rule>        what a rule reports, why, and how to repair it; also --explain <rule>
  leakproof add health [<dir>]    write a module with /healthz and /metrics into your project, and alerts
  leakproof lsp --stdio           the language server, for editors

Repairing
  --fix                           apply the fixes that keep behaviour
  --fix-suggestions               apply the other ones too; read the diff
  --fix-dry-run                   print the fixes as a patch, change nothing

Output
  -f, --format <name>[=<file>]    stylish (default), json, unix, agent; may be repeated, all but one with a file
  -q, --quiet                     errors only
  --color <auto|always|never>
  --no-progress                   no progress line (there is none unless a terminal watches)
  --no-timing                     leave durations out, so that two runs give the same bytes
  --timings                       say where the time went

What counts
  --severity <level>              the least severity that makes the exit status 1: error, warning (default), info
  --max-warnings <n>              only errors and more than n warnings make it 1
  --report-unused-suppressions[=<error|warn|off>]
                                  comments that suppress nothing (default: warn; without a value: error)

Which files
  --stdin-filename <path>         read the text from standard input and check it as that file
  --no-gitignore                  check what Git ignores, too
  --no-error-on-unmatched         a path that matches nothing is no error

Configuration
  -c, --config <file>             use this file in place of the leakproof.jsonc nearest to each checked file
  --preset <recommended|strict>
  --types <auto|off|required>     whether to ask the type checker
  --print-config <file>           what applies to a file, and where each value comes from
  --init                          create leakproof.jsonc here
  --rules                         list the rules; as JSON with --format json

  -h, --help   -v, --version

Exit status
  0  nothing at or above the threshold
  1  findings
  2  Leakproof could not do its work: usage, broken configuration, a named path that failed or matches nothing

Environment
  NO_COLOR, FORCE_COLOR           as everywhere
  LEAKPROOF_DEBUG=1               print stacks of internal errors
`;
