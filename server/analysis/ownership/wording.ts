import type { Acquisition, Discharge, Duty } from '../resources/model.ts';

/** How messages speak of the resources of one duty. */
interface Wording {
  /** What never happens: "is never released". */
  readonly never: string;
  /** What does not happen on the path that follows: "is not released when …". */
  readonly missed: string;
  /** What nothing does to what is kept: "nothing releases it". */
  readonly forgotten: string;
  /** What to do about it; `release` is the call that a fix would write. */
  readonly remedy: (release: string) => string;
}

const wordings: Readonly<Record<Duty, Wording>> = {
  pooled: {
    never: 'is never released',
    missed: 'is not released',
    forgotten: 'releases',
    remedy: (release) => `call ${release} in a \`finally\` block`,
  },
  handle: {
    never: 'is never closed',
    missed: 'is not closed',
    forgotten: 'closes',
    remedy: (release) => `call ${release} in a \`finally\` block`,
  },
  transaction: {
    never: 'is neither committed nor rolled back',
    missed: 'is neither committed nor rolled back',
    forgotten: 'commits or rolls back',
    remedy: (release) => `call ${release} in a \`catch\` block and throw again`,
  },
  body: {
    never: 'is neither read nor cancelled',
    missed: 'is neither read nor cancelled',
    forgotten: 'reads or cancels',
    remedy: (release) => `call ${release} before leaving`,
  },
};

const onDisk: Wording = {
  ...wordings.handle,
  never: 'is never removed',
  missed: 'is not removed',
  forgotten: 'removes',
};

export function wordingOf({ duty, ...acquisition }: Pick<Acquisition, 'duty' | 'onDisk'>): Wording {
  return acquisition.onDisk ? onDisk : wordings[duty];
}

/** What ends the obligation, as messages write it: `release()` in backticks. */
export function releaseText({ preferred }: Acquisition): string {
  const code = codeOf(preferred);
  return code === undefined ? 'the releaser' : `\`${code}\``;
}

function codeOf(discharge: Discharge): string | undefined {
  switch (discharge.by) {
    case 'acquirer':
      return discharge.argument === undefined ? `${discharge.name}()` : `${discharge.name}(…)`;
    case 'function':
      return `${discharge.export}(…)`;
    case 'method':
      return `${discharge.name}(${discharge.statement ? `'${discharge.statement[0]?.toUpperCase()}'` : ''})`;
    case 'acquirerClose':
      return `${discharge.name}()`;
    case 'property':
      return `${discharge.name}?.cancel()`;
    case 'iteration':
      return 'for await';
    default:
      return undefined;
  }
}
