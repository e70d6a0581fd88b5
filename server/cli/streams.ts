/** The process' output. Everything that Leakproof prints goes through here. */
export interface Streams {
  /** Findings, and what a command was asked to print. */
  out(text: string): void;
  /** Everything else. */
  err(text: string): void;
}

/**
 * Opens standard output and error. A reader that went away (`| head -1`) ends the writing, not the run: the exit status
 * stays what it would have been.
 */
export function openStreams(): Streams {
  return { out: writer(process.stdout), err: writer(process.stderr) };
}

function writer(stream: NodeJS.WriteStream): (text: string) => void {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') process.exitCode = 2;
  });
  return (text) => {
    if (!closed && text !== '') stream.write(text);
  };
}
