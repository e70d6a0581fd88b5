import ts from 'typescript';
import type { Rewriter } from './rewriter.ts';
import type { Style } from './style.ts';
import { boundNames, declaredIn, mentionsAny } from './uses.ts';

/** Declarations that move in front of a block, because what follows it reads their names. */
export interface Hoist {
  /** The declarations without their values. */
  readonly lines: readonly string[];
  /** Turns the declarations in place into assignments. */
  apply(rewriter: Rewriter): void;
}

/** Plans to declare before a block what `inside` declares and `after` uses; `undefined` where that takes more than `let`. */
export function planHoist(
  inside: readonly ts.Statement[],
  after: readonly ts.Statement[],
  style: Style,
): Hoist | undefined {
  const wanted = inside.filter((s) => after.some((other) => mentionsAny(other, declaredIn([s]))));
  const declarations = wanted.map(singleDeclaration);
  if (declarations.some((d) => !d)) return undefined;
  const found = declarations.filter((d) => d !== undefined);
  return {
    lines: found.map(({ name, type }) => {
      const names = boundNames(name).map((n) => n.text);
      return `let ${names.join(', ')}${type ? `: ${type.getText()}` : ''}${style.end}`;
    }),
    apply(rewriter) {
      for (const { name, initializer, parent } of found) {
        if (ts.isIdentifier(name)) {
          rewriter.replace(parent.getStart(), initializer.getStart(), `${name.text} = `);
        } else {
          rewriter.replace(parent.getStart(), name.getStart(), style.end === '' ? ';(' : '(');
          rewriter.insert(initializer.end, ')');
        }
      }
    },
  };
}

function singleDeclaration(
  statement: ts.Statement,
): (ts.VariableDeclaration & { readonly initializer: ts.Expression }) | undefined {
  if (!ts.isVariableStatement(statement) || ts.getModifiers(statement)?.length) return undefined;
  const [declaration, ...others] = statement.declarationList.declarations;
  if (!declaration?.initializer || others.length > 0 || statement.declarationList.flags & ts.NodeFlags.Using)
    return undefined;
  if (ts.isArrayBindingPattern(declaration.name) || (ts.isObjectBindingPattern(declaration.name) && declaration.type))
    return undefined;
  return declaration as ts.VariableDeclaration & { readonly initializer: ts.Expression };
}
