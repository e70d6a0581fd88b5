/** What a marker line claims about the line above it. Lines and columns are counted from 0, in the stripped text. */
export interface Marker {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly claim: Claim;
}

export type Claim =
  /** A finding with exactly this range. */
  | { readonly kind: 'finding'; readonly rule: string; readonly severity: string; readonly message: string }
  /** A step of some finding's witness that starts here. */
  | { readonly kind: 'step'; readonly label: string }
  /** What became of the acquisition here, for coverage. */
  | { readonly kind: 'verdict'; readonly verdict: string; readonly reason: string }
  /** A suppression comment that is itself a problem. */
  | { readonly kind: 'suppression'; readonly message: string };

export interface Markers {
  readonly text: string;
  readonly markers: readonly Marker[];
  /** Marker lines that nobody can understand. */
  readonly malformed: readonly string[];
}

const markerLine = /^(\s*\/\/\s*)(\^+)\s*(.*?)\s*$/;

/** Takes the marker lines out of a text and reads what they claim. */
export function readMarkers(source: string): Markers {
  const kept: string[] = [];
  const markers: Marker[] = [];
  const malformed: string[] = [];
  for (const line of source.split('\n')) {
    const [, before, carets, text = ''] = markerLine.exec(line) ?? [];
    if (before === undefined || carets === undefined) {
      kept.push(line);
      continue;
    }
    const claim = readClaim(text);
    const start = before.length;
    if (claim && kept.length > 0) markers.push({ line: kept.length - 1, start, end: start + carets.length, claim });
    else malformed.push(line.trim());
  }
  return { text: kept.join('\n'), markers, malformed };
}

function readClaim(text: string): Claim | undefined {
  const [, head = '', message = ''] = /^([\w -]+?)(?::\s*(.*))?$/.exec(text) ?? /^([\w -]+?):\s*(.*)$/.exec(text) ?? [];
  const [first = '', second, ...more] = head.split(/\s+/);
  if (first === '' || more.length > 0) return undefined;
  if (first === 'step' && second === undefined) return { kind: 'step', label: message };
  if (first === 'suppression' && second === undefined) return { kind: 'suppression', message };
  if (first === 'verdict' && second !== undefined) return { kind: 'verdict', verdict: second, reason: message };
  return second === undefined ? undefined : { kind: 'finding', rule: first, severity: second, message };
}
