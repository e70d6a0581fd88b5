import type ts from 'typescript';
import type { LibraryModel, ValueShape } from '../resources/model.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** What is known of a value by reading alone: imports, `new`, annotations, assignments. Never a guess. */
export type Known =
  /** Something a library's model describes. */
  | { readonly kind: 'library'; readonly model: LibraryModel; readonly shape: ValueShape }
  /** An instance of a class of the project. */
  | { readonly kind: 'instance'; readonly class: ts.ClassLikeDeclaration }
  | { readonly kind: 'class'; readonly class: ts.ClassLikeDeclaration }
  | { readonly kind: 'function'; readonly function: ts.FunctionLikeDeclaration }
  | { readonly kind: 'object'; readonly object: ts.ObjectLiteralExpression }
  /** A file of the project as a namespace. */
  | { readonly kind: 'module'; readonly unit: SourceUnit }
  /** A value of a declared type of the project. */
  | { readonly kind: 'typed'; readonly type: ts.InterfaceDeclaration | ts.TypeLiteralNode }
  /** Something callable of which only the declared result is known. */
  | { readonly kind: 'signature'; readonly returns: ts.TypeNode | undefined }
  /** An array, Map, Set or record of values of one kind. */
  | { readonly kind: 'collection'; readonly of: Known }
  | { readonly kind: 'promise'; readonly of: Known };

/** The value behind any number of promises. */
export function awaited(known: Known | undefined): Known | undefined {
  return known?.kind === 'promise' ? awaited(known.of) : known;
}

export function promised(known: Known | undefined): Known | undefined {
  return known && known.kind !== 'promise' ? { kind: 'promise', of: known } : known;
}

/** A name in a library's type graph. */
export interface LibraryType {
  readonly model: LibraryModel;
  readonly type: string;
}

/** The type graph's name of an instance of a library's type. */
export function libraryType(known: Known | undefined): LibraryType | undefined {
  return known?.kind === 'library' && 'value' in known.shape
    ? { model: known.model, type: known.shape.value }
    : undefined;
}

/** What a CommonJS module is when it is called or constructed itself: `new (require('ioredis'))()`. */
export function callable(known: Known | undefined): Known | undefined {
  if (known?.kind !== 'library' || !('namespace' in known.shape)) return known;
  const { default: shape } = known.shape.namespace;
  return shape ? { kind: 'library', model: known.model, shape } : known;
}

/** The type graph's name of a library's class itself, where its static members are described. */
export function staticsOf(known: Known | undefined): LibraryType | undefined {
  return known?.kind === 'library' && 'class' in known.shape && known.shape.statics !== undefined
    ? { model: known.model, type: known.shape.statics }
    : undefined;
}
