// Runs commands and watches what they cost, children included. Linux only: it reads /proc.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;
const pageSize = 4096;

function statOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return {
      parent: Number(fields[1]),
      cpu: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
      rss: Number(fields[21]) * pageSize,
    };
  } catch {
    return undefined;
  }
}

/** CPU seconds so far and resident bytes of a process and all its descendants. */
export function treeCost(root) {
  const stats = new Map();
  for (const entry of readdirSync('/proc')) if (/^\d+$/.test(entry)) stats.set(Number(entry), statOf(entry));
  const cost = { cpu: new Map(), rss: 0 };
  const visit = (pid) => {
    const stat = stats.get(pid);
    if (stat === undefined) return;
    cost.cpu.set(pid, stat.cpu);
    cost.rss += stat.rss;
    for (const [child, other] of stats) if (other?.parent === pid) visit(child);
  };
  visit(root);
  return cost;
}

/** Runs a command to its end: what it printed, seconds of wall clock and of CPU, and the peak of resident memory in MB. */
export function run(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    const cpu = new Map();
    let peak = 0;
    const look = () => {
      const cost = treeCost(child.pid);
      for (const [pid, seconds] of cost.cpu) cpu.set(pid, seconds);
      peak = Math.max(peak, cost.rss);
    };
    const timer = setInterval(look, 25);
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(timer);
      resolve({
        status,
        stdout,
        wall: (performance.now() - started) / 1000,
        cpu: [...cpu.values()].reduce((sum, seconds) => sum + seconds, 0),
        peak: peak / 2 ** 20,
      });
    });
  });
}

/** The value below which `share` of the numbers lie. */
export function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
