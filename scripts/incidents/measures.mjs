/** The highest value that was seen of one thing. */
export function peak({ samples }, key) {
  return Math.max(0, ...samples.map((sample) => sample[key] ?? 0));
}

export function last({ samples }, key) {
  return samples.findLast((sample) => sample[key] !== undefined)?.[key] ?? 0;
}

/** How much of it there is more per second, over the last half of a run: the line that fits best. */
export function slope({ samples }, key) {
  const half = samples.slice(Math.floor(samples.length / 2));
  const mean = (of) => half.reduce((sum, sample) => sum + of(sample), 0) / half.length;
  const [at, value] = [mean((sample) => sample.at), mean((sample) => sample[key])];
  const spread = mean((sample) => (sample.at - at) ** 2);
  return spread === 0 ? 0 : (mean((sample) => (sample.at - at) * (sample[key] - value)) / spread) * 1000;
}

export const megabytes = (bytes) => Math.round(bytes / 1024 / 1024);
