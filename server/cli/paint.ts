import { styleText } from 'node:util';

export type ColorMode = 'auto' | 'always' | 'never';
/** One style: Node 20 colours lists of them even where the stream wants no colours. */
export type Style = Exclude<Parameters<typeof styleText>[0], readonly unknown[]>;

/** Puts a style around a text, or leaves it alone where colours are not wanted. */
export type Paint = (style: Style, text: string) => string;

/** @param stream Where the text goes: `auto` asks it, and NO_COLOR and FORCE_COLOR. `undefined` stands for a file. */
export function createPaint(mode: ColorMode, stream: NodeJS.WriteStream | undefined): Paint {
  if (mode === 'never' || (mode === 'auto' && stream === undefined)) return (_style, text) => text;
  if (mode === 'always' || stream === undefined) {
    return (style, text) => styleText(style, text, { validateStream: false });
  }
  return (style, text) => styleText(style, text, { stream });
}

/** Makes control characters visible: what comes from a file must not command the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\uFFFD';
  });
}
