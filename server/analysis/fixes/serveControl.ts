import ts from 'typescript';
import type { Registration } from '../contexts/registrations.ts';
import { commandOf, registeringStatement, type SilentReload } from '../contexts/reloads.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { isAsync, someInFunction } from '../syntax/tree.ts';
import { controlServer } from './controlServer.ts';
import { Lines } from './lines.ts';
import { planModule } from './newModule.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/**
 * Offers the reload of a signal handler on a control server, too: the handler stays and runs the same function. What
 * the handler does in its `try` becomes that function where it is none yet.
 */
export function serveControl(
  file: FileAnalysis,
  registration: Registration,
  reload: SilentReload,
): FixPlan | undefined {
  const { unit } = file;
  const statement = registeringStatement(registration);
  const command = commandOf(reload);
  if (!statement || !command) return undefined;
  const server = planModule(file, controlServer, ['serveControl']);
  if (!server) return undefined;
  const style = styleOf(unit.file);
  const lines = new Lines(unit.text);
  const { newline, end } = style;
  const indent = lines.indentAt(statement.getStart());
  const rewriter = new Rewriter();
  server.addImport(rewriter);
  if (command.extracted) {
    const { handler } = reload;
    if (unit.scopes.lookup('reload', statement) || !lines.opens(statement.getStart())) return undefined;
    const block = command.extracted;
    const prefix = waits(block) || isAsync(handler) ? 'async ' : '';
    const body = deindented(
      unit.text.slice(block.getStart(), block.end),
      lines.indentAt(block.getStart()),
      indent,
      newline,
    );
    rewriter.insert(
      lines.start(statement.getStart()),
      `${indent}const reload = ${prefix}() => ${body}${end}${newline}`,
    );
    const inner = lines.indentAt(block.getStart()) + style.unit;
    const call = `${prefix === '' ? '' : 'await '}reload()${end}`;
    const last = lines.indentAt(block.getStart());
    rewriter.replace(block.getStart(), block.end, `{${newline}${inner}${call}${newline}${last}}`);
  }
  const entry = command.expression === 'reload' ? 'reload' : `reload: ${command.expression}`;
  rewriter.insert(statement.end, `${newline}${indent}serveControl({ ${entry} })${end}`);
  return {
    title: 'Offer the reload on a control server',
    safety: 'suggestion',
    edits: rewriter.edits(),
    created: server.created,
  };
}

function waits(block: ts.Block): boolean {
  return someInFunction(block, ts.isAwaitExpression);
}

function deindented(text: string, from: string, to: string, newline: string): string {
  return text
    .split(newline)
    .map((line, index) => (index > 0 && line.startsWith(from) ? to + line.slice(from.length) : line))
    .join(newline);
}
