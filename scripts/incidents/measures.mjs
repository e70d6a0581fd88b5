/** The highest value that was seen of one thing. */
export function peak({ samples }, key) {
  return Math.max(0, ...samples.map((sample) => sample[key] ?? 0));
}

export function last({ samples }, key) {
  return samples.findLast((sample) => sample[key] !== undefined)?.[key] ?? 0;
}

/** How much of it there is more per second, over the last half of a run. */
export function slope({ samples }, key) {
  const half = samples.slice(Math.floor(samples.length / 2));
  const [first, final] = [half[0], half.at(-1)];
  if (!first || !final || final.at === first.at) return 0;
  return ((final[key] - first[key]) / (final.at - first.at)) * 1000;
}

export const megabytes = (bytes) => Math.round(bytes / 1024 / 1024);
